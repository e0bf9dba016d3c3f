import { type Clock, elapsed, type Instant } from "../clock.ts";
import { driftAllowance } from "../options.ts";

/** A time during which a lock is surely held, by the clocks of this process (protocol §2). */
export class Lease {
  readonly #clock: Clock;
  readonly #start: Instant;
  readonly #validMs: number;

  /** `start` is a moment before the first request of the round was sent. */
  constructor(clock: Clock, start: Instant, ttlMs: number, driftFactor: number) {
    this.#clock = clock;
    this.#start = start;
    this.#validMs = ttlMs - driftAllowance(ttlMs, driftFactor);
  }

  /**
   * Milliseconds left; 0 or less when it is over. Right also after a pause and after steps of the wall clock.
   */
  remaining(): number {
    return this.#validMs - elapsed(this.#clock, this.#start);
  }

  /** When it ends at the latest, by the monotonic clock. */
  get endsAt(): number {
    return this.#start.monotonic + this.#validMs;
  }

  get startedAt(): number {
    return this.#start.monotonic;
  }
}
