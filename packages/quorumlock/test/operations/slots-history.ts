import fc from "fast-check";
import { counters } from "../../src/operations/counters.ts";
import { keySpaceOf } from "../../src/operations/keys.ts";
import { lockInMode, modesKind } from "../../src/operations/modes.ts";
import { mutexKind } from "../../src/operations/mutex.ts";
import type { Request } from "../../src/operations/request.ts";
import { countPermits, resizePermits, slotsKind } from "../../src/operations/slots.ts";
import type { SlotsTarget } from "../../src/operations/slots-target.ts";
import {
  FAR,
  fenceNear,
  type Language,
  PREFIX,
  slotKeysOf,
  slotsHeldBy,
  somePass,
  someTtlMs,
  someWrite,
  type Step,
  ticketNear,
  USED,
} from "./history-steps.ts";
import type { State } from "./typed-store.ts";

/** Histories of permits, beside plain locks and readers of the same names. */

const NAMES = ["a", "{x}b"] as const;

export interface SlotsAsk {
  readonly operation:
    | "acquire"
    | "settle"
    | "extend"
    | "take over"
    | "commit"
    | "release"
    | "leave"
    | "count"
    | "query"
    | "renew"
    | "resize"
    | "read"
    | "carry"
    | "restore"
    | "plain acquire"
    | "plain release"
    | "reader";
  readonly name: (typeof NAMES)[number];
  readonly token: string;
  readonly former: readonly string[];
  readonly permits: number;
  readonly total: number;
  readonly ttlMs: number;
  /** How far the fencing token is from the counter, and the ticket from the first score in line. */
  readonly ahead: number;
  /** Whether the ticket is proposed. */
  readonly isProposed: boolean;
  readonly prefer: string;
  readonly slots: string;
  readonly client: string | undefined;
}

export type SlotsKey = "lock" | "fence" | "held" | "due" | "counters" | "sizes" | "line" | "wake" | "marker";
export type SlotsStep = Step<SlotsAsk, SlotsKey>;

const TOKENS = ["0000a1000003@x", "0f00b2000001@x", "t3", "ffffffffffff@y"] as const;

const ask: fc.Arbitrary<SlotsAsk> = fc.record({
  operation: fc.constantFrom(
    ...(["acquire", "acquire", "acquire", "acquire", "acquire", "acquire", "acquire"] as const),
    ...(["settle", "settle", "extend", "extend", "take over", "commit", "commit"] as const),
    ...(["release", "release", "release", "leave", "count", "resize"] as const),
    ...(["resize", "read", "carry", "restore", "query", "query", "renew", "renew"] as const),
    ...(["plain acquire", "plain release", "reader"] as const),
  ),
  name: fc.constantFrom("a", "a", "a", "{x}b"),
  token: fc.constantFrom(...TOKENS),
  former: fc.shuffledSubarray([...TOKENS], { minLength: 1, maxLength: 2 }),
  permits: fc.constantFrom(1, 1, 1, 2, 3, 7),
  total: fc.constantFrom(3, 3, 3, 4, 6, 200),
  ttlMs: someTtlMs,
  ahead: fc.integer({ min: -2, max: 2 }),
  isProposed: fc.boolean(),
  prefer: fc.constantFrom("", "", "1", "2 0", "1-2", "5-9 0", "4000"),
  slots: fc.constantFrom("0", "1", "2", "0-1", "0 2", "5", "100-120"),
  client: fc.constantFrom(undefined, "c1.1", "c2.1", "c3.1"),
});

/** A request as the fast path takes it: nobody waits, and the number of permits stays. */
const calmAsk: fc.Arbitrary<SlotsAsk> = fc
  .tuple(
    ask,
    fc.constantFrom(...(["acquire", "acquire", "acquire", "extend", "release", "release"] as const)),
    fc.constantFrom(true, false, false, false, false, false),
  )
  .map(([any, operation, isAny]) => ({
    ...any,
    operation: isAny ? any.operation : operation,
    name: "a",
    permits: Math.min(any.permits, 3),
    total: any.total === 4 ? 6 : 100,
    ahead: Math.min(0, any.ahead),
    prefer: "",
    client: undefined,
  }));

