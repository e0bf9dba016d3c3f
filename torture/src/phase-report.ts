import type { Violation } from "./checks/violation.ts";
import type { FaultKind, PhaseName } from "./faults/kinds.ts";
import type { Fault } from "./faults/strike.ts";

/** What came of one phase. Times of faults and violations are in ms since it began. */
export interface PhaseReport {
  readonly phase: PhaseName;
  /** From the first fault planned to the last one healed. */
  readonly seconds: number;
  /** Acquisitions, extensions and releases that ended, in whatever way. */
  readonly operations: number;
  readonly grants: number;
  /** Acquisitions that ended without a lock, by why. */
  readonly refused: number;
  readonly unreachable: number;
  /** Locks that ended before they were released. */
  readonly lost: number;
  readonly faults: readonly Fault[];
  readonly faultCounts: Partial<Record<FaultKind, number>>;
  readonly writes: number;
  /** Writes of holders that were late: a larger fence had been there before. */
  readonly lateWritesRefused: number;
  /** The longest time between two grants of one resource, in ms. */
  readonly longestGapMs: number;
  readonly violations: readonly Violation[];
  /** Overlapping leases in a phase in which leases are outside of the guarantee. */
  readonly overlapsOutsideGuarantee: number;
}

export interface TortureReport {
  readonly seed: number;
  readonly servers: number;
  readonly processes: number;
  readonly ttlMs: number;
  readonly phases: readonly PhaseReport[];
  /** Phases that could not be, and why. */
  readonly skipped: readonly { readonly phase: PhaseName; readonly why: string }[];
}

export function violationsOf(report: TortureReport): readonly (Violation & { readonly phase: PhaseName })[] {
  return report.phases.flatMap(({ phase, violations }) =>
    violations.map((violation) => ({ ...violation, phase })),
  );
}
