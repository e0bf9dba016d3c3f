import { assert } from "../base/assert.ts";
import { rejectAtCaller } from "../base/caller-stack.ts";
import { LockAbortedError, LockClosedError, LockError, LockKindError } from "../base/errors.ts";
import type { ResolvedAcquireOptions } from "../base/options.ts";
import type { RegistryEntry } from "../base/registry.ts";
import { makeToken } from "../base/token.ts";
import type { LockWatch } from "../diagnostics/lock-watch.ts";
import type { HeldLock, LockClass } from "../holding/lock.ts";
import { type LockKind, waiterOf } from "../operations/kind.ts";
import { Attempt, type AttemptListener } from "../quorum/attempt.ts";
import { Hold } from "../quorum/hold.ts";
import type { Refusal } from "../quorum/refusal.ts";
import { LineEntry } from "../waiting/line-entry.ts";
import type { LocalWaiter, Place } from "../waiting/place.ts";
import { type RefusedAttempt, RetrySchedule } from "../waiting/retry-schedule.ts";
import { type WaitEnd, WaitLimit } from "../waiting/wait-limit.ts";
import { permanentError, rejectionOf, timeoutError } from "./acquire-error.ts";
import type { AcquiringContext } from "./acquiring-context.ts";
import { QuarantineAllowance } from "./quarantine-allowance.ts";

/** Maximum number of alternative targets that an acquisition tries one after another before it waits. */
const MAX_ALTERNATIVES = 4;
/** How often an acquisition without a wait waits until members can vote again: for their connections, and for their memory. */
const MAX_RESTORATIONS = 2;

/** The target of an acquisition, and its options. */
export interface AcquireRequest {
  readonly kind: LockKind;
  readonly target: unknown;
  readonly options: ResolvedAcquireOptions;
  /** The class of the lock. */
  readonly lockClass: LockClass<HeldLock>;
  /** Set only with `diagnostics: true`. */
  readonly watch: LockWatch | undefined;
}

/**
 * One call of `acquire`, from its place in the local queue to the lock or the error.
 *
 - `first attempt`: the local queue is empty, and only the close of the client can end the attempt early. Most locks are
 *   granted so. This state needs no time limit, no signal and no loop.
 * - `waiting`: it waits for its turn in the local queue. Then it sends attempts, with waits between them, until an attempt wins
 *   or the wait ends.
 * - `ended`: the promise of the caller is settled.
 */
export class Acquisition implements AttemptListener, LocalWaiter, RegistryEntry {
  registryIndex = -1;
  readonly #context: AcquiringContext;
  readonly #request: AcquireRequest;
  readonly #names: readonly string[];
  readonly #startedAt: number;
  /** `Members.changes` when the latest attempt began. */
  #changesBefore = 0;
  #place: Place | undefined;
  /** The first attempt, while it is in flight. */
  #firstAttempt: Attempt | undefined;
  #limit: WaitLimit | undefined;
  #attempts = 0;
  #resolve!: (lock: HeldLock | Promise<never>) => void;
  #onTurn: (() => void) | undefined;
  offeredHold: Hold | undefined;
  refusal: Refusal | undefined;

  constructor(context: AcquiringContext, request: AcquireRequest) {
    this.#context = context;
    this.#request = request;
    this.#names = request.kind.names(request.target);
    this.#startedAt = context.clock.monotonic();
  }

