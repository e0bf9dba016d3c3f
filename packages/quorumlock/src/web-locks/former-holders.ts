import type { Clock } from "../base/clock.ts";

/**
 * The holders of one name that were robbed, and that may not know it. Until the keys of all of them would have expired, they could
 * extend a free key.
 */
export class FormerHolders {
  readonly #clock: Clock;
  /** By the monotonic clock. */
  #endAt = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** How long one of them could still extend a free key, in ms; 0 if none can. */
  get leftMs(): number {
    return Math.max(0, this.#endAt - this.#clock.monotonic());
  }

  /** An instance has robbed somebody who had this time left. */
  keepFor(leftMs: number): void {
    this.#endAt = Math.max(this.#endAt, this.#clock.monotonic() + leftMs);
  }
}
