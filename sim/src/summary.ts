import type { Violation } from "./invariants/grant.ts";
import { type ProfileName, PROFILES, profileOf } from "./plan/profiles.ts";
import type { Outcome } from "./run-plan.ts";

export interface Failure {
  readonly seed: number;
  readonly profile: ProfileName;
  readonly violation: Violation;
}

/** The results of many histories: sums, and the largest value of each maximum. It can be sent to another process. */
export interface Summary {
  /** Number of histories by profile. */
  readonly histories: Readonly<Record<string, number>>;
  readonly operations: number;
  /** The smallest number of operations in a history. */
  readonly minOperations: number;
  readonly grants: number;
  /** Number of locks that passed from one client to another. */
  readonly transfers: number;
  readonly drained: number;
  readonly jobs: number;
  /** Number of acquisitions that needed a second round. */
  readonly commitRounds: number;
  /** Number of servers that got their counters back from the other servers. */
  readonly recoveries: number;
  /** Number of servers whose counters were raised to their own time. */
  readonly clockRecoveries: number;
  /** Number of requests that acquire a lock. */
  readonly requests: number;
  readonly faults: Readonly<Record<string, number>>;
  readonly virtualMs: number;
  readonly longestWaitMs: number;
  /** Longest time for which a name was free while a caller waited and no fault was active, if all is promised. */
  readonly longestIdleMs: number;
  /** Largest number of requests for each reason, in histories without faults. */
  readonly maxRequestsPerReason: number;
  readonly failures: readonly Failure[];
}

export const NO_HISTORIES: Summary = {
  histories: {},
  operations: 0,
  minOperations: Number.MAX_SAFE_INTEGER,
  grants: 0,
  transfers: 0,
  drained: 0,
  jobs: 0,
  commitRounds: 0,
  recoveries: 0,
  clockRecoveries: 0,
  requests: 0,
  faults: {},
  virtualMs: 0,
  longestWaitMs: 0,
  longestIdleMs: 0,
  maxRequestsPerReason: 0,
  failures: [],
};

export function join(a: Summary, b: Summary): Summary {
  return {
    histories: addCounts(a.histories, b.histories),
    operations: a.operations + b.operations,
    minOperations: Math.min(a.minOperations, b.minOperations),
    grants: a.grants + b.grants,
    transfers: a.transfers + b.transfers,
    drained: a.drained + b.drained,
    jobs: a.jobs + b.jobs,
    commitRounds: a.commitRounds + b.commitRounds,
    recoveries: a.recoveries + b.recoveries,
    clockRecoveries: a.clockRecoveries + b.clockRecoveries,
    requests: a.requests + b.requests,
    faults: addCounts(a.faults, b.faults),
    virtualMs: a.virtualMs + b.virtualMs,
    longestWaitMs: Math.max(a.longestWaitMs, b.longestWaitMs),
    longestIdleMs: Math.max(a.longestIdleMs, b.longestIdleMs),
    maxRequestsPerReason: Math.max(a.maxRequestsPerReason, b.maxRequestsPerReason),
    failures: [...a.failures, ...b.failures],
  };
}

export class SummaryBuilder {
  #summary = NO_HISTORIES;

  add(seed: number, chosenProfile: ProfileName | undefined, outcome: Outcome): void {
    const profile = chosenProfile ?? profileOf(seed);
    const [violation] = outcome.violations;
    this.#summary = join(this.#summary, {
      histories: { [profile]: 1 },
      operations: outcome.operations,
      minOperations: outcome.operations,
      grants: outcome.grants,
      transfers: outcome.transfers,
      drained: outcome.drained,
      jobs: outcome.jobs,
      commitRounds: outcome.commitRounds,
      recoveries: outcome.recoveries,
      clockRecoveries: outcome.clockRecoveries,
      requests: outcome.requests,
      faults: Object.fromEntries(outcome.faults),
      virtualMs: outcome.virtualMs,
      longestWaitMs: outcome.longestWaitMs,
      longestIdleMs: PROFILES[profile].promises === "all" ? outcome.longestIdleMs : 0,
      maxRequestsPerReason: profile === "calm" ? outcome.requestsPerReason : 0,
      failures: violation === undefined ? [] : [{ seed, profile, violation }],
    });
  }

  summary(): Summary {
    return this.#summary;
  }
}

function addCounts(
  a: Readonly<Record<string, number>>,
  b: Readonly<Record<string, number>>,
): Readonly<Record<string, number>> {
  const sums = { ...a };
  for (const [key, count] of Object.entries(b)) sums[key] = (sums[key] ?? 0) + count;
  return sums;
}