  start(): Promise<HeldLock> {
    return new Promise((resolve) => {
      this.#resolve = resolve;
      this.#context.beginAcquisition(this);
      try {
        this.#enterQueue();
        if (this.#canTryAtOnce()) this.#tryAtOnce();
        else void this.#wait(undefined);
      } catch (error) {
        this.#fail(error);
      }
    });
  }

  /** The client closes. */
  close(): void {
    if (this.#firstAttempt === undefined) {
      this.#limit?.end("closed");
      return;
    }
    this.#firstAttempt.cancel();
    this.#firstAttempt = undefined;
    this.#fail(this.#errorAt("closed"));
  }

  onTurn(): void {
    this.#onTurn?.();
  }

  /** The first attempt has ended. */
  onAttemptEnded(refusal: Refusal | undefined): void {
    const attempt = this.#firstAttempt;
    if (attempt === undefined) return;
    this.#firstAttempt = undefined;
    const { members } = this.#context;
    if (refusal !== undefined) {
      this.refusal = refusal;
      void this.#wait(this.#refusedAttempt(attempt, refusal, this.#startedAt));
    } else if (members.conflict !== undefined) {
      attempt.hold.withdraw();
      this.#fail(members.conflict);
    } else if (attempt.hold.isOutdated) {
      attempt.hold.withdraw();
      void this.#wait(undefined);
    } else {
      this.#succeed(attempt);
    }
  }

  #enterQueue(): void {
    const { members, queue, isClosed } = this.#context;
    const { kind, target, options } = this.#request;
    if (isClosed) throw new LockClosedError(this.#names);
    if (options.signal?.aborted === true) throw new LockAbortedError(this.#names, options.signal.reason);
    if (queue.placeOfOtherKind(kind, target) !== undefined) throw new LockKindError(this.#names);
    if (options.waitMs === 0 && queue.isOccupied(kind, target)) throw this.#timeoutError();
    if (members.conflict !== undefined) throw members.conflict;
    this.#place = queue.enter(kind, target, options.ttlMs, this);
  }

  /** Whether only the close of the client can end an attempt that begins now before its rounds are decided. */
  #canTryAtOnce(): boolean {
    const { members, queue, requestTimeoutMs } = this.#context;
    const { kind, options } = this.#request;
    const { signal, waitMs } = options;
    if (this.#place?.isAdmitted !== true || !members.isIdentified || signal !== undefined) return false;
    if (waitMs === 0) return true;
    if (members.hasCluster && this.#names.length > 1) return false;
    // With one target, an attempt has at most two rounds: the vote and the commit. If members can vote for different things, up to three
    // more settle that.
    const rounds = kind.choices === undefined ? 2 : 5;
    return waitMs >= rounds * requestTimeoutMs && queue.yieldUntil(this.#names) === 0;
  }

  #tryAtOnce(): void {
    this.#context.members.recordTtl(this.#request.options.ttlMs);
    this.#firstAttempt = this.#newAttempt(this.#request.target, false, this);
    this.#firstAttempt.start();
  }

  #newAttempt(target: unknown, joinsLine: boolean, listener: AttemptListener): Attempt {
    const { clock, members, quorumContext } = this.#context;
    const { kind, options } = this.#request;
    const token = makeToken(clock.randomToken(), options.tokenSuffix);
    const previous = this.offeredHold;
    this.offeredHold = undefined;
    this.#attempts += 1;
    this.#changesBefore = members.changes;
    const hold = new Hold(quorumContext, kind, target, token);
    return new Attempt(quorumContext, hold, { ttlMs: options.ttlMs, previous, joinsLine }, listener);
  }

  /** Waits for its turn, and then until it is granted the lock. Never rejects. */
  async #wait(first: RefusedAttempt | undefined): Promise<void> {
    const { clock, deadlines, members, queue, wakeUps, quorumContext } = this.#context;
    const { kind, target, options } = this.#request;
    const { waitMs, signal } = options;
    const allowance = new QuarantineAllowance(clock, members, options);
    const limit = new WaitLimit({
      clock,
      deadlines,
      startedAt: this.#startedAt,
      waitMs,
      signal,
      extensionMs: () => allowance.atEnd(),
    });
    this.#limit = limit;
    const voters = first?.attempt.hold.voters ?? members.voters;
    const channelsOf = (part: unknown = target): readonly string[] =>
      kind.channels(part, quorumContext.prefix);
    const waiter = waiterOf(kind, target, quorumContext.clientId);
    const line = new LineEntry(quorumContext, kind, target, queue.linePlaces);
    const schedule = new RetrySchedule(
      {
        clock,
        members,
        wakeUps,
        waiter,
        hasOwnPlace: kind.waiterOf !== undefined,
        onNamedByFew: (namedMask) => line.stay(namedMask),
        renewMs: kind.renewMs,
      },
      voters,
      channelsOf,
    );
    try {
      await this.#takeTurn(limit, allowance);
      // The caller before this one has just learnt it, so this one need not ask.
      this.#throwIfPermanent(this.#place?.inheritedRefusal);
      members.recordTtl(options.ttlMs);
      let refused = first;
      let attempt: Attempt;
      do {
        attempt = await this.#tryUntilGranted(refused, limit, schedule, line);
        refused = undefined;
      } while (this.#releaseIfUnusable(attempt, limit));
      // On members that hold the token, the release removes this client from the line, unless the kind leaves earlier.
      this.#leaveLine(line, kind.leavesLineWhenServed === true ? ~0 : ~attempt.hold.mayHoldMask);
      this.#succeed(attempt);
    } catch (error) {
      this.#leaveLine(line, ~0);
      this.#fail(error);
    } finally {
      schedule.close();
      limit.dispose();
    }
  }

  /** Waits until the members are identified, then for its turn in the local queue, then for a yield to other processes. */
  async #takeTurn(limit: WaitLimit, allowance: QuarantineAllowance): Promise<void> {
    const { clock, members, queue } = this.#context;
    if (!members.isIdentified) this.#throwIf(await limit.until(members.identifyAll()));
    limit.extendBy(allowance.atStart());
    if (members.conflict !== undefined) throw members.conflict;
    const place = this.#place!;
    let yieldUntil = queue.yieldUntil(this.#names);
    if (!place.isAdmitted) {
      this.#throwIf(await limit.until(new Promise((resolve) => (this.#onTurn = resolve))));
      if (this.offeredHold !== undefined) return;
      yieldUntil = Math.max(yieldUntil, place.beginTurn());
    }
    // A caller whose wait ends before the yield does not yield.
    const canYield = yieldUntil < this.#startedAt + this.#request.options.waitMs;
    if (yieldUntil > clock.monotonic() && canYield) this.#throwIf(await limit.sleep(() => yieldUntil));
  }

  async #tryUntilGranted(
    first: RefusedAttempt | undefined,
    limit: WaitLimit,
    schedule: RetrySchedule,
    line: LineEntry,
  ): Promise<Attempt> {
    const { kind, options } = this.#request;
    const { clock, members } = this.#context;
    /** The target, with a place in line after the first refusal. */
    let placed = this.#request.target;
    let target = placed;
    let alternatives = 0;
    let refused = first;
    let restorations = 0;
    for (;;) {
      let isMisplaced = false;
      if (members.voters !== schedule.voters) {
        line.leave();
        schedule.restart();
        refused = undefined;
      }
      if (refused === undefined) {
        const result = await this.#tryOnce(target, limit, schedule, line);
        if (result instanceof Attempt) return result;
        refused = result;
      }
      this.#throwIf(limit.ended);
      const rejection = rejectionOf(this.#request, refused.refusal, schedule.voters);
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
        this.#throwIf(await limit.until(restored));
        refused = undefined;
        continue;
      }
      this.#throwIfPermanent(latest.refusal);
      if (options.waitMs > 0) schedule.recordRefusal(latest);
      if (kind.withPlace !== undefined && options.waitMs > 0) {
        const isFirst = placed === this.#request.target;
        const placing = latest.attempt.withPlace(placed, isFirst);
        this.#throwIf(await limit.until(placing.then((given) => void (placed = given))));
        // It is in line already, in another place on each instance.
        isMisplaced = isFirst && placed !== this.#request.target && schedule.isSubscribed;
      }
      refused = undefined;
      const other = kind.alternative?.(target, replies, () => clock.random());
      alternatives = other === undefined ? 0 : alternatives + 1;
      if (other !== undefined && alternatives <= MAX_ALTERNATIVES) {
        target = other;
      } else if (isMisplaced) {
        target = placed;
      } else {
        this.#throwIf(options.waitMs === 0 ? "timeout" : await this.#waitAfter(latest, limit, schedule));
        target = kind.withHints?.(placed, schedule.hints) ?? placed;
        alternatives = 0;
      }
    }
  }

  /** Waits until the next attempt may begin. Late replies to the latest attempt can show that waiting does not help. */
  async #waitAfter(
    { attempt, refusal }: RefusedAttempt,
    limit: WaitLimit,
    schedule: RetrySchedule,
  ): Promise<WaitEnd | undefined> {
    let isWaiting = true;
    const onReply = (): void => {
      if (!isWaiting || !attempt.isRefusedForGood) return;
      this.refusal = attempt.partialRefusal;
      limit.end("refused");
    };
    if (refusal.kind === "no-quorum") attempt.listen(onReply);
    const end = await schedule.waitForNextAttempt(limit);
    isWaiting = false;
    return end;
  }

  /** Runs one attempt. Returns the attempt if it won. */
  async #tryOnce(
    target: unknown,
    limit: WaitLimit,
    schedule: RetrySchedule,
    line: LineEntry,
  ): Promise<Attempt | RefusedAttempt> {
    const { clock } = this.#context;
    const joinsLine = schedule.isSubscribed;
    if (joinsLine) {
      this.#place!.isInLine = true;
      const turn = line.enterLocally();
      if (turn !== undefined) this.#throwIf(await limit.until(turn));
    }
    const startedAt = clock.monotonic();
    schedule.beginAttempt();
    let refusal: Refusal | undefined;
    let attempt!: Attempt;
    const ended = new Promise<void>((resolve) => {
      const onAttemptEnded = (reason: Refusal | undefined): void => {
        refusal = reason;
        resolve();
      };
      attempt = this.#newAttempt(target, joinsLine, { onAttemptEnded });
      attempt.start();
    });
    if (joinsLine) line.recordJoin(attempt.hold.voters, attempt.hold.mayHoldMask);
    const end = await limit.until(ended);
    if (end !== undefined) {
      // A finished attempt, also of a caller before this one, says more than an unfinished one.
      this.refusal ??= this.#place?.inheritedRefusal ?? attempt.partialRefusal;
      attempt.cancel();
      attempt.hold.withdraw();
      throw this.#errorAt(end);
    }
    if (refusal === undefined) return attempt;
    this.refusal = refusal;
    return this.#refusedAttempt(attempt, refusal, startedAt);
  }

