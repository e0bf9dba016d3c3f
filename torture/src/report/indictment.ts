import type { Violation } from "../checks/violation.ts";
import type { Fault } from "../faults/strike.ts";
import { TTL_MS } from "../options.ts";
import type { PhaseReport, TortureReport } from "../phase-report.ts";
import { isTime } from "../since-start.ts";
import { count, plural } from "./numbers.ts";

/** How many violations are printed in full. */
const MOST_SHOWN = 10;

/** How long before a violation a fault may be over and still be printed with it, in ms. */
const SUSPECT_MS = 2 * TTL_MS;

/** What must not have happened, with the entries that show it and the faults shortly before. */
export function indictment(report: TortureReport, command: string): string {
  const all = report.phases.flatMap((phase) => phase.violations.map((violation) => ({ phase, violation })));
  const shown = all.slice(0, MOST_SHOWN).map(({ phase, violation }) => {
    const { check, message, entries } = violation;
    const evidence = [...entries, ...faultsBefore(phase, violation)];
    const lines = evidence.map((entry) => `      ${JSON.stringify(entry, rounded)}`);
    return [`  ${phase.phase} · ${check}: ${message}`, ...lines].join("\n");
  });
  const left = all.length - MOST_SHOWN;
  const more = left > 0 ? [`  … and ${count(left)} more: --out file.json has them all.`] : [];
  const title = `${plural(all.length, "violation")}; times are in ms since the phase began`;
  return [title, ...shown, ...more, `Again: ${command}`].join("\n");
}

/** The faults in the last moments before a violation, which are likely to have to do with it. */
function faultsBefore({ faults }: PhaseReport, { entries }: Violation): readonly Fault[] {
  const times = entries.flatMap((entry) =>
    Object.entries(entry).flatMap(([name, value]) => (isTime(name) ? Number(value ?? 0) : [])),
  );
  const latest = Math.max(...times);
  return faults.filter(({ from, to }) => from <= latest && to >= latest - SUSPECT_MS);
}

/** Times with two decimals; everything else is a whole number. */
function rounded(_: string, value: unknown): unknown {
  return typeof value === "number" && !Number.isInteger(value) ? Number(value.toFixed(2)) : value;
}
