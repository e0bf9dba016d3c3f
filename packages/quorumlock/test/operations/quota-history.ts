import fc from "fast-check";
import type { Mode } from "../../src/operations/mode.ts";
import { keySpaceOf } from "../../src/operations/keys.ts";
import { lockInMode, modesKind } from "../../src/operations/modes.ts";
import { mutexKind } from "../../src/operations/mutex.ts";
import { underQuota } from "../../src/operations/quota.ts";
import type { Request } from "../../src/operations/request.ts";
import { slotsKind } from "../../src/operations/slots.ts";
import { permitsOf, type SlotsTarget } from "../../src/operations/slots-target.ts";
import {
  FAR,
  fenceNear,
  type Language,
  PREFIX,
  slotsHeldBy,
  somePass,
  someTtlMs,
  type Step,
  USED,
} from "./history-steps.ts";
import type { State } from "./typed-store.ts";

const QUOTA = "{t}//q";
const NAMES = ["{t}//n/a", "{t}//n/b"] as const;
/** In a calm history, a token mostly locks one name in one mode, so many requests are for what it holds. */
const CALM_NAMES = ["{t}//n/a", "{t}//n/b", "{t}//n/c", "{t}//n/d"] as const;
const CALM_MODES: readonly Mode[] = ["X", "X", "S", "SIX"];
const SEMAPHORE = "{t}//n/jobs";

/** One request for a lock of a tenant. */
export interface QuotaAsk {
  readonly operation:
    | "acquire"
    | "settle"
    | "convert"
    | "commit"
    | "extend"
    | "take over"
    | "release"
    | "leave"
    | "renew"
    | "plain acquire"
    | "plain release"
    | "resize";
  /** The lock: a name in a mode, two names, or permits of a semaphore. */
  readonly lock: Mode | "both" | "permits";
  readonly name: (typeof NAMES | typeof CALM_NAMES)[number];
  readonly token: (typeof TOKENS)[number];
  readonly former: readonly string[];
  readonly maxLocks: number;
  readonly ttlMs: number;
  /** How far the fencing token is from the counter. */
  readonly ahead: number;
  readonly ticket: number;
  readonly waiter: string | undefined;
}

export type QuotaKey =
  | "lock"
  | "fence"
  | "held"
  | "counters"
  | "sizes"
  | "shared"
  | "line"
  | "wake"
  | "marker";
export type QuotaStep = Step<QuotaAsk, QuotaKey>;

const TOKENS = ["0000a1000003@x", "0f00b2000001@x", "0000a1000001@y", "t3"] as const;

const ask: fc.Arbitrary<QuotaAsk> = fc.record({
  operation: fc.constantFrom(
    ...(["acquire", "acquire", "acquire", "acquire", "acquire", "acquire", "settle", "settle"] as const),
    ...(["convert", "convert"] as const),
    ...(["commit", "commit", "extend", "take over", "release", "release", "release", "leave"] as const),
    ...(["plain acquire", "plain release", "resize", "renew", "renew"] as const),
  ),
  lock: fc.constantFrom("X", "X", "S", "both", "permits"),
  name: fc.constantFrom(...NAMES),
  token: fc.constantFrom(...TOKENS),
  former: fc.shuffledSubarray([...TOKENS], { minLength: 1, maxLength: 2 }),
  maxLocks: fc.constantFrom(1, 2, 2, 5),
  ttlMs: someTtlMs,
  ahead: fc.integer({ min: -1, max: 2 }),
  ticket: fc.constantFrom(0, 0, 5, -5, -9e15),
  waiter: fc.constantFrom(undefined, "c1.0000001", "c2.0000001"),
});

/** A request as the fast path takes it: nobody waits, and the limit stays. */
const calmAsk: fc.Arbitrary<QuotaAsk> = fc
  .tuple(
    ask,
    fc.constantFrom(
      ...(["acquire", "acquire", "acquire", "extend", "extend", "release", "release"] as const),
    ),
    fc.constantFrom<Mode | undefined>("X", "S", "IX", ...Array.from({ length: 9 }, () => undefined)),
    fc.constantFrom(true, ...Array.from({ length: 9 }, () => false)),
  )
  .map(([any, operation, otherMode, isAny]) => ({
    ...any,
    operation: isAny ? any.operation : operation,
    lock: isAny ? any.lock : (otherMode ?? CALM_MODES[TOKENS.indexOf(any.token)]!),
    name: otherMode === undefined ? CALM_NAMES[TOKENS.indexOf(any.token)]! : any.name,
    maxLocks: any.maxLocks === 2 ? 3 : 100,
    ahead: Math.min(0, any.ahead),
    ticket: 0,
    waiter: undefined,
  }));

