import { LOCK_KINDS } from "../contest/contender.ts";
import type { Fault } from "../faults/inject-fault.ts";
import { type FaultKind, PHASES, type PhaseName } from "../faults/phases.ts";
import type { StoredWrite } from "../fenced-store.ts";
import { relativeTo } from "../relative-times.ts";
import type { KindCounts, PhaseReport } from "../report/phase-report.ts";
import type { WorkerRecord } from "../worker/records.ts";
import { checkFences } from "./fences.ts";
import { type Grant, grantsOf } from "./grants.ts";
import { checkOrder } from "./history.ts";
import { checkLeases } from "./leases.ts";
import { longestGap } from "./longest-gap.ts";
import { checkAcceptedWrites, checkRejectedWrites } from "./stored-writes.ts";
import type { Violation } from "./violation.ts";

/** Everything that was recorded in one phase. */
export interface PhaseRecording {
  readonly phase: PhaseName;
  /** Monotonic, in ms. */
  readonly startedAt: number;
  readonly seconds: number;
  readonly ttlMs: number;
  readonly records: readonly WorkerRecord[];
  readonly writes: readonly StoredWrite[];
  readonly faults: readonly Fault[];
  /** Violations that were found while the phase ran. */
  readonly violations: readonly Violation[];
}

const RESULT_EVENTS: ReadonlySet<WorkerRecord["event"]> = new Set([
  "acquired",
  "not-acquired",
  "extended",
  "not-extended",
  "converted",
  "not-converted",
  "released",
]);

/** Checks and counts the records of one phase. All times in the report are in ms since the phase began. */
export function checkPhase(recording: PhaseRecording): PhaseReport {
  const { phase, ttlMs, startedAt } = recording;
  const records = relativeTo(startedAt, recording.records);
  const writes = relativeTo(startedAt, recording.writes);
  const faults = relativeTo(startedAt, recording.faults);
  const grants = grantsOf(records);
  const leaseViolations = [...checkLeases(grants), ...checkRejectedWrites(writes, grants)];
  const { areLeasesGuaranteed } = PHASES[phase];
  const acquired = grants.filter(({ isConversion }) => !isConversion);
  const short = acquired.filter(({ isLong }) => !isLong);
  const countFailures = (reason: string): number =>
    records.filter((record) => record.event === "not-acquired" && record.reason === reason).length;
  return {
    phase,
    seconds: recording.seconds,
    operations: records.filter(({ event }) => RESULT_EVENTS.has(event)).length,
    grants: acquired.length,
    conversions: grants.length - acquired.length,
    kinds: countLocks(grants),
    timedOut: countFailures("timed-out"),
    withoutQuorum: countFailures("no-quorum"),
    lost: grants.filter(({ lostAt }) => lostAt !== undefined).length,
    faults,
    faultCounts: countKinds(faults),
    writes: writes.length,
    lateWritesRejected: writes.filter(({ isAccepted }) => !isAccepted).length,
    longestGapMs: longestGap(short, faults, 2 * ttlMs),
    violations: [
      ...recording.violations,
      ...(areLeasesGuaranteed ? leaseViolations : []),
      ...checkOrder(records, areLeasesGuaranteed),
      ...checkFences(grants),
      ...checkAcceptedWrites(writes),
      ...findUnexpectedErrors(records),
    ],
    overlapsOutsideGuarantee: areLeasesGuaranteed ? 0 : leaseViolations.length,
  };
}

function findUnexpectedErrors(records: readonly WorkerRecord[]): readonly Violation[] {
  return records.flatMap((record) =>
    record.event === "unexpected-error"
      ? [
          {
            check: "errors",
            message: `${record.worker}: an operation threw ${record.message}`,
            entries: [record],
          },
        ]
      : [],
  );
}

function countLocks(grants: readonly Grant[]): KindCounts {
  return LOCK_KINDS.map((kind) => {
    const ofKind = grants.filter((grant) => grant.kind === kind);
    const conversions = ofKind.filter(({ isConversion }) => isConversion).length;
    const lost = ofKind.filter(({ lostAt }) => lostAt !== undefined).length;
    return { kind, grants: ofKind.length - conversions, conversions, lost };
  });
}

function countKinds(faults: readonly Fault[]): Partial<Record<FaultKind, number>> {
  const counts: Partial<Record<FaultKind, number>> = {};
  for (const { kind } of faults) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}
