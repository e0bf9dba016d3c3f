import { postJson } from "../harness/json-http.ts";
import { withTimeLimit } from "../harness/time-limit.ts";
import type { PaymentState } from "./provider-protocol.ts";

/** What the shop knows after a request. `unclear`: no answer in time, or an error, so nobody knows what happened. */
export type ProviderAnswer = PaymentState | "unclear";

const OTHER_AMOUNT = 422;

/** The payment provider and the mail server, as the shop sees them. */
export class Provider {
  readonly #url: string;
  readonly #limitMs: number;

  /** @param limitMs how long one request may take. In production, 2 s or more. */
  constructor(url: string, limitMs: number) {
    this.#url = url;
    this.#limitMs = limitMs;
  }

  /** @throws Error if the key was used with another amount, because that is a mistake in the shop. */
  charge(key: string, amount: number, signal: AbortSignal): Promise<ProviderAnswer> {
    return this.#ask("/charge", { key, amount }, signal);
  }

  /** Refunds the charge of this key, or bars the key for ever. */
  void(key: string, signal: AbortSignal): Promise<ProviderAnswer> {
    return this.#ask("/void", { key }, signal);
  }

  find(key: string, signal: AbortSignal): Promise<ProviderAnswer> {
    return this.#ask("/find", { key }, signal);
  }

  /** Sends a mail. The mail server keeps the id, so a repeated mail can be recognized. Returns whether it was accepted. */
  async sendMail(id: string, signal: AbortSignal): Promise<boolean> {
    return (await this.#ask("/mail", { id }, signal)) !== "unclear";
  }

  async #ask(path: string, body: unknown, signal: AbortSignal): Promise<ProviderAnswer> {
    const answer = await withTimeLimit(this.#limitMs, signal, (limit) =>
      postJson(`${this.#url}${path}`, body, limit),
    ).catch(() => undefined);
    if (answer?.status === OTHER_AMOUNT)
      throw new Error(
        `${path}: the provider refuses ${JSON.stringify(body)}, because the amount has changed`,
      );
    return answer?.status === 200 ? (answer.body as { state: PaymentState }).state : "unclear";
  }
}
