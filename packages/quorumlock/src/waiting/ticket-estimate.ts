import type { Clock } from "../base/clock.ts";

/** How far a proposed ticket is ahead of the estimate, because requests do not always take the same time. */
const MARGIN_MS = 5;

/**
 * What the next ticket of the enforced lines is about, for all callers of a client (protocol §8). Tickets run with the clocks of the
 * instances, so one that was seen tells the later ones.
 */
export class TicketEstimate {
  readonly #clock: Clock;
  /** How far tickets are ahead of the monotonic clock. `undefined` before the first ticket was seen. */
  #leadMs: number | undefined;
  #proposed = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Notes the latest ticket that the instances know, which came with a reply after `tookMs`. It may be as old as that, and the next
   * request takes as long to arrive.
   */
  record(ticket: number, tookMs: number): void {
    this.#leadMs = ticket + 2 * tookMs - this.#clock.monotonic();
  }

  /** A ticket that is probably larger than all that the instances know. `undefined` before the first ticket was seen. */
  propose(): number | undefined {
    if (this.#leadMs === undefined) return undefined;
    const ticket = Math.ceil(this.#clock.monotonic() + this.#leadMs) + MARGIN_MS;
    this.#proposed = Math.max(this.#proposed + 1, ticket);
    return this.#proposed;
  }
}
