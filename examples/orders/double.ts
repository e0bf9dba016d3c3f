// The payment provider and the mail server, with a ledger of their own. They are slow, silent and late, as real ones are.
import { setTimeout as sleep } from "node:timers/promises";
import { type Answer, serveJson } from "../harness/json-http.ts";
import { Random } from "../harness/random.ts";
import { runWorker, say } from "../harness/worker.ts";
import type { LedgerEntry, PaymentState, ProviderLedger } from "./provider-protocol.ts";
import type { ProviderTask } from "./task.ts";

const SLOW_MS = 100;

/** How a payment goes, drawn for each key. */
const MANNERS = [
  ...Array.from({ length: 30 }, () => "prompt" as const),
  ...Array.from({ length: 4 }, () => "declined" as const),
  ...Array.from({ length: 3 }, () => "slow" as const),
  ...Array.from({ length: 3 }, () => "fails before charging" as const),
  ...Array.from({ length: 4 }, () => "charges, answer lost" as const),
  ...Array.from({ length: 2 }, () => "charges late" as const),
  ...Array.from({ length: 2 }, () => "never answers, charges late" as const),
  ...Array.from({ length: 2 }, () => "never answers, charges nothing" as const),
];

interface Request {
  readonly key: string;
  readonly amount: number;
}

await runWorker<ProviderTask>(async ({ task, seed, signal }) => {
  const entries: LedgerEntry[] = [];
  const mails: string[] = [];
  const states = new Map<string, { state: PaymentState; amount: number }>();
  const tries = new Map<string, number>();

  await using server = await serveJson(async (path, body) => {
    switch (path) {
      case "/charge":
        return charge(body as Request);
      case "/void":
        return voidPayment((body as Request).key);
      case "/find":
        return { status: 200, body: { state: states.get((body as Request).key)?.state ?? "unknown" } };
      case "/mail":
        mails.push((body as { id: string }).id);
        return { status: 200, body: { state: "unknown" } };
      default: {
        const ledger: ProviderLedger = { entries, mails };
        return { status: 200, body: ledger };
      }
    }
  });
  say("listening", { url: server.url });
  await new Promise((resolve) => signal.addEventListener("abort", resolve));

  async function charge({ key, amount }: Request): Promise<Answer> {
    const attempt = (tries.get(key) ?? 0) + 1;
    tries.set(key, attempt);
    const random = new Random(seed + hash(key));
    const isFirst = attempt === 1;
    switch (random.pick(MANNERS)) {
      case "prompt":
        return chargeNow(key, amount);
      case "declined":
        if (!states.has(key)) states.set(key, { state: "declined", amount });
        return answerOf(key, amount);
      case "slow":
        await sleep(SLOW_MS);
        return chargeNow(key, amount);
      case "fails before charging":
        return isFirst ? { status: 503, body: { error: "try again" } } : chargeNow(key, amount);
      case "charges, answer lost": {
        const answer = chargeNow(key, amount);
        if (isFirst) await sleep(task.lateMs);
        return answer;
      }
      case "charges late":
        if (attempt <= 2) await sleep(task.lateMs);
        return chargeNow(key, amount);
      case "never answers, charges late":
        // The last of these requests is carried out after the caller has given up, and perhaps after its `void`.
        await sleep(task.lateMs);
        if (attempt >= 3) chargeNow(key, amount);
        return never();
      case "never answers, charges nothing":
        return never();
    }
  }

  function chargeNow(key: string, amount: number): Answer {
    if (!states.has(key)) {
      states.set(key, { state: "charged", amount });
      entries.push({ kind: "charge", key, amount });
    }
    return answerOf(key, amount);
  }

  /** Refunds a charge. Without a charge, it bars the key for ever: a charge that comes later is refused. */
  async function voidPayment(key: string): Promise<Answer> {
    const known = states.get(key);
    if (known?.state === "charged") entries.push({ kind: "refund", key, amount: known.amount });
    states.set(key, { state: "voided", amount: known?.amount ?? 0 });
    const attempt = (tries.get(`void ${key}`) ?? 0) + 1;
    tries.set(`void ${key}`, attempt);
    // One in five first answers is lost.
    if (attempt === 1 && hash(key) % 5 === 0) await sleep(task.lateMs);
    return { status: 200, body: { state: "voided" } };
  }

  function answerOf(key: string, amount: number): Answer {
    const known = states.get(key);
    if (known?.state === "charged" && known.amount !== amount)
      return { status: 422, body: { error: "the key was used with another amount" } };
    return { status: 200, body: { state: known?.state ?? "unknown" } };
  }
});

/** Holds the request until the caller gives up. */
function never(): Promise<Answer> {
  return new Promise(() => undefined);
}

function hash(text: string): number {
  let value = 7;
  for (const character of text) value = (value * 31 + (character.codePointAt(0) ?? 0)) % 1_000_000_007;
  return value;
}
