import { PHASES, type PhaseName } from "../faults/phases.ts";
import { type TortureOptions, TTL_MS } from "../options.ts";
import { formatPlural } from "./numbers.ts";
import type { PhaseReport } from "./phase-report.ts";

/** Formats the first line of the output. */
export function formatHeadline(options: TortureOptions): string {
  const guard = options.restartGuard ? "" : ", restart guard off";
  return `Torture: ${options.servers} servers, ${options.processes} processes, ttl ${TTL_MS} ms, seed ${options.seed}${guard}\n`;
}

/** Formats the first part of a phase's line, which is printed when the phase starts. */
export function formatPhaseStart(phase: PhaseName): string {
  return `  ${phase.padEnd(16)}  ${PHASES[phase].description.padEnd(50)}`;
}

/** Formats the second part of a phase's line, which is printed when the phase has ended. */
export function formatPhaseEnd(report: PhaseReport): string {
  const { faults, violations, phase } = report;
  const result =
    violations.length > 0
      ? formatPlural(violations.length, "violation").toUpperCase()
      : PHASES[phase].areLeasesGuaranteed
        ? "ok"
        : "ok (fencing only)";
  const [locks, faultCount] = [formatPlural(report.grants, "lock"), formatPlural(faults.length, "fault")];
  return `${locks.padStart(12)} ${faultCount.padStart(11)}   ${result}`;
}
