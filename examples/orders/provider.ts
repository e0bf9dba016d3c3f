import { postJson } from "../harness/json-http.ts";
import type { PaymentState } from "./provider-protocol.ts";

/** The payment provider, as the shop sees it. `unclear`: no answer in time, or an error, so nobody knows what happened. */
export class Provider {
  readonly #url: string;
  readonly #limitMs: number;

  /** @param limitMs how long one request may take. In production, some seconds. */
  constructor(url: string, limitMs: number) {
    this.#url = url;
    this.#limitMs = limitMs;
  }

  charge(key: string, amount: number, signal: AbortSignal): Promise<PaymentState | "unclear"> {
    return this.#ask("/charge", { key, amount }, signal);
  }

  void(key: string, signal: AbortSignal): Promise<PaymentState | "unclear"> {
    return this.#ask("/void", { key }, signal);
  }

  find(key: string, signal: AbortSignal): Promise<PaymentState | "unclear"> {
    return this.#ask("/find", { key }, signal);
  }

  /** Sends a mail. The mail server keeps the id, so a repeated mail can be recognized. Returns whether it was accepted. */
  async sendMail(id: string, signal: AbortSignal): Promise<boolean> {
    return (await this.#ask("/mail", { id }, signal)) !== "unclear";
  }

  async #ask(path: string, body: unknown, signal: AbortSignal): Promise<PaymentState | "unclear"> {
    try {
      const limit = AbortSignal.any([signal, AbortSignal.timeout(this.#limitMs)]);
      const answer = await postJson(`${this.#url}${path}`, body, limit);
      return answer.status === 200 ? (answer.body as { state: PaymentState }).state : "unclear";
    } catch {
      return "unclear";
    }
  }
}
