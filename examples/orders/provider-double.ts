import { setTimeout as sleep } from "node:timers/promises";
import { type Answer, serveJson } from "../harness/json-http.ts";
import { PaymentBook } from "./payment-book.ts";
import type { LedgerRequest, ProviderLedger } from "./provider-protocol.ts";

/** What the provider does with a payment. */
export type Manner =
  | "prompt"
  | "declined"
  | "fails before charging"
  | "charges, answer lost"
  | "charges late"
  | "never answers, charges late"
  | "never answers, charges nothing";

/** The shop tries so many times. A request that is carried out after the last of them is the most dangerous one. */
const LAST_TRY = 5;
const VOID_LOSES_ONE_OF = 5;

export interface ProviderOptions {
  /** How each payment goes once faults are switched on. Before that, all are prompt. */
  readonly mannerOf: (key: string) => Manner;
  /** How long a payment usually takes, in ms. */
  readonly promptMs: number;
  /** How late late answers are, in ms. More than the time limit of the shop. */
  readonly lateMs: number;
}

interface Request {
  readonly key: string;
  readonly amount: number;
}

/** The payment provider and the mail server, with a ledger of their own. They are slow, silent and late, as real ones are. */
export async function serveProvider(
  options: ProviderOptions,
): Promise<AsyncDisposable & { readonly url: string }> {
  const { promptMs, lateMs } = options;
  const book = new PaymentBook();
  const mails: string[] = [];
  const tries = new Map<string, number>();
  let hasFaults = false;

  const server = await serveJson(async (path, body) => {
    switch (path) {
      case "/charge":
        return charge(body as Request);
      case "/void":
        return voidPayment((body as Request).key);
      case "/find":
        return stateAnswer(book.find((body as Request).key));
      case "/mail":
        mails.push((body as { id: string }).id);
        return stateAnswer("unknown");
      case "/ledger": {
        const { entriesFrom, mailsFrom } = body as LedgerRequest;
        const news: ProviderLedger = {
          entries: book.entries.slice(entriesFrom),
          mails: mails.slice(mailsFrom),
        };
        return { status: 200, body: news };
      }
      case "/faults":
        hasFaults = true;
        return { status: 200, body: {} };
      default:
        return { status: 404, body: { error: `${path} is unknown` } };
    }
  });
  return server;

  async function charge({ key, amount }: Request): Promise<Answer> {
    const attempt = countTry(`charge ${key}`);
    const isFirst = attempt === 1;
    const manner = hasFaults ? options.mannerOf(key) : "prompt";
    const chargeNow = (): Answer => stateAnswer(book.charge(key, amount));
    switch (manner) {
      case "prompt":
        return chargeInTime();
      case "declined":
        await sleep(promptMs);
        return stateAnswer(book.decline(key, amount));
      case "fails before charging":
        return isFirst ? { status: 503, body: { error: "try again" } } : chargeInTime();
      case "charges, answer lost": {
        const answer = chargeNow();
        if (isFirst) await sleep(lateMs);
        return answer;
      }
      case "charges late":
        if (attempt <= 2) await sleep(lateMs);
        return chargeNow();
      case "never answers, charges late":
        // Late by so much that it comes shortly before the `void` of the shop, or shortly after.
        if (attempt < LAST_TRY) return never();
        await sleep(lateMs * (0.6 + (0.4 * (hashOf(key) % 100)) / 100));
        chargeNow();
        return never();
      case "never answers, charges nothing":
        return never();
    }

    /** The answer needs some time after the charge, too. */
    async function chargeInTime(): Promise<Answer> {
      await sleep(promptMs / 2);
      const answer = chargeNow();
      await sleep(promptMs / 2);
      return answer;
    }
  }

  async function voidPayment(key: string): Promise<Answer> {
    const isFirst = countTry(`void ${key}`) === 1;
    const answer = stateAnswer(book.void(key));
    if (isFirst && hashOf(key) % VOID_LOSES_ONE_OF === 0) await sleep(lateMs);
    return answer;
  }

  function countTry(what: string): number {
    const attempt = (tries.get(what) ?? 0) + 1;
    tries.set(what, attempt);
    return attempt;
  }
}

function stateAnswer(state: string): Answer {
  return state === "other amount"
    ? { status: 422, body: { error: "the key was used with another amount" } }
    : { status: 200, body: { state } };
}

/** Holds the request until the caller gives up. */
function never(): Promise<Answer> {
  return new Promise(() => undefined);
}

/** A number from a text, the same in every run. */
export function hashOf(text: string): number {
  let value = 7;
  for (const character of text) value = (value * 31 + (character.codePointAt(0) ?? 0)) % 1_000_000_007;
  return value;
}