const values: Readonly<Record<Exclude<QuotaKey, CalmKey>, string>> = {
  lock: "foreign",
  held: "text",
  line: `${FAR} ${FAR} 5;5 c3.1 1 ${FAR} 0 5`,
  marker: "lost 5",
};

type CalmKey = "fence" | "counters" | "sizes" | "shared" | "wake";

const write = fc.record({
  kind: fc.constant("write" as const),
  key: fc.constantFrom<Exclude<QuotaKey, CalmKey>[]>("lock", "lock", "held", "line", "marker"),
  names: fc.constantFrom(QUOTA, NAMES[0]).map((name) => [name]),
  type: fc.constant("string" as const),
  value: fc.constant(""),
  lastingMs: fc.constantFrom(Infinity, 3, 500_000),
});

const step: fc.Arbitrary<QuotaStep> = fc.oneof(
  {
    weight: 20,
    arbitrary: fc.record({
      kind: fc.constant("ask" as const),
      asks: fc.array(ask, { minLength: 1, maxLength: 4 }),
    }),
  },
  { weight: 1, arbitrary: write.map((each) => ({ ...each, value: values[each.key] })) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("delete" as const),
      key: fc.constantFrom<QuotaKey[]>("lock", "held", "line"),
      name: fc.constantFrom(QUOTA, ...NAMES),
    }),
  },
  {
    weight: 3,
    arbitrary: somePass,
  },
);

/** Keys that the fast path must notice. Most of them last a few milliseconds. */
const calmWrites: readonly (readonly [
  key: QuotaKey,
  name: string,
  type: "string" | "hash",
  values: readonly string[],
])[] = [
  // The counters of slots are below the first two multiples of the grain, so these raise them.
  ["fence", QUOTA, "string", ["16384", "40000", "0"]],
  ["fence", QUOTA, "string", ["8999999999999998", "8999999999999999"]],
  ["counters", QUOTA, "string", ["x", `${"id".padEnd(32)}0000000000000777`]],
  ["sizes", QUOTA, "hash", [`${PREFIX}${QUOTA}=5 1 @0;~=@0`, "other=5 2 @0;~=@0"]],
  ["line", QUOTA, "string", [`${FAR} ${FAR} 5;5 c3.1 3 ${FAR} 0 5`]],
  ["wake", QUOTA, "string", ["c3"]],
  ["line", NAMES[0], "string", [`${FAR} ${FAR} 5;5 c3.1 X ${FAR} 0 5`]],
  ["wake", NAMES[0], "string", ["c3"]],
  ["shared", NAMES[0], "string", ["text"]],
  ["lock", NAMES[0], "string", ["foreign"]],
  ["marker", QUOTA, "string", ["complete run replication id2 first-use 2000"]],
];

const calmWrite: fc.Arbitrary<QuotaStep> = fc.constantFrom(...calmWrites).chain(([key, name, type, texts]) =>
  fc.record({
    kind: fc.constant("write" as const),
    key: fc.constant(key),
    names: fc.constant([name]),
    type: fc.constant(type),
    value: fc.constantFrom(...texts),
    lastingMs:
      key === "fence" || key === "marker"
        ? fc.constant(Infinity)
        : key === "wake"
          ? fc.constantFrom(3, 500_000)
          : fc.integer({ min: 1, max: 6 }),
  }),
);

const calmStep: fc.Arbitrary<QuotaStep> = fc.oneof(
  { weight: 30, arbitrary: calmAsk.map(askOf) },
  { weight: 1, arbitrary: step },
  { weight: 3, arbitrary: calmWrite },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("delete" as const),
      key: fc.constant("lock" as const),
      name: fc.constantFrom(QUOTA, ...NAMES),
    }),
  },
  {
    weight: 2,
    arbitrary: somePass,
  },
);

const calmSteps = fc.array(calmStep, { minLength: 5, maxLength: 40, size: "max" });
/** The first locks of a tenant, after a write that long histories seldom have before them. */
const firstSteps: fc.Arbitrary<readonly QuotaStep[]> = fc
  .tuple(
    fc.constantFrom(undefined, "0", "x", "8999999999999997", "8999999999999998", "8999999999999999"),
    fc.constantFrom(undefined, QUOTA, NAMES[0]),
    fc.array(calmAsk, { minLength: 1, maxLength: 4 }),
  )
  .map(([fence, waitedFor, asks]) => [
    ...(fence === undefined ? [] : [writeOf("fence", QUOTA, fence)]),
    ...asks.slice(0, 1).map((only) => askOf({ ...only, operation: "acquire" })),
    ...(waitedFor === undefined ? [] : [writeOf("wake", waitedFor, "c3")]),
    ...asks.slice(1).map(askOf),
    ...asks.map((only) => askOf({ ...only, operation: "release" })),
  ]);

