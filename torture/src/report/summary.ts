import { PHASES } from "../faults/kinds.ts";
import { STUCK_AFTER_MS } from "../options.ts";
import type { PhaseReport, TortureReport } from "../phase-report.ts";
import { count, plural } from "./numbers.ts";
import { table } from "./table.ts";

/** The table at the end, and how to read it. */
export function summary(report: TortureReport): string {
  const columns = [
    "phase",
    "operations",
    "locks",
    "faults",
    "lost",
    "late writes",
    "violations",
    "longest gap",
    "× ttl",
  ];
  const rows = report.phases.map((phase) => [
    phase.phase,
    count(phase.operations),
    count(phase.grants),
    count(phase.faults.length),
    count(phase.lost),
    count(phase.lateWritesRefused),
    count(phase.violations.length),
    `${count(phase.longestGapMs)} ms`,
    (phase.longestGapMs / report.ttlMs).toFixed(2),
  ]);
  const total = (pick: (phase: PhaseReport) => number): string =>
    count(report.phases.reduce((sum, phase) => sum + pick(phase), 0));
  const totals = [
    "total",
    total(({ operations }) => operations),
    total(({ grants }) => grants),
    total(({ faults }) => faults.length),
    total(({ lost }) => lost),
    total(({ lateWritesRefused }) => lateWritesRefused),
    total(({ violations }) => violations.length),
  ];
  return [table(columns, [...rows, totals]), legend(report)].join("\n\n");
}

function legend({ phases, skipped }: TortureReport): string {
  const notes = phases.flatMap(({ phase, overlapsOutsideGuarantee }) => {
    const { note, leasesHold } = PHASES[phase];
    if (note === undefined) return [];
    const seen = leasesHold ? "" : ` (${plural(overlapsOutsideGuarantee, "overlap")} seen)`;
    return [`  ${phase}: ${note}${seen}.`];
  });
  return [
    "  lost: locks that ended before their release; some are held until then on purpose.",
    "  late writes: came from a holder that had lost its lock, and were refused by the fenced store.",
    "  longest gap: without a grant of a resource that nobody holds for long, around a fault.",
    `  Nobody waited for longer than ${STUCK_AFTER_MS / 1_000} s once the faults were over, or it is a violation.`,
    ...notes,
    ...skipped.map(({ phase, why }) => `  ${phase}: skipped, ${why}.`),
  ].join("\n");
}
