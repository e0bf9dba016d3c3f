import { type Clock, elapsedMs, type Instant } from "../base/clock.ts";
import { driftAllowance } from "../base/options.ts";

/** A time for which a lock is certainly held, by the clocks of this process (protocol §2). */
export class Lease implements Instant {
  /** When it began. */
  readonly monotonic: number;
  readonly wall: number;
  readonly validMs: number;

  /** Begins now: create it before the first request of the round is sent. */
  constructor(clock: Clock, ttlMs: number, driftFactor: number) {
    this.monotonic = clock.monotonic();
    this.wall = clock.wall();
    this.validMs = ttlMs - driftAllowance(ttlMs, driftFactor);
  }

  /** Milliseconds left; 0 or less if it is over. Correct also after a pause and after a step of the wall clock. */
  remainingMs(clock: Clock): number {
    return this.validMs - elapsedMs(clock, this);
  }

  /**
   * When it began, by a monotonic clock that shows `monotonic` now. Earlier than the recorded moment if the wall clock, which shows
   * `wall` now, has stepped forward or the machine has slept.
   */
  startedAt(monotonic: number, wall: number): number {
    return Math.min(this.monotonic, monotonic - (wall - this.wall));
  }
}
