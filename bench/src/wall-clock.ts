/** The wall clock, by which servers on this machine expire keys, with a finer resolution than `Date.now()`. */
export class WallClock {
  readonly #origin: number;

  /** Blocks until the wall clock's next millisecond begins. */
  constructor() {
    const before = Date.now();
    let now = before;
    while (now === before) now = Date.now();
    this.#origin = now - performance.now();
  }

  /** Milliseconds since 1970. It ignores later adjustments of the wall clock. */
  now(): number {
    return this.#origin + performance.now();
  }
}