const values: Readonly<Record<SlotsKey, fc.Arbitrary<string>>> = {
  lock: fc.constantFrom(
    "foreign",
    "~s",
    "~p",
    "~p 0 0 0 01 @900000:1:t3",
    "~p 0 0 0 1101 @1000001:0-1 3:0000a1000003@x",
  ),
  // The counters of slots are below the first two multiples of the grain, so these raise them.
  fence: fc.constantFrom("2", "77", "0", "x", "16384", "40000", "8999999999999998", "8999999999999999"),
  held: fc.constant("text"),
  due: fc.constant("text"),
  counters: fc.constantFrom("x", `${"id".padEnd(32)}0000000000000777`, `${"old".padEnd(32)}0000000000000777`),
  sizes: fc.constantFrom(
    "lock:a=5 2 @0",
    "lock:a=6 4 @5;lock:{x}b=4 9 @0;~=@0",
    // Not used for more than a day, and for more than eight days.
    "lock:a=6 4 @-86400001;lock:gone=6 4 @-777600001;~=@-86400001",
    "lock:a=6 4 @-777600001;lock:other=6 4 @-691200001;~=@0",
    "lock:a=5 x @0;lock:gone=5;~=x",
  ),
  line: fc.constantFrom(
    `${FAR} ${FAR} 5;5 c1.1 1 ${FAR} 0 5`,
    `0 ${FAR} 5;5 c1.1 2 ${FAR} 1000 5`,
    `${FAR} ${FAR} 7;5 c1.1 1 ${FAR} 0 5;6 c2.1 1 ${FAR} 0 6;7 c3.1 2 ${FAR} 0 7`,
    `${FAR} ${FAR} 6;5 c1.1 3 ${FAR} 0 5;6 c2.1 X ${FAR} 0 6;6 c3.1 1 ${FAR} 0 6`,
    `1001 ${FAR} 6;5 c1.1 1 1000 0 5;6 c2.1 9999 ${FAR} 0 6`,
    // The first waiter was named, and its client has sent nothing since, or something.
    "@-19 @2950 7;5 c1.1 1 @2900 @-70 5;6 c1.2 1 @2920 0 6;7 c2.1 1 @2950 0 7",
    "@-19 @2990 7;5 c1.1 1 @2900 @-70 5;6 c1.2 2 @2990 0 6;7 c2.1 1 @2950 0 7",
    "x",
  ),
  wake: fc.constantFrom("c1", "c2 other"),
  marker: fc.constantFrom("lost 5", "complete - - id file 7", "complete - - id2 file 9", ""),
};

const key = fc.constantFrom<SlotsKey[]>(
  ...(["lock", "fence", "held", "due", "counters", "sizes", "wake", "marker"] as const),
  ...(["line", "line", "line", "line", "sizes", "fence"] as const),
);
const write = someWrite(
  key,
  fc.constantFrom(...NAMES).map((name) => [name]),
  values,
  (of) => (of === "sizes" ? ["hash", "hash", "hash", "string"] : ["string", "string", "string", "hash"]),
);

const step: fc.Arbitrary<SlotsStep> = fc.oneof(
  {
    weight: 20,
    arbitrary: fc.record({
      kind: fc.constant("ask" as const),
      asks: fc.oneof(
        ask.map((only) => [only]),
        fc.array(ask, { minLength: 1, maxLength: 4 }),
      ),
    }),
  },
  { weight: 2, arbitrary: write },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant("delete" as const), key, name: fc.constantFrom(...NAMES) }),
  },
  {
    weight: 3,
    arbitrary: somePass,
  },
);

