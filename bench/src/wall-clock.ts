/** The time by which servers of this machine expire keys, finer than `Date.now()` tells it. */
export class WallClock {
  readonly #origin: number;

  /** Waits for the next tick of the wall clock, a millisecond at most. */
  constructor() {
    const before = Date.now();
    let now = before;
    while (now === before) now = Date.now();
    this.#origin = now - performance.now();
  }

  /** Milliseconds since 1970. It does not follow steps of the clock. */
  now(): number {
    return this.#origin + performance.now();
  }
}
