import { LOCK_KINDS } from "../contest/contender.ts";
import { PHASES } from "../faults/phases.ts";
import { STUCK_AFTER_MS } from "../options.ts";
import { formatCount, formatPlural } from "./numbers.ts";
import type { PhaseReport, TortureReport } from "./phase-report.ts";
import { formatTable } from "./table.ts";

/** Formats the table at the end of a run, and the explanation of its columns. */
export function formatSummary(report: TortureReport): string {
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
    formatCount(phase.operations),
    formatCount(phase.grants),
    formatCount(phase.faults.length),
    formatCount(phase.lost),
    formatCount(phase.lateWritesRejected),
    formatCount(phase.violations.length),
    `${formatCount(phase.longestGapMs)} ms`,
    (phase.longestGapMs / report.ttlMs).toFixed(2),
  ]);
  const total = (pick: (phase: PhaseReport) => number): string =>
    formatCount(report.phases.reduce((sum, phase) => sum + pick(phase), 0));
  const totals = [
    "total",
    total(({ operations }) => operations),
    total(({ grants }) => grants),
    total(({ faults }) => faults.length),
    total(({ lost }) => lost),
    total(({ lateWritesRejected }) => lateWritesRejected),
    total(({ violations }) => violations.length),
  ];
  return [formatTable(columns, [...rows, totals]), formatKinds(report), formatLegend(report)].join("\n\n");
}

function formatKinds({ phases }: TortureReport): string {
  const rows = LOCK_KINDS.map((kind) => {
    const counts = phases.flatMap(({ kinds }) => kinds.filter((one) => one.kind === kind));
    const total = (pick: (one: (typeof counts)[number]) => number): string =>
      formatCount(counts.reduce((sum, one) => sum + pick(one), 0));
    return [
      kind,
      total(({ grants }) => grants),
      total(({ conversions }) => conversions),
      total(({ lost }) => lost),
    ];
  });
  return formatTable(["kind", "locks", "converted to it", "lost"], rows);
}

function formatLegend({ phases, skipped }: TortureReport): string {
  const notes = phases.flatMap(({ phase, overlapsOutsideGuarantee }) => {
    const { note, areLeasesGuaranteed } = PHASES[phase];
    if (note === undefined) return [];
    const overlaps = areLeasesGuaranteed
      ? ""
      : ` (found ${formatPlural(overlapsOutsideGuarantee, "overlap")})`;
    return [`  ${phase}: ${note}${overlaps}.`];
  });
  return [
    "  lost: locks that were lost before their release. Some workers hold a lock until they lose it.",
    "  late writes: writes of a holder that had lost its lock. The fenced store rejected them.",
    "  longest gap: longest time without a grant of a name that workers lock often, around a fault.",
    `  A worker that waits longer than ${STUCK_AFTER_MS / 1_000} s without faults is a violation.`,
    ...notes,
    ...skipped.map(({ phase, reason }) => `  ${phase}: skipped, because ${reason}.`),
  ].join("\n");
}