  #refusedAttempt(attempt: Attempt, refusal: Refusal, startedAt: number): RefusedAttempt {
    const tookMs = this.#context.clock.monotonic() - startedAt;
    return { attempt, refusal, tookMs, changesBefore: this.#changesBefore };
  }

  /**
   * Releases a hold that the caller cannot use: its wait has ended, or the voters have changed since the last vote. Returns
   * `true` if the acquisition must try again.
   */
  #releaseIfUnusable({ hold }: Attempt, limit: WaitLimit): boolean {
    const { members } = this.#context;
    if (limit.ended === undefined && members.conflict === undefined && !hold.isOutdated) return false;
    hold.release();
    if (members.conflict !== undefined) throw members.conflict;
    this.#throwIf(limit.ended);
    return true;
  }

  /** Leaves the line, unless another acquisition of this client shares the place and needs it. */
  #leaveLine(line: LineEntry, mask: number): void {
    const place = this.#place!;
    const { queue } = this.#context;
    place.isInLine = false;
    line.leaveLocally();
    if (!queue.shares(place)) line.leave(mask);
    if (this.#request.kind.waiterOf !== undefined) queue.admitBeside(place);
  }

  #succeed(attempt: Attempt): void {
    const { clock, events } = this.#context;
    const { options, watch, lockClass } = this.#request;
    const { ttlMs, autoExtend } = options;
    const { hold, lease } = attempt;
    const place = this.#place!;
    const lock = new lockClass(this.#context, { hold, lease, ttlMs, autoExtend, place, watch });
    this.#context.endAcquisition(this);
    if (events.hasListener("lock:acquire:succeeded")) {
      const { names, token, fence } = lock;
      const waitedMs = clock.monotonic() - this.#startedAt;
      const attempts = this.#attempts;
      events.emit("lock:acquire:succeeded", { names, token, fence, waitedMs, attempts });
    }
    this.#resolve(lock);
  }

  #fail(error: unknown): void {
    const { clock, events } = this.#context;
    const now = clock.monotonic();
    this.#place?.leave();
    this.#context.endAcquisition(this);
    if (error instanceof LockError) {
      const waitedMs = now - this.#startedAt;
      events.emit("lock:acquire:failed", { names: this.#names, error, waitedMs, attempts: this.#attempts });
    }
    this.#resolve(rejectAtCaller(error));
  }

  #throwIfPermanent(refusal: Refusal | undefined): void {
    if (refusal?.isPermanent !== true) return;
    this.refusal = refusal;
    this.#throwIf("refused");
  }

  #throwIf(end: WaitEnd | undefined): void {
    if (end !== undefined) throw this.#errorAt(end);
  }

  #errorAt(end: WaitEnd): LockError {
    if (end === "aborted") return new LockAbortedError(this.#names, this.#request.options.signal?.reason);
    if (end === "closed") return new LockClosedError(this.#names);
    return end === "refused" ? this.#permanentError() : this.#timeoutError();
  }

  #permanentError(): LockError {
    assert(this.refusal !== undefined, "an acquisition that was refused has a refusal");
    return permanentError(this.#names, this.refusal, this.#context.members.voters.needed);
  }

  #timeoutError(): LockError {
    const { clock, members, queue, isHeldHere } = this.#context;
    const names = this.#names;
    const waitedMs = this.#place === undefined ? 0 : clock.monotonic() - this.#startedAt;
    const ahead = queue.placeAhead(names, this.#place);
    const { kind, target } = this.#request;
    const { refusal } = this;
    return timeoutError({ kind, target, names, waitedMs, refusal, ahead, members, clock, isHeldHere });
  }
}
