import type { Violation } from "../checks/violation.ts";
import type { Fault } from "../faults/inject-fault.ts";
import { TTL_MS } from "../options.ts";
import { isTimeField } from "../relative-times.ts";
import { formatCount, formatPlural } from "./numbers.ts";
import type { PhaseReport, TortureReport } from "./phase-report.ts";

/** How many violations to print in full. */
const MAX_VIOLATIONS = 10;

/** A violation is printed with the faults that ended at most so long before it, in ms. */
const RELATED_FAULT_MS = 2 * TTL_MS;

/** Formats the violations of a run, each with its entries and the faults shortly before it. */
export function formatFailureReport(report: TortureReport, command: string): string {
  const all = report.phases.flatMap((phase) => phase.violations.map((violation) => ({ phase, violation })));
  const violations = all.slice(0, MAX_VIOLATIONS).map(({ phase, violation }) => {
    const { check, message, entries } = violation;
    const evidence = [...entries, ...faultsBefore(phase, violation)];
    const lines = evidence.map((entry) => `      ${JSON.stringify(entry, roundNumber)}`);
    return [`  ${phase.phase} · ${check}: ${message}`, ...lines].join("\n");
  });
  const hidden = all.length - MAX_VIOLATIONS;
  const more = hidden > 0 ? [`  … and ${formatCount(hidden)} more. --out file.json writes all of them.`] : [];
  const title = `${formatPlural(all.length, "violation")} (times are in ms since the phase began)`;
  return [title, ...violations, ...more, `Repeat this run: ${command}`].join("\n");
}

/** The faults shortly before a violation, which may have caused it. */
function faultsBefore({ faults }: PhaseReport, { entries }: Violation): readonly Fault[] {
  const times = entries.flatMap((entry) =>
    Object.entries(entry).flatMap(([name, value]) => (isTimeField(name) ? Number(value ?? 0) : [])),
  );
  const latest = Math.max(...times);
  return faults.filter(
    ({ startedAt, endedAt }) => startedAt <= latest && endedAt >= latest - RELATED_FAULT_MS,
  );
}

/** Rounds times to two decimals. Other numbers are whole. */
function roundNumber(_: string, value: unknown): unknown {
  return typeof value === "number" && !Number.isInteger(value) ? Number(value.toFixed(2)) : value;
}
