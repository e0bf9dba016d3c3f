import { checkFences, checkRefusals, checkStore } from "./checks/fences.ts";
import { grantsOf } from "./checks/grants.ts";
import { checkOrder } from "./checks/history.ts";
import { checkLeases } from "./checks/leases.ts";
import { longestGap } from "./checks/unavailability.ts";
import type { Violation } from "./checks/violation.ts";
import { type FaultKind, PHASES, type PhaseName } from "./faults/kinds.ts";
import type { Fault } from "./faults/strike.ts";
import type { StoredWrite } from "./fenced-store.ts";
import type { Resources } from "./messages.ts";
import type { PhaseReport } from "./phase-report.ts";
import type { WorkerRecord } from "./records.ts";
import { sinceStart } from "./since-start.ts";

/** All that was seen of one phase. */
export interface Evidence {
  readonly phase: PhaseName;
  /** Monotonic, in ms. */
  readonly startedAt: number;
  readonly seconds: number;
  readonly resources: Resources;
  readonly ttlMs: number;
  readonly records: readonly WorkerRecord[];
  readonly writes: readonly StoredWrite[];
  readonly faults: readonly Fault[];
  /** What was found while it ran. */
  readonly violations: readonly Violation[];
}

const ENDS_OF_OPERATIONS: ReadonlySet<WorkerRecord["event"]> = new Set([
  "acquired",
  "not-acquired",
  "extended",
  "not-extended",
  "released",
]);

/** Checks what was seen, and counts it. All times in what comes out are in ms since the phase began. */
export function judge(evidence: Evidence): PhaseReport {
  const { phase, resources, ttlMs, startedAt } = evidence;
  const records = sinceStart(evidence.records, startedAt);
  const writes = sinceStart(evidence.writes, startedAt);
  const faults = sinceStart(evidence.faults, startedAt);
  const grants = grantsOf(records);
  const leases = [...checkLeases(grants), ...checkRefusals(writes, grants)];
  const { leasesHold } = PHASES[phase];
  const brisk = grants.filter(({ resource }) => resources.brisk.includes(resource));
  const why = (reason: string): number =>
    records.filter((record) => record.event === "not-acquired" && record.why === reason).length;
  return {
    phase,
    seconds: evidence.seconds,
    operations: records.filter(({ event }) => ENDS_OF_OPERATIONS.has(event)).length,
    grants: grants.length,
    refused: why("refused"),
    unreachable: why("unreachable"),
    lost: grants.filter(({ lostAt }) => lostAt !== undefined).length,
    faults,
    faultCounts: countKinds(faults),
    writes: writes.length,
    lateWritesRefused: writes.filter(({ accepted }) => !accepted).length,
    longestGapMs: longestGap(brisk, faults, 2 * ttlMs),
    violations: [
      ...evidence.violations,
      ...(leasesHold ? leases : []),
      ...checkOrder(records, leasesHold),
      ...checkFences(grants),
      ...checkStore(writes),
      ...errors(records),
    ],
    overlapsOutsideGuarantee: leasesHold ? 0 : leases.length,
  };
}

function errors(records: readonly WorkerRecord[]): readonly Violation[] {
  return records.flatMap((record) =>
    record.event === "broken"
      ? [
          {
            check: "errors",
            message: `${record.hand}: an operation threw ${record.message}`,
            entries: [record],
          },
        ]
      : [],
  );
}

function countKinds(faults: readonly Fault[]): Partial<Record<FaultKind, number>> {
  const counts: Partial<Record<FaultKind, number>> = {};
  for (const { kind } of faults) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}
