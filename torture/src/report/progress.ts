import { PHASES, type PhaseName } from "../faults/kinds.ts";
import { type TortureOptions, TTL_MS } from "../options.ts";
import type { PhaseReport } from "../phase-report.ts";
import { plural } from "./numbers.ts";

export function headline(options: TortureOptions): string {
  const guard = options.restartGuard ? "" : ", restart guard off";
  return `Torture: ${options.servers} servers, ${options.processes} processes, ttl ${TTL_MS} ms, seed ${options.seed}${guard}\n`;
}

/** The beginning of a line, while the phase runs. */
export function phaseBegins(phase: PhaseName): string {
  return `  ${phase.padEnd(15)}  ${PHASES[phase].what.padEnd(50)}`;
}

/** The rest of it. */
export function phaseEnds(report: PhaseReport): string {
  const { faults, violations, phase } = report;
  const verdict =
    violations.length > 0
      ? plural(violations.length, "violation").toUpperCase()
      : PHASES[phase].leasesHold
        ? "ok"
        : "ok (fencing only)";
  return `${plural(report.grants, "lock").padStart(12)} ${plural(faults.length, "fault").padStart(11)}   ${verdict}`;
}