const calmStep: fc.Arbitrary<SlotsStep> = fc.oneof(
  {
    weight: 30,
    arbitrary: calmAsk.map((only) => ({ kind: "ask" as const, asks: [only] })),
  },
  { weight: 1, arbitrary: step },
  {
    weight: 1,
    arbitrary: fc.constant({ kind: "delete" as const, key: "lock" as const, name: "a" as const }),
  },
  // The line, or the number of permits of this semaphore or of another, for a few milliseconds.
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("write" as const),
      key: fc.constant("line" as const),
      names: fc.constant(["a"]),
      type: fc.constant("string" as const),
      value: fc.constant(`${FAR} ${FAR} 5;5 c1.1 6 ${FAR} 0 5`),
      lastingMs: fc.integer({ min: 1, max: 6 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("write" as const),
      key: fc.constant("sizes" as const),
      names: fc.constant(["a"]),
      type: fc.constant("hash" as const),
      value: fc.constantFrom("lock:a=5 2 @0;~=@0", "lock:a=5 2 @-86400001;~=@0", "lock:other=5 2 @0;~=@0"),
      lastingMs: fc.integer({ min: 1, max: 6 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("write" as const),
      key: fc.constant("fence" as const),
      names: fc.constant(["a"]),
      type: fc.constant("string" as const),
      value: fc.constantFrom("16384", "40000"),
      lastingMs: fc.constant(Infinity),
    }),
  },
  {
    weight: 2,
    arbitrary: somePass,
  },
);

const calmSteps = fc.array(calmStep, { minLength: 5, maxLength: 50, size: "max" });
const steps = fc.array(step, { minLength: 5, maxLength: 50, size: "max" });
export const slotsHistory: fc.Arbitrary<readonly SlotsStep[]> = fc.oneof(
  { weight: 9, arbitrary: steps.map((all) => [USED, ...all]) },
  { weight: 5, arbitrary: calmSteps.map((all) => [USED, ...all]) },
  { weight: 1, arbitrary: steps },
);

function keyOf(of: SlotsKey, name: string): string {
  const keys = keySpaceOf(PREFIX);
  if (of === "marker") return keys.marker;
  if (of === "lock" || of === "fence" || of === "wake" || of === "sizes") return keys[of](name);
  return keys.beside(name, [of])[0]!;
}

function requestOf(asked: SlotsAsk, state: State): Request {
  const { operation, name, token, former, permits, total, ttlMs, ahead, isProposed, prefer, slots, client } =
    asked;
  const fence = fenceNear(keyOf("fence", name), state, ahead);
  const ticket = ticketNear(keyOf("line", name), state, ahead, isProposed);
  const replaced = former.filter((other) => other !== token);
  const owner = { token, prefix: PREFIX, fence, isWithdrawn: false };
  const converted = { ...owner, former: replaced };
  const target: SlotsTarget = {
    names: [name],
    permits,
    callerNumber: 0,
    size: { total, stamp: 0 },
    ticket,
    prefer,
    slots: slotsHeldBy(token, name, state) ?? slots,
    settles: 0,
  };
  switch (operation) {
    case "acquire":
      return slotsKind.acquire(target, owner, ttlMs, client);
    case "settle":
      return slotsKind.acquire(target, converted, ttlMs, client);
    case "extend":
      return slotsKind.extend(target, owner, ttlMs);
    case "take over":
      return slotsKind.extend({ ...target, slots }, converted, ttlMs);
    case "commit":
      return slotsKind.commit(ahead === 0 ? { ...target, slots } : target, owner, fence);
    case "release":
      return slotsKind.release(target, ahead > 0 ? converted : owner, client ?? "");
    case "leave":
      return slotsKind.leave(target, PREFIX, client ?? "c1")[0]!;
    case "query":
      return slotsKind.query!.request(target, PREFIX);
    case "renew":
      return slotsKind.transfer!.renew(ahead === 0 ? { ...target, slots } : target, owner, ttlMs);
    case "count":
      return countPermits(name, PREFIX, { total, stamp: 0 });
    case "resize":
      return resizePermits(name, PREFIX, { total, stamp: 5 + ahead });
    case "read":
      return counters.read(NAMES.map(slotKeysOf));
    case "carry":
    case "restore":
      return counters[operation === "carry" ? "raise" : "restore"](
        NAMES.map((each, index) => ({
          keys: slotKeysOf(each),
          fence: index === 0 || ahead > 0 ? fence : 0,
          sizes: new Map([[`lock:${each}`, { stamp: 5 + ahead, total }]]),
        })),
      );
    case "plain acquire":
      return mutexKind.acquire([name], owner, ttlMs, client);
    case "plain release":
      return mutexKind.release([name], owner, client ?? "");
    case "reader":
      return modesKind.acquire(lockInMode([name], "S"), owner, ttlMs, undefined);
  }
}

export const slotsLanguage: Language<SlotsAsk, SlotsKey> = { requestOf, keyOf };
