import { VirtualClock } from "./virtual-clock.ts";

/** A virtual clock whose random numbers depend on the seed only (the generator mulberry32). */
export class SeededClock extends VirtualClock {
  #state: number;

  constructor(seed: number) {
    super();
    this.#state = seed;
  }

  override random(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
}
