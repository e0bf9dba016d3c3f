/** What was counted of a class. */
export interface Counts {
  granted: number;
  released: number;
  timedOut: number;
  noQuorum: number;
  skipped: number;
  lost: number;
  extended: number;
  extensionsFailed: number;
  /** Waits of more than 10 s. */
  longWaits: number;
  waitedMs: number;
}

export function noCounts(): Counts {
  return {
    granted: 0,
    released: 0,
    timedOut: 0,
    noQuorum: 0,
    skipped: 0,
    lost: 0,
    extended: 0,
    extensionsFailed: 0,
    longWaits: 0,
    waitedMs: 0,
  };
}

export function addCounts(sum: Counts, added: Readonly<Counts>): void {
  for (const field of Object.keys(sum) as (keyof Counts)[]) sum[field] += added[field];
}

const SLOT_MS = 5_000;
const SLOTS = 60;

interface Slot {
  readonly number: number;
  readonly counts: Counts;
  readonly waits: BucketCounts;
  readonly holds: BucketCounts;
}

/** Counts by bucket of the library's histogram. */
export type BucketCounts = Map<number, number>;

/** The counts of the last 5 minutes, in slots of 5 s. */
export class SlidingCounts {
  #slots: Slot[] = [];
  readonly #total = noCounts();

  /** Everything that was counted so far. */
  get total(): Readonly<Counts> {
    return this.#total;
  }

  /** Whether nothing was counted in the last 5 minutes. */
  isEmpty(nowMs: number): boolean {
    this.#expire(nowMs);
    return this.#slots.length === 0;
  }

  add(nowMs: number, counts: Readonly<Counts>, waits: BucketCounts, holds: BucketCounts): void {
    this.#expire(nowMs);
    const number = Math.floor(nowMs / SLOT_MS);
    let slot = this.#slots.at(-1);
    if (slot?.number !== number) {
      slot = { number, counts: noCounts(), waits: new Map(), holds: new Map() };
      this.#slots.push(slot);
    }
    addCounts(slot.counts, counts);
    addCounts(this.#total, counts);
    addBuckets(slot.waits, waits);
    addBuckets(slot.holds, holds);
  }

  read(nowMs: number): {
    readonly counts: Readonly<Counts>;
    readonly waits: BucketCounts;
    readonly holds: BucketCounts;
  } {
    this.#expire(nowMs);
    const total = { counts: noCounts(), waits: new Map<number, number>(), holds: new Map<number, number>() };
    for (const { counts, waits, holds } of this.#slots) {
      addCounts(total.counts, counts);
      addBuckets(total.waits, waits);
      addBuckets(total.holds, holds);
    }
    return total;
  }

  #expire(nowMs: number): void {
    const oldest = Math.floor(nowMs / SLOT_MS) - SLOTS;
    if ((this.#slots[0]?.number ?? Infinity) <= oldest)
      this.#slots = this.#slots.filter(({ number }) => number > oldest);
  }
}

export function addBuckets(sum: BucketCounts, added: BucketCounts): void {
  for (const [bucket, count] of added) sum.set(bucket, (sum.get(bucket) ?? 0) + count);
}
