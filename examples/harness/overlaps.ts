/** Something that lasted from one moment to another, in ms. */
export interface Interval {
  readonly from: number;
  readonly to: number;
}

/** The largest number of intervals that overlap. An interval that begins when another one ends does not overlap with it. */
export function peakOf(intervals: readonly Interval[]): number {
  return Math.max(0, ...levels(intervals).map(({ level }) => level));
}

/** The first moment at which at least `wanted` intervals overlap. `undefined` if there is none. */
export function reachedAt(intervals: readonly Interval[], wanted: number): number | undefined {
  return levels(intervals).find(({ level }) => level >= wanted)?.at;
}

function levels(intervals: readonly Interval[]): readonly { readonly at: number; readonly level: number }[] {
  let level = 0;
  return intervals
    .flatMap(({ from, to }) => [
      { at: from, step: 1 },
      { at: to, step: -1 },
    ])
    .toSorted((a, b) => a.at - b.at || a.step - b.step)
    .map(({ at, step }) => ({ at, level: (level += step) }));
}
