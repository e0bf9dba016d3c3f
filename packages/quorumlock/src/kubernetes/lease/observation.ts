import type { Clock } from "../../base/clock.ts";
import type { LeaseRecord } from "./lease-record.ts";

/**
 * The state of a Lease as this process has seen it, and since when it has not changed.
 *
 * A taker never compares the times in the record with a clock, because clocks of different machines differ. It measures, with its own
 * monotonic clock, for how long the record has been the same. It begins when a reply *arrives*: the holder has sent its write before
 * the server had this state, so the holder's lease began earlier.
 */
export class Observation {
  readonly #clock: Clock;
  readonly #defaultDurationMs: number;
  #record: LeaseRecord | undefined;
  /** When the record was first seen, by the monotonic clock. */
  #since = 0;

  /** @param defaultDurationMs for a holder that has not said how long its lease lasts. */
  constructor(clock: Clock, defaultDurationMs: number) {
    this.#clock = clock;
    this.#defaultDurationMs = defaultDurationMs;
  }

  get record(): LeaseRecord | undefined {
    return this.#record;
  }

  /** Notes a state that has just arrived. */
  see(record: LeaseRecord): void {
    if (record.version !== this.#record?.version) this.#since = this.#clock.monotonic();
    this.#record = record;
  }

  /** The Lease does not exist. */
  forget(): void {
    this.#record = undefined;
  }

  /** Milliseconds until the lease of the holder has certainly ended. 0 or less if the Lease can be taken. */
  remainingMs(): number {
    if (this.#record === undefined || this.#record.holder === "") return 0;
    return this.takeableAt - this.#clock.monotonic();
  }

  /** When the lease of the holder has certainly ended, by the monotonic clock. */
  get takeableAt(): number {
    return this.#since + (this.#record?.durationMs ?? this.#defaultDurationMs);
  }
}
