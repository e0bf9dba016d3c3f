import type { LockKind } from "../contest/contender.ts";
import type { Violation } from "../checks/violation.ts";
import type { Fault } from "../faults/inject-fault.ts";
import type { FaultKind, PhaseName } from "../faults/phases.ts";

/** What was done with the locks of each kind. */
export type KindCounts = readonly {
  readonly kind: LockKind;
  /** Number of locks that were acquired. */
  readonly grants: number;
  /** Number of locks that became one of this kind by a conversion. */
  readonly conversions: number;
  /** Number of locks that were lost before their release. */
  readonly lost: number;
}[];

/** The results of one phase. Times in faults and violations are in ms since the phase began. */
export interface PhaseReport {
  readonly phase: PhaseName;
  /** Time with faults, in seconds. */
  readonly seconds: number;
  /** Number of acquisitions, extensions, conversions and releases that ended, with any result. */
  readonly operations: number;
  /** Number of locks that were acquired. */
  readonly grants: number;
  /** Number of conversions that succeeded. */
  readonly conversions: number;
  readonly kinds: KindCounts;
  /** Number of acquisitions that timed out. */
  readonly timedOut: number;
  /** Number of acquisitions that failed because too few servers answered. */
  readonly withoutQuorum: number;
  /** Number of locks that were lost before their release. */
  readonly lost: number;
  readonly faults: readonly Fault[];
  readonly faultCounts: Partial<Record<FaultKind, number>>;
  readonly writes: number;
  /** Number of writes that the store rejected, because it had accepted a larger fencing token before. */
  readonly lateWritesRejected: number;
  /** The longest time between two grants of a name that workers lock often, in ms. */
  readonly longestGapMs: number;
  readonly violations: readonly Violation[];
  /** Number of overlapping leases in a phase that does not guarantee leases. */
  readonly overlapsOutsideGuarantee: number;
}

export interface TortureReport {
  readonly seed: number;
  readonly servers: number;
  readonly processes: number;
  readonly ttlMs: number;
  readonly phases: readonly PhaseReport[];
  readonly skipped: readonly { readonly phase: PhaseName; readonly reason: string }[];
}

/** All violations of a run, each with its phase. */
export function violationsOf(report: TortureReport): readonly (Violation & { readonly phase: PhaseName })[] {
  return report.phases.flatMap(({ phase, violations }) =>
    violations.map((violation) => ({ ...violation, phase })),
  );
}
