/** How often it looks at the clock, in ms. */
const TICK_MS = 20;

/** Measures for how long the machine, or this process, stands still: how much too late a timer fires. */
export class StandstillWatch implements Disposable {
  #lastTick = performance.now();
  #longestMs = 0;
  readonly #timer = setInterval(() => this.#tick(), TICK_MS);

  /** The longest time until now, in ms. */
  get longestMs(): number {
    return this.#longestMs;
  }

  #tick(): void {
    const now = performance.now();
    this.#longestMs = Math.max(this.#longestMs, now - this.#lastTick - TICK_MS);
    this.#lastTick = now;
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }
}
