import { hashSlot } from "../operations/hash-slot.ts";

/** How many names one request asks for. A server answers so many in about a millisecond. */
const NAMES_A_REQUEST = 100;

/** Groups of names for one request each. In a cluster the keys of a request lie in one hash slot. */
export function groupsOf(
  names: readonly string[],
  prefix: string,
  hasCluster: boolean,
): readonly (readonly string[])[] {
  const bySlot = new Map<number, string[][]>();
  for (const name of names) {
    const slot = hasCluster ? hashSlot(prefix + name) : 0;
    const groups = bySlot.get(slot) ?? [[]];
    bySlot.set(slot, groups);
    if (groups.at(-1)!.length === NAMES_A_REQUEST) groups.push([]);
    groups.at(-1)!.push(name);
  }
  return [...bySlot.values()].flat();
}
