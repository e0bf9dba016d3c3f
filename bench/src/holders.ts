/** When a caller held something. `endedAt`: when its release began. */
export interface Held {
  readonly grantedAt: number;
  readonly endedAt: number;
}

export interface Use {
  /** The number of holders at a time, on average. `NaN` if the period is empty. */
  readonly average: number;
  /** The largest number of holders at a time. */
  readonly largest: number;
  /** Grants that made more than `limit` holders. */
  readonly excess: number;
}

/** Counts holders at a time by their own clock. A caller that ends when another one begins is not beside it. */
export function countHolders(
  periods: readonly Held[],
  { from, to, limit }: { readonly from: number; readonly to: number; readonly limit: number },
): Use {
  const changes = periods
    .flatMap(({ grantedAt, endedAt }) => [
      { at: grantedAt, by: 1 },
      { at: endedAt, by: -1 },
    ])
    .toSorted((a, b) => a.at - b.at || a.by - b.by);
  let [holders, largest, excess, total, last] = [0, 0, 0, 0, from];
  for (const { at, by } of changes) {
    const now = Math.min(Math.max(at, from), to);
    total += holders * (now - last);
    last = now;
    holders += by;
    largest = Math.max(largest, holders);
    if (by > 0 && holders > limit) excess += 1;
  }
  return { average: to > from ? total / (to - from) : Number.NaN, largest, excess };
}

/** How often a writer held the lock beside readers or another writer: one for each holder that came while it was wrong. */
export function countConflicts(writers: readonly Held[], readers: readonly Held[]): number {
  const changes = [
    ...writers.map((held) => ({ held, isWriter: true })),
    ...readers.map((held) => ({ held, isWriter: false })),
  ]
    .flatMap(({ held, isWriter }) => [
      { at: held.grantedAt, by: 1, isWriter },
      { at: held.endedAt, by: -1, isWriter },
    ])
    .toSorted((a, b) => a.at - b.at || a.by - b.by);
  let [writing, reading, conflicts] = [0, 0, 0];
  for (const { by, isWriter } of changes) {
    if (by > 0 && (writing > 0 || (isWriter && reading > 0))) conflicts += 1;
    if (isWriter) writing += by;
    else reading += by;
  }
  return conflicts;
}
