import type { Tickets } from "../operations/kind.ts";
import type { RefusedAttempt } from "./retry-schedule.ts";
import type { TicketEstimate } from "./ticket-estimate.ts";

/** The ticket of one acquisition in the enforced lines (protocol §8). It is chosen once, and stays the same for all attempts. */
export class LineTicket {
  readonly #tickets: Tickets;
  readonly #estimate: TicketEstimate;
  /** 0 before the first proposal. */
  #proposed = 0;
  #isChosen = false;
  #isMisplaced = false;

  constructor(tickets: Tickets, estimate: TicketEstimate) {
    this.#tickets = tickets;
    this.#estimate = estimate;
  }

  /** The target of an attempt that joins the line. Without a ticket, it proposes one, if other waiters have shown about which. */
  propose(target: unknown): unknown {
    if (this.#isChosen) return target;
    if (this.#proposed === 0) this.#proposed = this.#estimate.propose() ?? 0;
    return this.#proposed === 0 ? target : this.#tickets.assign(target, -this.#proposed);
  }

  /**
   * The target with its ticket, after an attempt was refused. Without a ticket, it gets the proposed one if a quorum has refused and
   * accepted it, and otherwise one that is larger than all that they know. It stays without one if too few have replied.
   */
  async choose(target: unknown, { attempt, tookMs }: RefusedAttempt): Promise<unknown> {
    this.#isMisplaced = false;
    if (this.#isChosen) return target;
    const survey = await attempt.knownTickets(this.#tickets);
    if (survey === undefined) return target;
    const { known, areQuorum } = survey;
    this.#isChosen = true;
    this.#estimate.record(Math.max(...known.map(({ now }) => now)), tookMs);
    this.#isMisplaced = !areQuorum || !known.every((each) => each.accepts(this.#proposed));
    const next = Math.max(...known.map(({ latest }) => latest)) + 1;
    return this.#tickets.assign(target, this.#isMisplaced ? next : this.#proposed);
  }

  /** Whether the ticket was chosen after the latest attempt. If that joined the line, it has another place on each member. */
  get isMisplaced(): boolean {
    return this.#isMisplaced;
  }
}
