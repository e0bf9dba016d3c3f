import { type FaultKind, mixable, PHASES, type PhaseName } from "./faults/kinds.ts";
import { planStrikes, type Strike } from "./faults/schedule.ts";
import type { Member } from "./fleet.ts";
import { type TortureOptions, TTL_MS } from "./options.ts";
import { SeededRandom } from "./seeded-random.ts";

/** The phase without faults is shorter than the others. */
const CALM_SHARE = 0.5;

/** How many faults may be under way at once in a mixed phase. */
const MIXED_LANES = 2;

export interface PhasePlan {
  readonly phase: PhaseName;
  readonly lengthMs: number;
  /** All kinds of this run; a mixed phase has those that can be mixed. */
  readonly kinds: readonly FaultKind[];
  readonly seed: number;
}

/** The phases of a run and how long each of them lasts. Each has a seed of its own, whichever others there are. */
export function planPhases(options: TortureOptions, kinds: readonly FaultKind[]): readonly PhasePlan[] {
  const mixed: readonly PhaseName[] = options.mixed && mixable(kinds).length > 1 ? ["mixed"] : [];
  const faulty: readonly PhaseName[] = [...kinds, ...mixed];
  const unitMs = (1_000 * options.seconds) / (faulty.length + CALM_SHARE);
  const names = Object.keys(PHASES) as PhaseName[];
  return (["calm", ...faulty] as const).map((phase) => ({
    phase,
    lengthMs: phase === "calm" ? CALM_SHARE * unitMs : unitMs,
    kinds,
    seed: options.seed + names.indexOf(phase),
  }));
}

/** What is planned for a phase, for each thing that goes wrong at a time. The same plan gives the same strikes. */
export function lanesOf(
  plan: PhasePlan,
  members: readonly Pick<Member, "durable">[],
): readonly (readonly Strike[])[] {
  const { phase, lengthMs, seed } = plan;
  if (phase === "calm") return [];
  const random = new SeededRandom(seed);
  const places = (durable: boolean): readonly number[] =>
    members.flatMap((member, place) => (member.durable === durable ? [place] : []));
  const options = {
    lengthMs,
    servers: members.length,
    inMemory: places(false),
    inFile: places(true),
    ttlMs: TTL_MS,
  };
  const kinds = phase === "mixed" ? mixable(plan.kinds) : [phase];
  const lanes = phase === "mixed" ? MIXED_LANES : 1;
  return Array.from({ length: lanes }, () => planStrikes(kinds, random, options));
}
