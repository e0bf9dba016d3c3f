import { rejectAtCaller } from "../base/caller-stack.ts";
import { LockAbortedError, LockClosedError, LockKindError } from "../base/errors.ts";
import { type AcquireFailure, failureReason } from "../base/events.ts";
import { toError } from "../base/to-error.ts";
import { makeToken } from "../base/token.ts";
import type { HeldLock } from "../holding/lock.ts";
import { sharingMode } from "../operations/kind.ts";
import { Attempt, type AttemptListener } from "../quorum/attempt.ts";
import { Hold } from "../quorum/hold.ts";
import type { Refusal } from "../quorum/refusal.ts";
import type { LocalWaiter, Place } from "../waiting/place.ts";
import type { RefusedAttempt } from "../waiting/retry-schedule.ts";
import type { AcquireCall, AcquireRequest } from "./acquire-call.ts";
import { errorAtEnd } from "./acquire-error.ts";
import type { AcquiringContext, PendingAcquisition } from "./acquiring-context.ts";
import { AcquisitionWait } from "./acquisition-wait.ts";

/**
 * One call of `acquire`, from its place in the local queue to the lock or the error.
 *
 * - `first attempt`: the local queue is empty, and only the close of the client can end the attempt early. Most locks are
 *   granted so. This state needs no time limit, no signal and no loop.
 * - `waiting`: it waits for its turn in the local queue. Then it sends attempts, with waits between them, until an attempt wins
 *   or the wait ends (`AcquisitionWait`).
 * - `ended`: the promise of the caller is settled.
 */
export class Acquisition implements AcquireCall, AttemptListener, LocalWaiter, PendingAcquisition {
  registryIndex = -1;
  readonly context: AcquiringContext;
  readonly request: AcquireRequest;
  readonly names: readonly string[];
  readonly startedAt: number;
  /** In the events of this acquisition, and of its lock. */
  readonly #id: number;
  place: Place | undefined;
  offeredHold: Hold | undefined;
  refusal: Refusal | undefined;
  /** `Members.changes` when the latest attempt began. */
  #changesBefore = 0;
  #attempts = 0;
  /** Of the attempts that have ended. */
  #rounds = 0;
  /** When the caller began to wait, if an event has said so. */
  #waitingSince: number | undefined;
  /** The first attempt, while it is in flight. */
  #firstAttempt: Attempt | undefined;
  /** Set from the state `waiting` on. */
  #wait: AcquisitionWait | undefined;
  #resolve!: (lock: HeldLock | Promise<never>) => void;

  constructor(context: AcquiringContext, request: AcquireRequest) {
    this.context = context;
    this.request = request;
    this.names = request.kind.names(request.target);
    this.startedAt = context.clock.monotonic();
    this.#id = context.events.nextId();
  }

  start(): Promise<HeldLock> {
    return new Promise((resolve) => {
      this.#resolve = resolve;
      this.context.beginAcquisition(this);
      this.#reportStart();
      try {
        this.#enterQueue();
        if (this.#canTryAtOnce()) this.#tryAtOnce();
        else this.#beginWait(undefined);
      } catch (error) {
        this.fail(error);
      }
    });
  }

  /** The client closes. */
  close(): void {
    if (this.#firstAttempt === undefined) {
      this.#wait?.close();
      return;
    }
    this.#firstAttempt.cancel();
    this.#firstAttempt = undefined;
    this.fail(errorAtEnd("closed", this));
  }

  onTurn(): void {
    this.#wait?.onTurn();
  }

  /** The first attempt has ended. */
  onAttemptEnded(refusal: Refusal | undefined): void {
    const attempt = this.#firstAttempt;
    if (attempt === undefined) return;
    this.#firstAttempt = undefined;
    const { members } = this.context;
    if (refusal !== undefined) {
      this.#beginWait(this.recordRefusal(attempt, refusal, this.startedAt));
    } else if (members.conflict !== undefined) {
      attempt.hold.withdraw();
      this.fail(members.conflict);
    } else if (attempt.hold.isOutdated) {
      this.recordUnusable(attempt);
      attempt.hold.withdraw();
      this.#beginWait(undefined);
    } else {
      this.succeed(attempt);
    }
  }

  #enterQueue(): void {
    const { members, queue, isClosed } = this.context;
    const { kind, target, options } = this.request;
    if (isClosed) throw new LockClosedError(this.names);
    if (options.signal?.aborted === true) throw new LockAbortedError(this.names, options.signal.reason);
    if (queue.placeOfOtherKind(kind, target) !== undefined) throw new LockKindError(this.names);
    if (options.waitMs === 0 && queue.isOccupied(kind, target)) throw errorAtEnd("timeout", this);
    if (members.conflict !== undefined) throw members.conflict;
    this.place = queue.enter(kind, target, options.ttlMs, this);
  }

  /** Whether only the close of the client can end an attempt that begins now before its rounds are decided. */
  #canTryAtOnce(): boolean {
    const { members, queue, requestTimeoutMs } = this.context;
    const { kind, options } = this.request;
    const { signal, waitMs } = options;
    if (this.place?.isAdmitted !== true || !members.isIdentified || signal !== undefined) return false;
    if (waitMs === 0) return true;
    if (this.#othersWait) return false;
    if (members.hasCluster && this.names.length > 1) return false;
    // With one target, an attempt has at most two rounds: the vote and the commit. If members can vote for different things, up to three
    // more settle that.
    const rounds = kind.choices === undefined ? 2 : 5;
    return waitMs >= rounds * requestTimeoutMs && queue.yieldUntil(this.names) === 0;
  }

