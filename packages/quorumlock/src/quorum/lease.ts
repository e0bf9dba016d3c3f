import { type Clock, elapsed, type Instant } from "../base/clock.ts";
import { driftAllowance } from "../base/options.ts";

/** A time during which a lock is surely held, by the clocks of this process (protocol §2). */
export class Lease implements Instant {
  /** When it began. */
  readonly monotonic: number;
  readonly wall: number;
  readonly #clock: Clock;
  readonly #validMs: number;

  /** It begins now: to be made before the first request of the round is sent. */
  constructor(clock: Clock, ttlMs: number, driftFactor: number) {
    this.monotonic = clock.monotonic();
    this.wall = clock.wall();
    this.#clock = clock;
    this.#validMs = ttlMs - driftAllowance(ttlMs, driftFactor);
  }

  /**
   * Milliseconds left; 0 or less when it is over. Right also after a pause and after steps of the wall clock.
   */
  remaining(): number {
    return this.#validMs - elapsed(this.#clock, this);
  }

  /** When it ends at the latest, by the monotonic clock. */
  get endsAt(): number {
    return this.monotonic + this.#validMs;
  }
}
