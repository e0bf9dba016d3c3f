import fc from "fast-check";
import { counters, FIRST_PAGE } from "../../src/operations/counters.ts";
import { identify } from "../../src/operations/identify.ts";
import { resourceKeys } from "../../src/operations/keys.ts";
import { mutex } from "../../src/operations/mutex.ts";
import { type Request, request } from "../../src/operations/request.ts";
import type { State } from "./typed-store.ts";

const NAMES = ["a", "b", "c"] as const;
export const PREFIX = "lock:";
const WEEK_MS = 604_800_000;

export interface Ask {
  readonly operation:
    | "acquire"
    | "extend"
    | "raise"
    | "release"
    | "leave"
    | "identify"
    | "read"
    | "carry"
    | "unknown";
  readonly names: readonly string[];
  readonly token: string;
  readonly ttlMs: number;
  /** Of extend and raise: how far the fencing token is from the counter of the first name. */
  readonly ahead: number;
  /** Of extend: whether it takes what a later grant left, and whether it tells those who wait. */
  readonly settles: boolean;
  readonly shortens: boolean;
  /** Of acquire: whether another holder hands over. */
  readonly replaces: string | undefined;
  /** Of acquire and leave: who waits. */
  readonly client: string | undefined;
}

/** Which key of a name. */
type Key = "lock" | "fence" | "wake";

export type Step =
  /** One request, which takes the short way through the script where there is one, or several in one call. */
  | { readonly kind: "ask"; readonly asks: readonly Ask[] }
  /** Somebody writes keys past all rules. */
  | {
      readonly kind: "write";
      readonly key: Key;
      readonly names: readonly string[];
      readonly type: "string" | "hash";
      readonly value: string;
      readonly lastingMs: number;
    }
  | { readonly kind: "delete"; readonly key: Key; readonly name: string }
  /** Time passes: until so many ms after the first key that expires soon does. */
  | { readonly kind: "pass"; readonly afterMs: number };

const name = fc.constantFrom(...NAMES);
const someNames = fc.oneof(
  name.map((only) => [only]),
  fc.shuffledSubarray([...NAMES], { minLength: 2 }),
);
const key = fc.constantFrom<Key[]>("lock", "lock", "lock", "fence", "fence", "wake");
/** Those that expire while the history goes on, those that stay, and one whose double is longer than a counter's week. */
const ttlMs = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: 1, max: 6 }) },
  { weight: 3, arbitrary: fc.integer({ min: 1_000_000, max: 1_000_003 }) },
  { weight: 1, arbitrary: fc.constantFrom(WEEK_MS / 2 - 1, WEEK_MS / 2, WEEK_MS, 99_999_999, 100_000_000) },
);

const ask: fc.Arbitrary<Ask> = fc.record({
  operation: fc.constantFrom(
    ...([
      "acquire",
      "acquire",
      "acquire",
      "extend",
      "extend",
      "raise",
      "release",
      "release",
      "leave",
    ] as const),
    ...(["identify", "read", "carry", "unknown"] as const),
  ),
  names: someNames,
  token: fc.constantFrom("t1", "t2", "t3"),
  ttlMs,
  ahead: fc.integer({ min: -3, max: 3 }),
  settles: fc.boolean(),
  shortens: fc.boolean(),
  replaces: fc.constantFrom(undefined, undefined, "t1", "t2", "t3"),
  client: fc.constantFrom(undefined, undefined, "c1", "c2", "c3"),
});

/** Holders that are ours, and foreign ones: each name then has another. */
const lockValue = fc.constantFrom("t1", "t2", "foreign", "foreign", "");
/** Counters as they are, as they should never be, and what is none. */
const fenceValue = fc.oneof(
  fc.integer({ min: 2, max: 1_000 }).map(String),
  fc.constantFrom("0", "1", "-1", "-7", "-9223372036854775808", `-${"1".repeat(400)}`),
  fc.constantFrom("007", " 12 ", "1.5", "1e3", "0x10", "0b1", "inf", "nan", "Infinity", "", "x"),
  fc.constantFrom("8999999999999998", "8999999999999999", "9000000000000000", "9007199254740993"),
  fc.constantFrom("9223372036854775807", "9223372036854775808", "1".repeat(400)),
);

