import fc from "fast-check";
import { keySpaceOf, type SlotKeys } from "../../src/operations/keys.ts";
import type { Request } from "../../src/operations/request.ts";
import type { State } from "./typed-store.ts";

/** What the histories of all kinds have in common. A: one request. K: which key of a name. */
export type Step<A, K extends string> =
  /** One request, which takes the short way through the script where there is one, or several in one call. */
  | { readonly kind: "ask"; readonly asks: readonly A[] }
  /** Somebody writes keys past all rules. */
  | {
      readonly kind: "write";
      readonly key: K;
      readonly names: readonly string[];
      readonly type: "string" | "hash";
      readonly value: string;
      readonly lastingMs: number;
    }
  | { readonly kind: "delete"; readonly key: K; readonly name: string }
  /** Time passes: until so many ms after the first key that expires soon does. */
  | { readonly kind: "pass"; readonly afterMs: number };

/** How the steps of a history become requests and keys. */
export interface Language<A, K extends string> {
  readonly requestOf: (asked: A, state: State) => Request;
  readonly keyOf: (of: K, resource: string) => string;
}

export const PREFIX = "lock:";

/** A moment that no history reaches, as lines have it. */
export const FAR = "99999999999999";

/** Those that expire while the history goes on, and those that stay. */
export const someTtlMs = fc.oneof(
  { weight: 2, arbitrary: fc.integer({ min: 1, max: 6 }) },
  { weight: 5, arbitrary: fc.integer({ min: 1_000_000, max: 1_000_003 }) },
);

export const somePass = fc.record({
  kind: fc.constant("pass" as const),
  afterMs: fc.integer({ min: -1, max: 2 }),
});

const KEY_TYPES = ["string", "string", "string", "hash"] as const;

/** Writes a key past all rules. `types`: those that the key gets, the usual one more often. */
export function someWrite<K extends string>(
  keys: fc.Arbitrary<K>,
  names: fc.Arbitrary<readonly string[]>,
  values: Readonly<Record<K, fc.Arbitrary<string>>>,
  types: (of: K) => readonly ("string" | "hash")[] = () => KEY_TYPES,
) {
  return keys.chain((of) =>
    fc.record({
      kind: fc.constant("write" as const),
      key: fc.constant(of),
      names,
      type: fc.constantFrom(...types(of)),
      value: values[of],
      // A counter never expires. The fast path keeps an expiry that another program gives it, and the general path does not.
      lastingMs:
        of === "fence" || of === "marker"
          ? fc.constant(Infinity)
          : fc.oneof(fc.constant(Infinity), fc.integer({ min: 1, max: 6 }), fc.constant(500_000)),
    }),
  );
}

/** The marker of a server that remembers everything. */
export const COMPLETE = "complete run replication id first-use 1000";

/** Most servers have a marker. The first step of most histories writes it. */
export const USED = {
  kind: "write",
  key: "marker",
  names: ["a"],
  type: "string",
  value: COMPLETE,
  lastingMs: Infinity,
} as const;

/** A fencing token that is `ahead` of a counter, so that it is sometimes behind. */
export function fenceNear(counterKey: string, state: State, ahead: number): number {
  const fence = Number(state[counterKey]?.value ?? 1_000) + ahead;
  return Number.isSafeInteger(fence) ? Math.max(1, fence) : 1_000;
}

/**
 * A ticket that is `ahead` of the first score in a line. If it is proposed, it is below 0, and its size is near the largest ticket of the
 * line. 0, which is no ticket, if `ahead` is 0 or nobody is in line.
 */
export function ticketNear(lineKey: string, state: State, ahead: number, isProposed: boolean): number {
  const [, , latest = NaN, first = NaN] = state[lineKey]?.value.split(/[; ]/).map(Number) ?? [];
  const ticket = isProposed ? -(latest + ahead) : Math.max(0, first + ahead);
  return ahead === 0 || !Number.isFinite(ticket) ? 0 : ticket;
}

/** The slots of a token, so that many requests of a history name what it holds. */
export function slotsHeldBy(token: string, name: string, state: State): string | undefined {
  const keys = keySpaceOf(PREFIX);
  const [, slots, newest] = /:([\d -]*):(.*)$/.exec(state[keys.lock(name)]?.value ?? "") ?? [];
  if (newest === token) return slots;
  const entry = state[keys.beside(name, ["held"])[0]!];
  if (entry?.type !== "hash") return undefined;
  const pair = entry.value.split(";").find((each) => each.startsWith(`${token}=`));
  return pair?.slice(token.length + 1);
}

export function slotKeysOf(name: string): SlotKeys {
  const keys = keySpaceOf(PREFIX);
  return { fence: keys.fence(name), sizes: keys.sizes(name) };
}