function askOf(only: QuotaAsk): QuotaStep {
  return { kind: "ask", asks: [only] };
}

function writeOf(key: QuotaKey, name: string, value: string): QuotaStep {
  return { kind: "write", key, names: [name], type: "string", value, lastingMs: Infinity };
}

const steps = fc.array(step, { minLength: 5, maxLength: 40, size: "max" });
export const quotaHistory: fc.Arbitrary<readonly QuotaStep[]> = fc.oneof(
  { weight: 9, arbitrary: steps.map((all) => [USED, ...all]) },
  { weight: 8, arbitrary: calmSteps.map((all) => [USED, ...all]) },
  { weight: 5, arbitrary: firstSteps.map((all) => [USED, ...all]) },
  { weight: 1, arbitrary: steps },
);

function keyOf(of: QuotaKey, name: string): string {
  const keys = keySpaceOf(PREFIX);
  if (of === "marker") return keys.marker;
  if (of === "lock" || of === "fence" || of === "wake" || of === "sizes") return keys[of](name);
  return keys.beside(name, [of])[0]!;
}

function requestOf(asked: QuotaAsk, state: State): Request {
  const { operation, lock, name, token, former, ttlMs, ahead, waiter } = asked;
  const fence = fenceNear(keySpaceOf(PREFIX).fence(name), state, ahead);
  const replaced = former.filter((other) => other !== token);
  const owner = { token, prefix: PREFIX, fence, isWithdrawn: false };
  const converted = { ...owner, former: replaced };
  const { kind, target } = lockOf(asked, state);
  switch (operation) {
    case "acquire":
      return kind.acquire(target, owner, ttlMs, waiter);
    case "settle":
      return kind.acquire(target, converted, ttlMs, waiter);
    case "convert":
      return lock === "permits"
        ? kind.release(target, owner, "")
        : kind.acquire(target, converted, ttlMs, undefined);
    case "commit":
      return kind.commit(target, owner, fence);
    case "extend":
      return kind.extend(target, owner, ttlMs);
    case "take over":
      return kind.extend(target, converted, ttlMs);
    case "release":
      return kind.release(target, ahead > 0 ? converted : owner, waiter ?? "");
    case "renew":
      return kind.transfer!.renew(target, owner, ttlMs);
    case "leave":
      return kind.leave(target, PREFIX, waiter ?? "c1.0000001")[0]!;
    case "plain acquire":
      return mutexKind.acquire([name], owner, ttlMs, undefined);
    case "plain release":
      return mutexKind.release([name], owner, "");
    case "resize":
      return slotsKind.acquire(
        { ...permitsOf(QUOTA, 1, { total: asked.maxLocks, stamp: 3 + ahead }, 0) },
        { ...owner, token: "other" },
        ttlMs,
        undefined,
      );
  }
}

function lockOf({ operation, lock, name, token, maxLocks, ticket }: QuotaAsk, state: State) {
  const quota: SlotsTarget = {
    ...permitsOf(QUOTA, 1, { total: maxLocks, stamp: 0 }, 0),
    ticket,
    slots: ["acquire", "settle"].includes(operation) ? "" : (slotsHeldBy(token, QUOTA, state) ?? "0"),
  };
  if (lock === "permits") {
    const jobs = permitsOf(SEMAPHORE, 1, { total: 2, stamp: 0 }, 0);
    const slots = slotsHeldBy(token, SEMAPHORE, state) ?? "1";
    return {
      kind: underQuota(slotsKind),
      target: { tenant: "t", quota, lock: { ...jobs, ticket, slots } },
    };
  }
  const inX = lockInMode([name], "X");
  const inner =
    lock === "both"
      ? { ...inX, names: [...NAMES], modes: ["X", "S"] as const }
      : { ...inX, modes: [lock] as const };
  return { kind: underQuota(modesKind), target: { tenant: "t", quota, lock: { ...inner, ticket } } };
}

export const quotaLanguage: Language<QuotaAsk, QuotaKey> = { requestOf, keyOf };
