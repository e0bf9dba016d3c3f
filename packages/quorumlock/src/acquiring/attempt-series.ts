import type { Tickets } from "../operations/kind.ts";
import { Attempt } from "../quorum/attempt.ts";
import type { Refusal } from "../quorum/refusal.ts";
import type { LineEntry } from "../waiting/line-entry.ts";
import { LineTicket } from "../waiting/line-ticket.ts";
import type { RefusedAttempt, RetrySchedule } from "../waiting/retry-schedule.ts";
import type { WaitEnd, WaitLimit } from "../waiting/wait-limit.ts";
import type { AcquireCall } from "./acquire-call.ts";
import { errorAtEnd, rejectionOf, throwIfEnded, throwIfPermanent } from "./acquire-error.ts";

/** Maximum number of alternative targets that an acquisition tries one after another before it waits. */
const MAX_ALTERNATIVES = 4;
/** How often an acquisition without a wait waits until members can vote again: for their connections, and for their memory. */
const MAX_RESTORATIONS = 2;

/**
 * The attempts of one acquisition that has its turn, one after another. Decides after each refusal what the next attempt asks for,
 * and whether it follows at once, after a wait, or not at all.
 */
export class AttemptSeries {
  readonly #call: AcquireCall;
  readonly #limit: WaitLimit;
  readonly #schedule: RetrySchedule;
  readonly #line: LineEntry;
  /** The first attempt, if it was sent before the series and did not win. */
  #first: RefusedAttempt | undefined;

  constructor(
    call: AcquireCall,
    limit: WaitLimit,
    schedule: RetrySchedule,
    line: LineEntry,
    first: RefusedAttempt | undefined,
  ) {
    this.#call = call;
    this.#limit = limit;
    this.#schedule = schedule;
    this.#line = line;
    this.#first = first;
  }

