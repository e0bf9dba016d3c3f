/** A pseudo-random generator (mulberry32). The same seed gives the same choices. Not for secrets. */
export class SeededRandom {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** Returns a number in [0, 1). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** Returns a number in [min, max). */
  between(min: number, max: number): number {
    return min + this.next() * (max - min);
  }

  /** Returns a whole number from `min` to `max`, both included. */
  whole(min: number, max: number): number {
    return Math.floor(this.between(min, max + 1));
  }

  /** Returns true with this probability, from 0 to 1. */
  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** @throws RangeError if the list is empty. */
  pick<T>(items: readonly T[]): T {
    if (items.length === 0) throw new RangeError("items: must not be empty");
    return items[this.whole(0, items.length - 1)] as T;
  }

  /**
   * Picks an item. An item with twice the share is picked twice as often.
   * @throws RangeError if the list is empty.
   */
  pickByShare<T extends { readonly share: number }>(items: readonly T[]): T {
    let rest = this.next() * items.reduce((sum, { share }) => sum + share, 0);
    return items.find(({ share }) => (rest -= share) < 0) ?? this.pick(items.slice(-1));
  }

  /** Returns `count` different items, or all of them if there are fewer, in random order. */
  sample<T>(items: readonly T[], count: number): readonly T[] {
    const remaining = [...items];
    return Array.from(
      { length: Math.min(count, items.length) },
      () => remaining.splice(this.whole(0, remaining.length - 1), 1)[0] as T,
    );
  }
}
