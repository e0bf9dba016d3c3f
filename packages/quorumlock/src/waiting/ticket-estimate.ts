import type { Clock } from "../base/clock.ts";

/** How far a proposed ticket is ahead of the estimate, because requests do not always take the same time. */
const MARGIN_MS = 5;
/** A reply that took longer says too little about the time of an instance. */
const MAX_TOOK_MS = 100;

/**
 * What the next ticket of an enforced line is about, for all callers of a client (protocol §8). A new ticket is about the time of the
 * instance whose clock is ahead of the others.
 */
export class TicketEstimate {
  readonly #clock: Clock;
  /** How far the clocks of the instances are ahead of the monotonic clock. `undefined` if that is not known. */
  #leadMs: number | undefined;
  #proposed = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Notes the latest time of the instances, which came with a reply after `tookMs`. It may be as old as that, and the next request
   * takes as long to arrive.
   */
  record(now: number, tookMs: number): void {
    this.#leadMs = tookMs > MAX_TOOK_MS ? undefined : now + 2 * tookMs - this.#clock.monotonic();
  }

  /**
   * A ticket that is probably larger than all that the instances know, and larger than those of the calls before in this moment.
   * `undefined` if there is no estimate.
   */
  propose(): number | undefined {
    if (this.#leadMs === undefined) return undefined;
    const ticket = Math.ceil(this.#clock.monotonic() + this.#leadMs) + MARGIN_MS;
    const isSameMoment = Math.abs(this.#proposed - ticket) <= MAX_TOOK_MS;
    this.#proposed = isSameMoment ? Math.max(this.#proposed + 1, ticket) : ticket;
    return this.#proposed;
  }
}
