/** How long one bucket of the ring lasts, in ms. */
const BUCKET_MS = 10_000;
/** The longest window, in ms. */
const MAX_WINDOW_MS = 900_000;
/** One bucket more than the longest window, for the present bucket. */
const BUCKETS = MAX_WINDOW_MS / BUCKET_MS + 1;

/** What is counted in sliding windows. `waitedMs` and `heldMs` are sums over all callers and locks of the time in the window. */
export const WINDOW_FIELDS = [
  "acquired",
  "skipped",
  "timedOut",
  "noQuorum",
  "extended",
  "extensionsFailed",
  "lost",
  "released",
  "handedOver",
  "waitedMs",
  "heldMs",
] as const;
export type WindowField = (typeof WINDOW_FIELDS)[number];
export type WindowSums = Record<WindowField, number>;

const INDEX = Object.fromEntries(WINDOW_FIELDS.map((field, index) => [field, index])) as WindowSums;

/**
 * Sums in a ring of 91 buckets of 10 s each, 15 minutes in all. It keeps no events, so its size does not depend on their number:
 * 91 × 11 numbers of 8 bytes, 8 kB. A window contains the present bucket, so it is up to 10 s shorter than its name.
 */
export class WindowCounts {
  readonly #sums = new Float64Array(BUCKETS * WINDOW_FIELDS.length);
  /** The number of the latest bucket, counted from the start of the clock. */
  #latest: number;
  /** The bucket in which the counts began. */
  readonly #begin: number;

  constructor(nowMs: number) {
    this.#latest = Math.floor(nowMs / BUCKET_MS);
    this.#begin = this.#latest;
  }

  add(nowMs: number, field: WindowField, amount = 1): void {
    this.#moveTo(nowMs);
    this.#sums[(this.#latest % BUCKETS) * WINDOW_FIELDS.length + INDEX[field]]! += amount;
  }

  /** Adds `rate` for each ms from `fromMs` to `nowMs`, to each bucket its part. */
  addOver(fromMs: number, nowMs: number, field: WindowField, rate: number): void {
    this.#moveTo(nowMs);
    const oldest = Math.max(Math.floor(fromMs / BUCKET_MS), this.#latest - BUCKETS + 1);
    for (let bucket = oldest; bucket <= this.#latest; bucket += 1) {
      const start = Math.max(fromMs, bucket * BUCKET_MS);
      const end = Math.min(nowMs, (bucket + 1) * BUCKET_MS);
      const at = (bucket % BUCKETS) * WINDOW_FIELDS.length;
      this.#sums[at + INDEX[field]]! += rate * Math.max(0, end - start);
    }
  }

  /** The sums of the latest `windowMs`. */
  sums(nowMs: number, windowMs: number): WindowSums {
    this.#moveTo(nowMs);
    const result = emptySums();
    for (let age = 0; age < windowMs / BUCKET_MS && this.#latest - age >= this.#begin; age += 1) {
      const at = ((this.#latest - age) % BUCKETS) * WINDOW_FIELDS.length;
      for (const field of WINDOW_FIELDS) result[field] += this.#sums[at + INDEX[field]]!;
    }
    return result;
  }

  #moveTo(nowMs: number): void {
    const bucket = Math.floor(nowMs / BUCKET_MS);
    const steps = Math.min(BUCKETS, bucket - this.#latest);
    for (let step = 1; step <= steps; step += 1) {
      const at = ((bucket - steps + step) % BUCKETS) * WINDOW_FIELDS.length;
      this.#sums.fill(0, at, at + WINDOW_FIELDS.length);
    }
    if (bucket > this.#latest) this.#latest = bucket;
  }
}

export function emptySums(): WindowSums {
  return Object.fromEntries(WINDOW_FIELDS.map((field) => [field, 0])) as WindowSums;
}

/** The time that counts are divided by, in ms: at least one bucket, because one lock in the first ms is no rate of 1,000 per second. */
export function rateMs(windowMs: number): number {
  return Math.max(BUCKET_MS, windowMs);
}

/** How much time a window is about, in ms: less than the window shortly after the start. At least 1. */
export function coveredMs(nowMs: number, startedMs: number, windowMs: number): number {
  const present = nowMs % BUCKET_MS;
  return Math.max(1, Math.min(windowMs - BUCKET_MS + present, nowMs - startedMs));
}
