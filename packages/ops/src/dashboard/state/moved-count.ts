/** How many entries come, go or change their place between two orders. Entries that only shift because of others do not count. */
export function movedCount(before: readonly string[], after: readonly string[]): number {
  const places = new Map(before.map((name, index) => [name, index]));
  const kept = after.flatMap((name) => places.get(name) ?? []);
  const gone = places.size - kept.length;
  const added = after.length - kept.length;
  return gone + added + (kept.length - longestIncrease(kept));
}

/** The length of the longest increasing subsequence. */
function longestIncrease(values: readonly number[]): number {
  const smallestEnds: number[] = [];
  for (const value of values) {
    let [low, high] = [0, smallestEnds.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((smallestEnds[middle] ?? 0) < value) low = middle + 1;
      else high = middle;
    }
    smallestEnds[low] = value;
  }
  return smallestEnds.length;
}
