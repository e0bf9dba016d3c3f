import type { Vote } from "./kind.ts";
import { FREE, setOf, slotsIn } from "./slot-runs.ts";
import type { SlotsTarget } from "./slots-target.ts";

/** How many rounds try to settle one split vote, before the attempt gives up. */
const MAX_SETTLES = 3;
/** How many slots more than needed a request prefers, because some may be taken on some members. */
const SPARE_SLOTS = 4;

/**
 * The next round of a split vote: each member said yes, but to different slots. All members get the same list of slots to prefer, so
 * their next votes agree as far as these slots are free.
 *
 * The first time: the slots with the most votes, then those of the lowest member. Later the replies have the maps of the members.
 * Then only slots count that are free, or ours, on a quorum. Chance decides between equal ones, because two clients that settle
 * against each other must not choose the same slots again.
 */
export function settleSlots(
  target: SlotsTarget,
  votes: readonly Vote[],
  hasQuorum: (mask: number) => boolean,
  random: () => number,
): SlotsTarget | undefined {
  if (target.settles >= MAX_SETTLES) return undefined;
  const voted = votesBySlot(votes);
  const prefer = target.settles === 0 ? byVotes(voted) : byMaps(target, votes, voted, hasQuorum, random);
  const list = prefer.slice(0, target.permits + SPARE_SLOTS);
  return { ...target, prefer: setOf(list), settles: target.settles + 1 };
}

/** The bits of the members that voted for each slot, in the order of the members. */
function votesBySlot(votes: readonly Vote[]): ReadonlyMap<number, number> {
  const masks = new Map<number, number>();
  for (const { bit, reply } of votes)
    for (const slot of slotsIn(fieldOf(reply, 2))) masks.set(slot, (masks.get(slot) ?? 0) | bit);
  return masks;
}

function byVotes(voted: ReadonlyMap<number, number>): readonly number[] {
  return [...voted].toSorted(([, a], [, b]) => bitsOf(b) - bitsOf(a)).map(([slot]) => slot);
}

function byMaps(
  { permits, size }: SlotsTarget,
  votes: readonly Vote[],
  voted: ReadonlyMap<number, number>,
  hasQuorum: (mask: number) => boolean,
  random: () => number,
): readonly number[] {
  const maps = votes.map(({ bit, reply }) => ({ bit, map: fieldOf(reply, 4) }));
  const maskOf = (slot: number): number =>
    maps.reduce((mask, { bit, map }) => (map[slot] === FREE ? mask | bit : mask), voted.get(slot) ?? 0);
  const ours = [...voted.keys()].filter((slot) => hasQuorum(maskOf(slot)));
  const shuffled = ours.map((slot) => ({ slot, bits: bitsOf(voted.get(slot) ?? 0), chance: random() }));
  const list = shuffled.toSorted((a, b) => b.bits - a.bits || a.chance - b.chance).map(({ slot }) => slot);
  // Then free slots, from one by chance on.
  const start = Math.floor(random() * size.total);
  for (let step = 0; step < size.total && list.length < permits + SPARE_SLOTS; step += 1) {
    const slot = (start + step) % size.total;
    if (!voted.has(slot) && hasQuorum(maskOf(slot))) list.push(slot);
  }
  return list;
}

function fieldOf(reply: Vote["reply"], index: number): string {
  return typeof reply === "number" ? "" : String(reply[index] ?? "");
}

function bitsOf(mask: number): number {
  let bits = 0;
  for (let rest = mask; rest !== 0; rest &= rest - 1) bits += 1;
  return bits;
}
