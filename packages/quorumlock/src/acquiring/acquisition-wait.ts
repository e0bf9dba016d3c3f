import type { Attempt } from "../quorum/attempt.ts";
import { waiterOf } from "../operations/kind.ts";
import { LineEntry } from "../waiting/line-entry.ts";
import { type RefusedAttempt, RetrySchedule } from "../waiting/retry-schedule.ts";
import { WaitLimit } from "../waiting/wait-limit.ts";
import type { AcquireCall } from "./acquire-call.ts";
import { throwIfEnded, throwIfPermanent } from "./acquire-error.ts";
import { AttemptSeries } from "./attempt-series.ts";
import { QuarantineAllowance } from "./quarantine-allowance.ts";

/**
 * The state `waiting` of an acquisition: it waits for its turn, sends attempts until one wins, and leaves the line. Its limit ends
 * it early.
 */
export class AcquisitionWait {
  readonly #call: AcquireCall;
  readonly #limit: WaitLimit;
  readonly #allowance: QuarantineAllowance;
  readonly #line: LineEntry;
  readonly #schedule: RetrySchedule;
  readonly #series: AttemptSeries;
  #onTurn: (() => void) | undefined;

  /** `first`: the first attempt, if it was sent and did not win. */
  constructor(call: AcquireCall, first: RefusedAttempt | undefined) {
    const { clock, deadlines, members, queue, wakeUps, quorumContext } = call.context;
    const { kind, target, options } = call.request;
    this.#call = call;
    this.#allowance = new QuarantineAllowance(clock, members, options);
    this.#limit = new WaitLimit({
      clock,
      deadlines,
      startedAt: call.startedAt,
      waitMs: options.waitMs,
      signal: options.signal,
      extensionMs: () => this.#allowance.atEnd(),
    });
    this.#line = new LineEntry(quorumContext, kind, target, queue.linePlaces);
    this.#schedule = new RetrySchedule(
      {
        clock,
        members,
        wakeUps,
        waiter: waiterOf(kind, target, quorumContext.clientId),
        hasOwnPlace: kind.waiterOf !== undefined,
        onNamedByFew: (namedMask) => this.#line.stay(namedMask),
        renewMs: kind.renewMs,
      },
      first?.attempt.hold.voters ?? members.voters,
      (part: unknown = target) => kind.channels(part, quorumContext.prefix),
    );
    this.#series = new AttemptSeries(call, this.#limit, this.#schedule, this.#line, first);
  }

  /** The client closes. */
  close(): void {
    this.#limit.end("closed");
  }

  /** The place in the local queue is admitted. */
  onTurn(): void {
    this.#onTurn?.();
  }

  /** Ends the call with the lock, or with the reason why it was not granted. Never rejects. */
  async run(): Promise<void> {
    const { context, request, place } = this.#call;
    try {
      await this.#takeTurn();
      // The caller before this one has just learnt it, so this one need not ask.
      throwIfPermanent(place?.inheritedRefusal, this.#call);
      context.members.recordTtl(request.options.ttlMs);
      this.#series.joinOthers();
      let attempt: Attempt;
      do attempt = await this.#series.tryUntilGranted();
      while (this.#releaseIfUnusable(attempt));
      // On members that hold the token, the release removes this client from the line, unless the kind leaves earlier.
      this.#leaveLine(request.kind.leavesLineWhenServed === true ? ~0 : ~attempt.hold.mayHoldMask);
      this.#call.succeed(attempt);
    } catch (error) {
      this.#leaveLine(~0);
      this.#call.fail(error);
    } finally {
      this.#schedule.close();
      this.#limit.dispose();
    }
  }

  /** Waits until the members are identified, then for its turn in the local queue, then for a yield to other processes. */
  async #takeTurn(): Promise<void> {
    const call = this.#call;
    const { clock, members, queue } = call.context;
    if (!members.isIdentified) throwIfEnded(await this.#limit.until(members.identifyAll()), call);
    this.#limit.extendBy(this.#allowance.atStart());
    if (members.conflict !== undefined) throw members.conflict;
    const place = call.place!;
    let yieldUntil = queue.yieldUntil(call.names);
    if (!place.isAdmitted) {
      call.onWaiting();
      throwIfEnded(await this.#limit.until(new Promise((resolve) => (this.#onTurn = resolve))), call);
      if (call.offeredHold !== undefined) return;
      yieldUntil = Math.max(yieldUntil, place.beginTurn());
    }
    // A caller whose wait ends before the yield does not yield.
    const canYield = yieldUntil < call.startedAt + call.request.options.waitMs;
    if (yieldUntil > clock.monotonic() && canYield)
      throwIfEnded(await this.#limit.sleep(() => yieldUntil), call);
  }

  /**
   * Releases a hold that the caller cannot use: its wait has ended, or the voters have changed since the last vote. Returns
   * `true` if the acquisition must try again.
   */
  #releaseIfUnusable(attempt: Attempt): boolean {
    const { hold } = attempt;
    const { members } = this.#call.context;
    const { ended } = this.#limit;
    if (ended === undefined && members.conflict === undefined && !hold.isOutdated) return false;
    this.#call.recordUnusable(attempt);
    hold.release();
    if (members.conflict !== undefined) throw members.conflict;
    throwIfEnded(ended, this.#call);
    return true;
  }

  /** Leaves the line, unless another acquisition of this client shares the place and needs it. */
  #leaveLine(mask: number): void {
    const { context, request } = this.#call;
    const place = this.#call.place!;
    const { queue } = context;
    place.isInLine = false;
    this.#line.leaveLocally();
    if (!queue.shares(place)) this.#line.leave(mask);
    if (request.kind.waiterOf !== undefined) queue.admitBeside(place);
  }
}
