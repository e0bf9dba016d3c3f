import type { Random } from "../harness/random.ts";
import { FREEZE_POINTS, KILL_POINTS, type KillPoint } from "./kill-points.ts";

/** One thing that happens to a process. */
export type Fault =
  | { readonly kind: "kill"; readonly point: KillPoint }
  /** At a random time. */
  | { readonly kind: "kill"; readonly afterMs: number }
  | { readonly kind: "freeze"; readonly point: (typeof FREEZE_POINTS)[number] };

const MIN_PAUSE_MS = 20;
const MAX_PAUSE_MS = 500;

/**
 * Half of the kills, rounded up, are at named points: all points in turn, each turn in another order. The others are at random
 * times. The faults come in random order.
 */
export function planFaults(random: Random, kills: number, freezes: number): readonly Fault[] {
  const named = Math.ceil(kills / 2);
  return shuffled(random, [
    ...inTurn(random, KILL_POINTS, named).map((point) => ({ kind: "kill", point }) as const),
    ...planRandomKills(random, kills - named),
    ...inTurn(random, FREEZE_POINTS, freezes).map((point) => ({ kind: "freeze", point }) as const),
  ]);
}

export function planRandomKills(random: Random, kills: number): readonly Fault[] {
  return Array.from({ length: kills }, () => ({
    kind: "kill",
    afterMs: random.whole(MIN_PAUSE_MS, MAX_PAUSE_MS),
  }));
}

/** So many of the items. An item comes again only after all others have come. */
function inTurn<T>(random: Random, items: readonly T[], length: number): readonly T[] {
  const turns = Array.from({ length: Math.ceil(length / items.length) }, () => shuffled(random, items));
  return turns.flat().slice(0, length);
}

function shuffled<T>(random: Random, items: readonly T[]): readonly T[] {
  return items
    .map((item) => ({ item, rank: random.next() }))
    .toSorted((a, b) => a.rank - b.rank)
    .map(({ item }) => item);
}
