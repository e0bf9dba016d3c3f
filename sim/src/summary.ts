import type { Violation } from "./invariants/referee.ts";
import { type ProfileName, profileOf } from "./plan/make-plan.ts";
import type { Outcome } from "./run-plan.ts";

export interface Failure {
  readonly seed: number;
  readonly profile: ProfileName;
  readonly violation: Violation;
}

/** What came of many histories. Sums add up; the longest and the most are the largest of all. It can be sent to another process. */
export interface Summary {
  readonly histories: Readonly<Record<string, number>>;
  readonly operations: number;
  /** Those of the history that has the fewest. */
  readonly fewestOperations: number;
  readonly grants: number;
  readonly requests: number;
  readonly faults: Readonly<Record<string, number>>;
  readonly virtualMs: number;
  readonly longestWaitMs: number;
  /** How long a resource lay idle though somebody waited and no fault was in the way. */
  readonly longestIdleMs: number;
  /** In histories without faults: requests for each reason to ask. */
  readonly mostAsksPerReason: number;
  readonly failures: readonly Failure[];
}

export const NO_HISTORIES: Summary = {
  histories: {},
  operations: 0,
  fewestOperations: Number.MAX_SAFE_INTEGER,
  grants: 0,
  requests: 0,
  faults: {},
  virtualMs: 0,
  longestWaitMs: 0,
  longestIdleMs: 0,
  mostAsksPerReason: 0,
  failures: [],
};

export function join(a: Summary, b: Summary): Summary {
  return {
    histories: sumUp(a.histories, b.histories),
    operations: a.operations + b.operations,
    fewestOperations: Math.min(a.fewestOperations, b.fewestOperations),
    grants: a.grants + b.grants,
    requests: a.requests + b.requests,
    faults: sumUp(a.faults, b.faults),
    virtualMs: a.virtualMs + b.virtualMs,
    longestWaitMs: Math.max(a.longestWaitMs, b.longestWaitMs),
    longestIdleMs: Math.max(a.longestIdleMs, b.longestIdleMs),
    mostAsksPerReason: Math.max(a.mostAsksPerReason, b.mostAsksPerReason),
    failures: [...a.failures, ...b.failures],
  };
}

export class SummaryBuilder {
  #summary = NO_HISTORIES;

  add(seed: number, chosen: ProfileName | undefined, outcome: Outcome): void {
    const profile = chosen ?? profileOf(seed);
    const [violation] = outcome.violations;
    const calm = profile === "calm";
    this.#summary = join(this.#summary, {
      histories: { [profile]: 1 },
      operations: outcome.operations,
      fewestOperations: outcome.operations,
      grants: outcome.grants,
      requests: outcome.asks,
      faults: Object.fromEntries(outcome.faults),
      virtualMs: outcome.virtualMs,
      longestWaitMs: outcome.longestWaitMs,
      longestIdleMs: outcome.longestIdleMs,
      mostAsksPerReason: calm ? outcome.asksPerReason : 0,
      failures: violation === undefined ? [] : [{ seed, profile, violation }],
    });
  }

  summary(): Summary {
    return this.#summary;
  }
}

function sumUp(
  a: Readonly<Record<string, number>>,
  b: Readonly<Record<string, number>>,
): Readonly<Record<string, number>> {
  const sums = { ...a };
  for (const [key, count] of Object.entries(b)) sums[key] = (sums[key] ?? 0) + count;
  return sums;
}
