import type { BucketCounts } from "./sliding-counts.ts";

/** As in the library's histogram: 12 equal buckets for each power of two from 2^-3 ms on. */
const BUCKETS_PER_OCTAVE = 12;
const MIN_OCTAVE = -3;
const LONG_WAIT_MS = 10_000;

/** Quantiles of durations that are counted by the buckets of the library's histogram. They are wrong by at most 5 %. */
export class BucketQuantiles {
  readonly #sorted: readonly (readonly [bucket: number, count: number])[];
  readonly #total: number;

  constructor(counts: BucketCounts) {
    this.#sorted = [...counts].toSorted(([a], [b]) => a - b);
    this.#total = this.#sorted.reduce((sum, [, count]) => sum + count, 0);
  }

  /** In ms. `undefined` without durations. */
  at(share: number): number | undefined {
    const rank = Math.max(1, Math.ceil(share * this.#total));
    let below = 0;
    for (const [bucket, count] of this.#sorted) {
      below += count;
      if (below >= rank) return middleOf(bucket);
    }
    return undefined;
  }
}

/** How many waits are longer than 10 s, by the middle of their bucket. */
export function countLongWaits(buckets: Iterable<readonly [bucket: number, count: number]>): number {
  let count = 0;
  for (const [bucket, waits] of buckets) if (middleOf(bucket) > LONG_WAIT_MS) count += waits;
  return count;
}

function middleOf(bucket: number): number {
  const octave = Math.floor(bucket / BUCKETS_PER_OCTAVE) + MIN_OCTAVE;
  return 2 ** octave * (1 + ((bucket % BUCKETS_PER_OCTAVE) + 0.5) / BUCKETS_PER_OCTAVE);
}