/** Lines as they are, with all that Lua takes for space, one that is full, and what is none. */
const lineValue = fc.oneof(
  fc.constantFrom("c1", "c2 c1", "other c3", "c1\tc2\nc3", " c2  c1\r", "\v\f", ""),
  fc.constantFrom(767, 768).map((length) => "x".repeat(length)),
);

const values: Readonly<Record<Key, fc.Arbitrary<string>>> = {
  lock: lockValue,
  fence: fenceValue,
  wake: lineValue,
};

const write = key.chain((of) =>
  fc.record({
    kind: fc.constant("write" as const),
    key: fc.constant(of),
    names: someNames,
    type: fc.constantFrom("string" as const, "string" as const, "string" as const, "hash" as const),
    value: values[of],
    lastingMs: fc.oneof(fc.constant(Infinity), fc.integer({ min: 1, max: 6 }), fc.constant(500_000)),
  }),
);

/** Requests of one kind, as the callers of one tick make them. */
function run([first, others]: readonly [Ask, readonly Ask[]]): readonly Ask[] {
  const { operation, ttlMs: ttl, client, settles, shortens } = first;
  return [first, ...others].map((other) => ({
    ...other,
    operation,
    names: other.names.slice(0, 1),
    ttlMs: ttl,
    client,
    settles,
    shortens,
  }));
}

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      kind: fc.constant("ask" as const),
      asks: fc.array(ask, { minLength: 1, maxLength: 1 }),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant("ask" as const),
      asks: fc.array(ask, { minLength: 2, maxLength: 4 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant("ask" as const), asks: fc.tuple(ask, fc.array(ask)).map(run) }),
  },
  { weight: 6, arbitrary: write },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("delete" as const), key, name }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant("pass" as const), afterMs: fc.integer({ min: -1, max: 2 }) }),
  },
);

export const twinHistory: fc.Arbitrary<readonly Step[]> = fc.array(step, {
  minLength: 5,
  maxLength: 50,
  size: "max",
});

export function keyOf(of: Key, resource: string): string {
  return resourceKeys(PREFIX, resource)[of];
}

/** What is asked of both: the fencing token is chosen from what stands, so that it is sometimes behind and sometimes not. */
export function requestOf(asked: Ask, state: State): Request {
  const { operation, names, token, ttlMs: ttl, ahead, settles, shortens, replaces, client } = asked;
  const keys = names.map((resource) => resourceKeys(PREFIX, resource));
  const counter = Number(state[keys[0]!.fence]?.value ?? 1_000);
  const fence = Number.isSafeInteger(counter + ahead) ? Math.max(1, counter + ahead) : 1_000;
  const held = { withdrawn: false };
  switch (operation) {
    case "acquire":
      // Nobody hands over to itself.
      return replaces === undefined || replaces === token
        ? mutex.acquire(keys, token, ttl, held, client)
        : mutex.take(keys, token, replaces, ttl, held, client);
    case "extend":
      return mutex.extend(keys, token, ttl, fence, held, { settles, shortens });
    case "raise":
      return mutex.raise(keys, token, ttl, fence, held);
    case "release":
      return mutex.release(keys, token, client);
    case "read":
      return counters.read(PREFIX, FIRST_PAGE);
    case "carry":
      // Keys of names with a hash tag begin otherwise.
      return counters.raise(PREFIX, [
        ...names.map((resource) => ({ beginning: "2", rest: `${resource}}:fence`, fence: String(fence) })),
        { beginning: "1", rest: "{tagged}:fence", fence: String(fence) },
      ]);
    case "leave":
      return mutex.leave(keys, client ?? "c1");
    case "identify":
      return identify(PREFIX);
    case "unknown":
      return request("mutex.unknown", [keys[0]!.lock], 1, [token]);
  }
}