  /** If others of this client stand in the enforced line, each in a place of its own, the first attempt joins it. */
  joinOthers(): void {
    const { kind, options } = this.#call.request;
    if (this.#first === undefined && options.waitMs > 0 && kind.waiterOf !== undefined)
      this.#schedule.subscribeWithOthers();
  }

  /** Returns the attempt that won. Throws the error of the acquisition if its wait ends, or if waiting does not help. */
  async tryUntilGranted(): Promise<Attempt> {
    const call = this.#call;
    const limit = this.#limit;
    const schedule = this.#schedule;
    const { kind, options } = call.request;
    const { clock, members, ticketEstimate } = call.context;
    const ticket = this.#tickets && new LineTicket(this.#tickets, ticketEstimate);
    /** The target, with a ticket after the first refusal. */
    let placed = call.request.target;
    let target = placed;
    let alternatives = 0;
    let refused = this.#first;
    this.#first = undefined;
    let restorations = 0;
    for (;;) {
      let isMisplaced = false;
      if (members.voters !== schedule.voters) {
        this.#line.leave();
        schedule.restart();
        refused = undefined;
      }
      if (refused === undefined) {
        const result = await this.#tryOnce(target, ticket);
        if (result instanceof Attempt) return result;
        refused = result;
      }
      throwIfEnded(limit.ended, call);
      const rejection = rejectionOf(call.request, refused.refusal, schedule.voters);
      if (rejection !== undefined) throw rejection;
      // The voters changed during the attempt. The next attempt goes to the new voters, without a wait.
      if (members.voters !== schedule.voters) continue;
      const latest = refused;
      const { kind: reason, replies, isPermanent } = latest.refusal;
      // Servers that have lost their connection or their memory may vote again after few round trips. An acquisition without a
      // wait takes that time. An acquisition that was refused for good takes it as well, because the refusal of a recovery step may
      // be old.
      const endsNow = isPermanent ? members.retryRefusedRecovery() : options.waitMs === 0;
      const canRestore = endsNow && reason === "no-quorum" && restorations < MAX_RESTORATIONS;
      const restored = canRestore ? members.whenRestored() : undefined;
      if (restored !== undefined) {
        restorations += 1;
        throwIfEnded(await limit.until(restored), call);
        refused = undefined;
        continue;
      }
      throwIfPermanent(latest.refusal, call);
      if (options.waitMs > 0) schedule.recordRefusal(latest);
      if (ticket !== undefined) {
        const choosing = ticket.choose(placed, latest);
        throwIfEnded(await limit.until(choosing.then((given) => void (placed = given))), call);
        kind.tickets?.onRefused?.(target, latest.attempt.refusals);
        // It is in line already, in another place on each instance.
        isMisplaced = ticket.isMisplaced && schedule.isSubscribed;
      }
      refused = undefined;
      const other = kind.alternative?.(target, replies, () => clock.random());
      alternatives = other === undefined ? 0 : alternatives + 1;
      if (other !== undefined && alternatives <= MAX_ALTERNATIVES) {
        target = other;
      } else if (isMisplaced) {
        target = placed;
      } else {
        throwIfEnded(options.waitMs === 0 ? "timeout" : await this.#waitAfter(latest), call);
        target = kind.withHints?.(placed, schedule.hints) ?? placed;
        alternatives = 0;
      }
    }
  }

  /** Set for a caller that may stand in an enforced line. */
  get #tickets(): Tickets | undefined {
    const { kind, options } = this.#call.request;
    return options.waitMs > 0 ? kind.tickets : undefined;
  }

  /** Waits until the next attempt may begin. Late replies to the latest attempt can show that waiting does not help. */
  async #waitAfter({ attempt, refusal }: RefusedAttempt): Promise<WaitEnd | undefined> {
    this.#call.onWaiting();
    let isWaiting = true;
    const onReply = (): void => {
      if (!isWaiting || !attempt.isRefusedForGood) return;
      this.#call.refusal = attempt.partialRefusal;
      this.#limit.end("refused");
    };
    if (refusal.kind === "no-quorum") attempt.listen(onReply);
    const end = await this.#schedule.waitForNextAttempt(this.#limit);
    isWaiting = false;
    return end;
  }

  /** Runs one attempt. Returns the attempt if it won. */
  async #tryOnce(wanted: unknown, ticket: LineTicket | undefined): Promise<Attempt | RefusedAttempt> {
    const call = this.#call;
    const limit = this.#limit;
    const line = this.#line;
    const place = call.place!;
    const joinsLine = this.#schedule.isSubscribed;
    if (joinsLine) {
      place.isInLine = true;
      const turn = line.enterLocally();
      if (turn !== undefined) throwIfEnded(await limit.until(turn), call);
    }
    // A place that the callers of a client share has the ticket of one of them, so they propose none.
    const canPropose = joinsLine && call.request.kind.waiterOf !== undefined;
    const target = canPropose ? (ticket?.propose(wanted) ?? wanted) : wanted;
    const startedAt = call.context.clock.monotonic();
    this.#schedule.beginAttempt();
    let refusal: Refusal | undefined;
    let attempt!: Attempt;
    const ended = new Promise<void>((resolve) => {
      const onAttemptEnded = (reason: Refusal | undefined): void => {
        refusal = reason;
        resolve();
      };
      attempt = call.newAttempt(target, joinsLine, { onAttemptEnded });
      attempt.start();
    });
    if (joinsLine) line.recordJoin(attempt.hold.voters, attempt.hold.mayHoldMask);
    const end = await limit.until(ended);
    if (end !== undefined) {
      // A finished attempt, also of a caller before this one, says more than an unfinished one.
      call.refusal ??= place.inheritedRefusal ?? attempt.partialRefusal;
      attempt.cancel();
      attempt.hold.withdraw();
      throw errorAtEnd(end, call);
    }
    return refusal === undefined ? attempt : call.recordRefusal(attempt, refusal, startedAt);
  }
}
