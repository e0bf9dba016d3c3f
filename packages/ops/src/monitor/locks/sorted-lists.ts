/** A sorted list with the moment when it was made, and how long that took. */
export interface TimedList {
  /** Monotonic. */
  readonly madeAt: number;
  readonly tookMs: number;
}

/** Sorted lists that are kept. */
const MAX_SORTED = 16;
const MIN_SORTED_MS = 250;
const MAX_SORTED_MS = 2_000;
/** Sorting takes at most so much of the time, as a divisor. */
const SORT_SHARE = 20;

/** How long a result is kept that took so long to make, at most 2 s. */
export function keptMs(tookMs: number): number {
  return Math.min(MAX_SORTED_MS, Math.max(MIN_SORTED_MS, SORT_SHARE * tookMs));
}

/** The latest sorted lists by their query: at most 16, and none that is older than 2 s when another one comes. */
export class SortedLists<List extends TimedList> {
  /** In the order in which they were made. */
  readonly #lists = new Map<string, List>();

  get size(): number {
    return this.#lists.size;
  }

  /** The list of this query, if it is young enough to be shown. */
  find(key: string, now: number): List | undefined {
    const list = this.#lists.get(key);
    return list !== undefined && now - list.madeAt < keptMs(list.tookMs) ? list : undefined;
  }

  /** Keeps a list that was just made. Drops the lists that nobody can be shown any more: each refers to an entry for every name. */
  keep(key: string, list: List): void {
    this.#lists.delete(key);
    this.#lists.set(key, list);
    for (const [oldest, { madeAt }] of this.#lists) {
      if (this.#lists.size <= MAX_SORTED && list.madeAt - madeAt < MAX_SORTED_MS) return;
      this.#lists.delete(oldest);
    }
  }
}
