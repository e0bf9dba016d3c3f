import { type FaultKind, mixableKinds, PHASES, type PhaseName } from "./faults/phases.ts";
import { type PlannedFault, planFaults } from "./faults/schedule.ts";
import { type TortureOptions, TTL_MS } from "./options.ts";
import { SeededRandom } from "./seeded-random.ts";
import type { TestServer } from "./servers/test-servers.ts";

/** Length of the phase without faults, relative to the other phases. */
const CALM_LENGTH = 0.5;

/** Maximum number of faults at the same time in the mixed phase. */
const MAX_MIXED_FAULTS = 2;

export interface PhasePlan {
  readonly phase: PhaseName;
  readonly lengthMs: number;
  /** All kinds of fault of the run. The mixed phase uses those that can be mixed. */
  readonly kinds: readonly FaultKind[];
  readonly seed: number;
}

/** Plans the phases of a run. The seed of a phase does not depend on the other phases of the run. */
export function planPhases(options: TortureOptions, kinds: readonly FaultKind[]): readonly PhasePlan[] {
  const mixed: readonly PhaseName[] = options.mixed && mixableKinds(kinds).length > 1 ? ["mixed"] : [];
  const faulty: readonly PhaseName[] = [...kinds, ...mixed];
  const unitMs = (1_000 * options.seconds) / (faulty.length + CALM_LENGTH);
  const names = Object.keys(PHASES) as PhaseName[];
  return (["calm", ...faulty] as const).map((phase) => ({
    phase,
    lengthMs: phase === "calm" ? CALM_LENGTH * unitMs : unitMs,
    kinds,
    seed: options.seed + names.indexOf(phase),
  }));
}

/** Plans the faults of a phase: one schedule, or several for the mixed phase. Schedules run at the same time. */
export function planSchedules(
  plan: PhasePlan,
  servers: readonly Pick<TestServer, "isDurable">[],
): readonly (readonly PlannedFault[])[] {
  const { phase, lengthMs, seed } = plan;
  if (phase === "calm") return [];
  const random = new SeededRandom(seed);
  const indexesOf = (isDurable: boolean): readonly number[] =>
    servers.flatMap((server, index) => (server.isDurable === isDurable ? [index] : []));
  const options = {
    lengthMs,
    servers: servers.length,
    memoryServers: indexesOf(false),
    durableServers: indexesOf(true),
    ttlMs: TTL_MS,
  };
  const kinds = phase === "mixed" ? mixableKinds(plan.kinds) : [phase];
  const count = phase === "mixed" ? MAX_MIXED_FAULTS : 1;
  return Array.from({ length: count }, () => planFaults(kinds, random, options));
}
