/** How many buckets each power of two has. A quantile is the middle of a bucket, so it is wrong by at most 1/(2 × 12) = 4.2 %. */
const BUCKETS_PER_OCTAVE = 12;
/** Durations below 2^-3 ms = 0.125 ms are in the first bucket. */
const MIN_OCTAVE = -3;
/** Durations above 2^33 ms, about 99 days, are in the last bucket. */
const MAX_OCTAVE = 32;
/** The maximum number of buckets. */
export const MAX_BUCKETS = (MAX_OCTAVE - MIN_OCTAVE + 1) * BUCKETS_PER_OCTAVE;

const EMPTY = new Float64Array(0);

/** One bucket with at least one duration, for summaries. */
export type BucketCount = readonly [bucket: number, count: number];

/**
 * A log-linear histogram of durations. Each power of two is divided into 12 equal buckets, so the error of a quantile is at most 4.2 %
 * of the duration (0.14 ms for durations below 0.14 ms). Minimum, maximum and mean are exact. It keeps no samples. It keeps
 * the buckets between the smallest and the largest duration: at most 432 numbers of 8 bytes.
 */
export class Histogram {
  /** The bucket of `#counts[0]`. */
  #first = 0;
  #counts = EMPTY;
  /** How many durations it has. */
  count = 0;
  /** Their sum, in ms. */
  sumMs = 0;
  #minMs = Infinity;
  #maxMs = 0;

  /** The shortest duration, in ms. `undefined` without durations. */
  get minMs(): number | undefined {
    return this.count === 0 ? undefined : this.#minMs;
  }

  /** The longest duration, in ms. `undefined` without durations. */
  get maxMs(): number | undefined {
    return this.count === 0 ? undefined : this.#maxMs;
  }

  /** The mean, in ms. `undefined` without durations. */
  get meanMs(): number | undefined {
    return this.count === 0 ? undefined : this.sumMs / this.count;
  }

  /** How many numbers the histogram keeps now. At most `MAX_BUCKETS`. */
  get size(): number {
    return this.#counts.length;
  }

  /** Adds a duration, in ms. A negative one counts as 0. */
  record(ms: number): void {
    const duration = Math.max(0, ms);
    const bucket = bucketOf(duration);
    if (bucket < this.#first || bucket >= this.#first + this.#counts.length) this.#grow(bucket);
    this.#counts[bucket - this.#first]! += 1;
    this.count += 1;
    this.sumMs += duration;
    if (duration < this.#minMs) this.#minMs = duration;
    if (duration > this.#maxMs) this.#maxMs = duration;
  }

  /** Adds all durations of another histogram. */
  add(other: Histogram): void {
    if (other.count === 0) return;
    for (const [bucket, count] of other.buckets()) {
      if (bucket < this.#first || bucket >= this.#first + this.#counts.length) this.#grow(bucket);
      this.#counts[bucket - this.#first]! += count;
    }
    this.count += other.count;
    this.sumMs += other.sumMs;
    this.#minMs = Math.min(this.#minMs, other.#minMs);
    this.#maxMs = Math.max(this.#maxMs, other.#maxMs);
  }

  /** The duration that a share of all durations does not exceed, in ms. `share`: from 0 to 1. `undefined` without durations. */
  quantile(share: number): number | undefined {
    if (this.count === 0) return undefined;
    const rank = Math.max(1, Math.ceil(share * this.count));
    let below = 0;
    for (const [bucket, count] of this.buckets()) {
      below += count;
      if (below >= rank) return Math.min(this.#maxMs, Math.max(this.#minMs, middleOf(bucket)));
    }
    return this.#maxMs;
  }

  /** How many durations are longer than `ms`. The durations in the bucket of `ms` itself do not count. */
  countAbove(ms: number): number {
    const limit = bucketOf(ms);
    let above = 0;
    for (const [bucket, count] of this.buckets()) if (bucket > limit) above += count;
    return above;
  }

  /** The buckets that have durations, the shortest first. */
  *buckets(): Generator<BucketCount> {
    for (let index = 0; index < this.#counts.length; index += 1) {
      const count = this.#counts[index]!;
      if (count > 0) yield [index + this.#first, count];
    }
  }

  /** Makes place for a bucket. It grows by whole powers of two, so it grows seldom. */
  #grow(bucket: number): void {
    const octave = Math.floor(bucket / BUCKETS_PER_OCTAVE) * BUCKETS_PER_OCTAVE;
    const isEmpty = this.#counts.length === 0;
    const first = isEmpty ? octave : Math.min(this.#first, octave);
    const end = Math.max(isEmpty ? 0 : this.#first + this.#counts.length, octave + BUCKETS_PER_OCTAVE);
    const counts = new Float64Array(end - first);
    if (!isEmpty) counts.set(this.#counts, this.#first - first);
    this.#first = first;
    this.#counts = counts;
  }
}

function bucketOf(ms: number): number {
  if (ms < 2 ** MIN_OCTAVE) return 0;
  const octave = Math.floor(Math.log2(ms));
  if (octave > MAX_OCTAVE) return MAX_BUCKETS - 1;
  // The logarithm of a power of two can be a little too small or too large.
  const step = Math.min(
    BUCKETS_PER_OCTAVE - 1,
    Math.max(0, Math.floor((ms / 2 ** octave - 1) * BUCKETS_PER_OCTAVE)),
  );
  return (octave - MIN_OCTAVE) * BUCKETS_PER_OCTAVE + step;
}

/** The shortest duration of the bucket above a bucket, in ms. */
export function upperBoundOf(bucket: number): number {
  const octave = Math.floor(bucket / BUCKETS_PER_OCTAVE) + MIN_OCTAVE;
  return 2 ** octave * (1 + ((bucket % BUCKETS_PER_OCTAVE) + 1) / BUCKETS_PER_OCTAVE);
}

function middleOf(bucket: number): number {
  const octave = Math.floor(bucket / BUCKETS_PER_OCTAVE) + MIN_OCTAVE;
  return 2 ** octave * (1 + ((bucket % BUCKETS_PER_OCTAVE) + 0.5) / BUCKETS_PER_OCTAVE);
}