  /** Whether other callers of this client stand in the enforced line, each in a place of its own, so that this one has to as well. */
  get #othersWait(): boolean {
    const { wakeUps, quorumContext } = this.context;
    const { kind, target } = this.request;
    return (
      kind.waiterOf !== undefined &&
      wakeUps.isOpen &&
      wakeUps.isWatched(kind.channels(target, quorumContext.prefix))
    );
  }

  #tryAtOnce(): void {
    this.context.members.recordTtl(this.request.options.ttlMs);
    this.#firstAttempt = this.newAttempt(this.request.target, false, this);
    this.#firstAttempt.start();
  }

  #beginWait(first: RefusedAttempt | undefined): void {
    this.#wait = new AcquisitionWait(this, first);
    void this.#wait.run();
  }

  onWaiting(): void {
    if (this.#waitingSince !== undefined) return;
    const { clock, events } = this.context;
    const emit = events.to("lock:wait:started");
    if (emit === undefined) return;
    this.#waitingSince = clock.monotonic();
    emit({ id: this.#id, names: this.names });
  }

  newAttempt(target: unknown, joinsLine: boolean, listener: AttemptListener): Attempt {
    const { clock, members, quorumContext } = this.context;
    const { kind, options } = this.request;
    const token = makeToken(clock.randomToken(), options.tokenSuffix);
    const previous = this.offeredHold;
    this.offeredHold = undefined;
    this.#attempts += 1;
    this.#changesBefore = members.changes;
    const hold = new Hold(quorumContext, kind, target, token);
    return new Attempt(quorumContext, hold, { ttlMs: options.ttlMs, previous, joinsLine }, listener);
  }

  recordRefusal(attempt: Attempt, refusal: Refusal, startedAt: number): RefusedAttempt {
    this.refusal = refusal;
    this.#rounds += attempt.rounds;
    const tookMs = this.context.clock.monotonic() - startedAt;
    this.place?.onRefused();
    return { attempt, refusal, tookMs, changesBefore: this.#changesBefore };
  }

  recordUnusable(attempt: Attempt): void {
    this.#rounds += attempt.rounds;
  }

  succeed(attempt: Attempt): void {
    const { ttlMs, autoExtend } = this.request.options;
    const { watch, lockClass } = this.request;
    const { hold, lease } = attempt;
    const place = this.place!;
    const id = this.#id;
    const lock = new lockClass(this.context, { id, hold, lease, ttlMs, autoExtend, place, watch });
    this.context.endAcquisition(this);
    this.#reportWaitEnd();
    this.#reportGrant(lock, attempt);
    this.#resolve(lock);
  }

  fail(error: unknown): void {
    const waitedMs = this.#waitedMs;
    this.place?.leave();
    this.request.watch?.onEnded(false);
    this.context.endAcquisition(this);
    this.#reportWaitEnd();
    this.#reportFailure(toError(error), waitedMs);
    this.#resolve(rejectAtCaller(error));
  }

  /** The time since the call, with what the caller has waited before for a pool or a condition. */
  get #waitedMs(): number {
    return this.request.options.waitedMs + this.context.clock.monotonic() - this.startedAt;
  }

  #reportStart(): void {
    const { kind, target, options } = this.request;
    this.context.events.to("lock:acquire:started")?.({
      id: this.#id,
      names: this.names,
      kind: kind.label,
      mode: sharingMode(kind, target),
      ttlMs: options.ttlMs,
      waitMs: options.waitMs,
    });
  }

  #reportWaitEnd(): void {
    const since = this.#waitingSince;
    if (since === undefined) return;
    const { clock, events } = this.context;
    events.to("lock:wait:ended")?.({
      id: this.#id,
      names: this.names,
      waitedMs: clock.monotonic() - since,
    });
  }

  #reportGrant({ names, token, fence }: HeldLock, attempt: Attempt): void {
    const { events } = this.context;
    const { kind, options } = this.request;
    const id = this.#id;
    const from = attempt.replacedToken;
    if (from !== undefined) events.to("lock:handed-over")?.({ id, names, from, token, fence });
    events.to("lock:acquire:succeeded")?.({
      id,
      names,
      kind: kind.label,
      mode: sharingMode(kind, attempt.hold.target),
      token,
      fence,
      ttlMs: options.ttlMs,
      waitMs: options.waitMs,
      waitedMs: this.#waitedMs,
      attempts: this.#attempts,
      rounds: this.#rounds + attempt.rounds,
      votes: attempt.votes,
    });
  }

  #reportFailure(error: AcquireFailure, waitedMs: number): void {
    this.context.events.to("lock:acquire:failed")?.({
      id: this.#id,
      names: this.names,
      reason: failureReason(error),
      error,
      waitMs: this.request.options.waitMs,
      waitedMs,
      attempts: this.#attempts,
    });
  }
}
