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

  /** When it began, by the present monotonic clock: earlier than `monotonic` if the wall clock stepped or the machine slept. */
  startedAt(clock: Clock): number {
    return clock.monotonic() - elapsedMs(clock, this);
  }
}
