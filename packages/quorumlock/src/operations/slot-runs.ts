/** Sets of slots of a semaphore, as text. slot-runs.lua describes them. */

/** See `FREE` in slot-runs.lua. */
export const FREE = "0";
export const TAKEN = "1";
const MARKED = "2";
const MAX_STEPS = 64;

/** One run of slots: the first and the last. */
export type Run = readonly [first: number, last: number];

/** See `each_run` in slot-runs.lua. */
export function runsIn(slots: string): readonly Run[] {
  return Array.from(slots.matchAll(/(\d+)-?(\d*)/g), ([, first = "", last = ""]): Run => {
    return [Number(first), Number(last === "" ? first : last)];
  });
}

/** All slots of a set. */
export function slotsIn(slots: string): number[] {
  return runsIn(slots).flatMap(([first, last]) =>
    Array.from({ length: last - first + 1 }, (_, index) => first + index),
  );
}

/** The set of some slots, in this order: a run only ascends. */
export function setOf(slots: readonly number[]): string {
  const runs: [number, number][] = [];
  for (const slot of slots) {
    const last = runs.at(-1);
    if (last !== undefined && last[1] + 1 === slot) last[1] = slot;
    else runs.push([slot, slot]);
  }
  return runs.map(([first, last]) => (first === last ? String(first) : `${first}-${last}`)).join(" ");
}

/** The number of slots in a set. */
export function sizeOf(slots: string): number {
  return runsIn(slots).reduce((sum, [first, last]) => sum + last - first + 1, 0);
}

/** See `runs_of` in slot-runs.lua. */
export function runsOf(map: string, char: string): string {
  const found = map.matchAll(new RegExp(`${char}+`, "g"));
  return Array.from(found, ({ 0: { length }, index }) =>
    length === 1 ? String(index) : `${index}-${index + length - 1}`,
  ).join(" ");
}

/** See `overlay` in slot-runs.lua. */
export function overlay(map: string, slots: string, char: string): string {
  return runsIn(slots).reduce(
    (text, [first, last]) =>
      text.slice(0, first).padEnd(first, FREE) + char.repeat(last - first + 1) + text.slice(last + 1),
    map,
  );
}

/** See `are_free` in slot-runs.lua. */
export function areFree(map: string, slots: string): boolean {
  return runsIn(slots).every(([first, last]) => !map.slice(first, last + 1).includes(TAKEN));
}

/** See `free_in` in slot-runs.lua. */
export function freeIn(map: string, total: number): number {
  return map.slice(0, total).replaceAll(TAKEN, "").length;
}

/** See `end_of` in slot-runs.lua. */
export function endOf(slots: string): number {
  return Math.max(0, ...runsIn(slots).map(([, last]) => last + 1));
}

/** See `order_of` in slot-runs.lua. */
function orderOf(token: string, total: number): readonly [start: number, step: number] {
  const [, start, step] = /^([0-9a-fA-F]{6})([0-9a-fA-F]{6})/.exec(token) ?? [];
  if (start === undefined || step === undefined) return [0, 1];
  return [Number.parseInt(start, 16) % total, 1 + (Number.parseInt(step, 16) % total)];
}

export interface Choice {
  readonly slots: string;
  /** The map in which the slots are taken. */
  readonly map: string;
}

/** See `choose` in slot-runs.lua. */
export function choose(
  free: string,
  count: number,
  total: number,
  prefer: string,
  own: string | undefined,
  token = "",
): Choice | undefined {
  let map = free;
  let missing = count;
  const take = (first: number, end: number): void => {
    const last = Math.min(end, total - 1);
    if (missing === 0 || first > last) return;
    const run = map.slice(first, last + 1).replaceAll(FREE, (char) => {
      if (missing === 0) return char;
      missing -= 1;
      return MARKED;
    });
    map = map.slice(0, first) + run + map.slice(last + 1);
  };
  for (const [first, last] of runsIn(prefer)) take(first, last);
  if (own === undefined) {
    const [start, step] = orderOf(token, total);
    for (let index = 0; index < MAX_STEPS; index += 1) {
      const slot = (start + index * step) % total;
      take(slot, slot);
    }
    take(start, total - 1);
    take(0, start - 1);
  } else {
    for (const [first, last] of runsIn(own)) take(first, last);
  }
  if (missing > 0) return undefined;
  return { slots: runsOf(map, MARKED), map: map.replaceAll(MARKED, TAKEN) };
}
