import type { LockKind } from "../../src/operations/kind.ts";
import { lockInMode, modesKind } from "../../src/operations/modes.ts";
import { mutexKind } from "../../src/operations/mutex.ts";
import { underQuota } from "../../src/operations/quota.ts";
import { slotsKind } from "../../src/operations/slots.ts";
import { permitsOf } from "../../src/operations/slots-target.ts";
import { PREFIX } from "./history-steps.ts";
import type { Request } from "../../src/operations/request.ts";

/** A way to lock, whose requests take a fast path. */
export interface LockSubject {
  readonly name: string;
  /** How many tokens can hold at a time. */
  readonly limit: number;
  /** How many names or semaphores a token holds. */
  readonly places: number;
  /** Whether each grant has a larger fencing token than the one before it. */
  readonly counts: boolean;
  /** What is held before the request: `+a` acquires with the token a, `-a` releases it. */
  readonly states: readonly string[];
  acquire(token: string, ttlMs: number): Request;
  /** @param slots of the grant; "" for locks without slots. */
  extend(token: string, slots: string, ttlMs: number): Request;
  release(token: string, slots: string): Request;
}

function subjectOf<T>(
  kind: LockKind<T>,
  targetOf: (token: string, slots: string) => T,
  facts: Pick<LockSubject, "name" | "limit" | "places" | "counts" | "states">,
): LockSubject {
  const owner = (token: string) => ({ token, prefix: PREFIX, fence: 1, isWithdrawn: false });
  return {
    ...facts,
    acquire: (token, ttlMs) => kind.acquire(targetOf(token, ""), owner(token), ttlMs, undefined),
    extend: (token, slots, ttlMs) => kind.extend(targetOf(token, slots), owner(token), ttlMs),
    release: (token, slots) => kind.release(targetOf(token, slots), owner(token), ""),
  };
}

const ALONE = ["", "+a", "+a -a"] as const;
const SHARED = [...ALONE, "+a +b", "+a +b +c", "+a +b -a", "+a +b -b", "+a +b -a -b"] as const;
/** With counters of slots while many hold, one of two holds, and nobody holds. */
const PERMITS = [...SHARED, "+a +b +c -a", "+a +b -a +c", "+a +b -a -b +c"] as const;

const NAME = "{t}n";
const TWO = { ...lockInMode([NAME], "X"), names: [NAME, "{t}m"], modes: ["S", "IX"] as const };

export const lockSubjects: readonly LockSubject[] = [
  subjectOf(mutexKind, () => [NAME], {
    name: "one name",
    limit: 1,
    places: 1,
    counts: true,
    states: ALONE,
  }),
  subjectOf(mutexKind, () => [NAME, "{t}m"], {
    name: "two names",
    limit: 1,
    places: 2,
    counts: true,
    states: ALONE,
  }),
  subjectOf(modesKind, () => lockInMode([NAME], "X"), {
    name: "X",
    limit: 1,
    places: 1,
    counts: true,
    states: ALONE,
  }),
  subjectOf(modesKind, () => lockInMode([NAME], "S"), {
    name: "S",
    limit: Infinity,
    places: 1,
    counts: false,
    states: SHARED,
  }),
  subjectOf(modesKind, () => TWO, {
    name: "S and IX",
    limit: Infinity,
    places: 2,
    counts: false,
    states: SHARED,
  }),
  ...[1, 2].map((permits) =>
    subjectOf(
      slotsKind,
      (_, slots) => ({ ...permitsOf(NAME, permits, { total: 4 * permits, stamp: 0 }, 0), slots }),
      { name: `${permits} of ${4 * permits} permits`, limit: 4, places: 1, counts: true, states: PERMITS },
    ),
  ),
  ...(["X", "S"] as const).map((mode) =>
    subjectOf(
      underQuota(modesKind),
      (token, slots) => ({
        tenant: "t",
        quota: { ...permitsOf("{t}//q", 1, { total: 4, stamp: 0 }, 0), slots },
        lock: lockInMode([`{t}//n/${token}`], mode),
      }),
      {
        name: `${mode} of a tenant with 4 locks at most`,
        limit: 4,
        places: 2,
        counts: mode === "X",
        states: PERMITS,
      },
    ),
  ),
];
