import fc from "fast-check";
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
  readonly lock: "X" | "S" | "both" | "permits";
  readonly name: (typeof NAMES)[number];
  readonly token: string;
  readonly former: readonly string[];
  readonly maxLocks: number;
  readonly ttlMs: number;
  /** How far the fencing token is from the counter. */
  readonly ahead: number;
  readonly ticket: number;
  readonly waiter: string | undefined;
}

export type QuotaKey = "lock" | "held" | "line" | "marker";
export type QuotaStep = Step<QuotaAsk, QuotaKey>;

const TOKENS = ["0000a1000003@x", "0f00b2000001@x", "t3"] as const;

const ask: fc.Arbitrary<QuotaAsk> = fc.record({
  operation: fc.constantFrom(
    ...(["acquire", "acquire", "acquire", "acquire", "acquire", "acquire", "settle", "settle"] as const),
    ...(["convert", "convert"] as const),
    ...(["commit", "extend", "take over", "release", "release", "release", "leave"] as const),
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

const values: Readonly<Record<QuotaKey, string>> = {
  lock: "foreign",
  held: "text",
  line: `${FAR} ${FAR} 5;5 c3.1 1 ${FAR} 0 5`,
  marker: "lost 5",
};

const write = fc.record({
  kind: fc.constant("write" as const),
  key: fc.constantFrom<QuotaKey[]>("lock", "lock", "held", "line", "marker"),
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

const steps = fc.array(step, { minLength: 5, maxLength: 40, size: "max" });
export const quotaHistory: fc.Arbitrary<readonly QuotaStep[]> = fc.oneof(
  { weight: 9, arbitrary: steps.map((all) => [USED, ...all]) },
  { weight: 1, arbitrary: steps },
);

function keyOf(of: QuotaKey, name: string): string {
  const keys = keySpaceOf(PREFIX);
  if (of === "marker") return keys.marker;
  return of === "lock" ? keys.lock(name) : keys.beside(name, [of])[0]!;
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
  const inMode = lock === "both" ? lockInMode([NAMES[0]], "X") : lockInMode([name], lock);
  const inner = lock === "both" ? { ...inMode, names: [...NAMES], modes: ["X", "S"] as const } : inMode;
  return { kind: underQuota(modesKind), target: { tenant: "t", quota, lock: { ...inner, ticket } } };
}

export const quotaLanguage: Language<QuotaAsk, QuotaKey> = { requestOf, keyOf };
