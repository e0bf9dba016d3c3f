import { assert } from "../base/assert.ts";
import type { Clock, Instant } from "../base/clock.ts";
import type { Deadline, Deadlines } from "../base/deadlines.ts";
import { type LockError, LockLostError, LockReleasedError, QuorumError } from "../base/errors.ts";
import { INSPECT, type Inspect } from "../base/inspect.ts";
import { withCallerStack } from "../base/caller-stack.ts";
import type { Events } from "../base/events.ts";
import { checkTtl, driftAllowance } from "../base/options.ts";
import type { LockedNames } from "../base/reentrancy-guard.ts";
import type { RegistryEntry } from "../base/registry.ts";
import type { Lock } from "../lockable.ts";
import type { ExtendResult, Hold } from "../quorum/hold.ts";
import type { Lease } from "../quorum/lease.ts";
import type { Refusal } from "../quorum/refusal.ts";
import { NOTHING_HELD, type ReleaseResult } from "../quorum/release.ts";
import type { LocalQueue } from "../waiting/local-queue.ts";
import type { LocalHolder, Place } from "../waiting/place.ts";
import { type AutoExtender, type Extendable, nextExtensionAt, retryExtensionAt } from "./auto-extender.ts";

/** The parts of the client that a held lock uses. */
export interface LockContext {
  readonly clock: Clock;
  readonly deadlines: Deadlines;
  readonly events: Events;
  readonly driftFactor: number;
  readonly queue: LocalQueue;
  readonly extender: AutoExtender;
  /** Notes a ttl that is used, because the restart guard needs the longest one. */
  recordTtl(ttlMs: number): void;
  /** Notes the clocks at the start of a lease, so that a later step of the wall clock is noticed. */
  recordLease(startedAt: Instant): void;
  /** Notes a token that instances may keep although its lock was not released. Errors name this process as its holder. */
  recordLeftover(token: string): void;
  register(lock: HeldLock): void;
  unregister(lock: HeldLock): void;
  /** Called when a lock was extended or has ended. */
  onLockChanged(): void;
}

/** The class of the locks of a lockable. */
export type LockClass<L extends HeldLock> = new (context: LockContext, init: LockInit) => L;

export interface LockInit {
  readonly hold: Hold;
  readonly lease: Lease;
  readonly ttlMs: number;
  readonly autoExtend: boolean;
  readonly place: Place;
  /** The names that the asynchronous context of the caller holds. Set only with `diagnostics: true`. */
  readonly lockedNames: LockedNames | undefined;
  /** The controller of the signal that it shares with the lock from which it was converted. */
  readonly controller?: AbortController | undefined;
}

/** State that most locks never need. Allocated on first use, so that a held lock stays small. */
interface RareState {
  /** The extension or conversion in flight. The next one waits for it. */
  extension?: Promise<unknown> | undefined;
  /** Whether `extension` is a conversion. A release waits for it. */
  isConverting?: boolean;
  /** The lock that this one was converted to. */
  convertedTo?: HeldLock;
  /** Whether the automatic extension is due and waits in the extender. */
  isQueued?: boolean;
  /** When the next automatic extension begins, if not after a third of the ttl. */
  retryAt?: number | undefined;
  /** The error of the latest extension, if it failed. */
  lastFailure?: LockError | undefined;
  lossError?: LockLostError;
  /** Made when `signal` is first read, because most locks are released without that. */
  controller?: AbortController;
}

/**
 * A lock that was granted.
 *
 * - `held`: granted. The lease ends by the clocks of this process, before any instance grants the lock to another holder
 *   (protocol §5).
 * - `lost`: the lease has ended, or too many members refused an extension. The signal is aborted. Instances may keep the token.
 * - `ended`: released by the holder, converted to another lock, or lost and then withdrawn from the instances.
 *
 * A lock has one deadline. While it is held: the next extension or the end of the lease. While it is lost: the withdrawal.
 */
export class HeldLock implements Lock, LocalHolder, Extendable, RegistryEntry {
  readonly #context: LockContext;
  #hold: Hold;
  readonly #place: Place;
  readonly #lockedNames: LockedNames | undefined;
  readonly #autoExtend: boolean;
  readonly grantedAt: number;
  registryIndex = -1;
  #lease: Lease;
  #ttlMs: number;
  #state: "held" | "lost" | "ended" = "held";
  #deadline: Deadline | undefined;
  #rare: RareState | undefined;

  constructor(context: LockContext, init: LockInit) {
    const { hold, lease, ttlMs, autoExtend, place, lockedNames, controller } = init;
    this.#context = context;
    this.#hold = hold;
    this.#place = place;
    this.#lockedNames = lockedNames;
    this.#autoExtend = autoExtend;
    this.#lease = lease;
    this.#ttlMs = ttlMs;
    this.grantedAt = context.clock.monotonic();
    context.recordLease(lease);
    context.register(this);
    place.onGranted(this);
    if (controller !== undefined) this.#rareState().controller = controller;
    if (lockedNames !== undefined) for (const name of this.names) lockedNames.add(name);
    this.#schedule();
  }

  get names(): readonly string[] {
    return this.#hold.names;
  }

  get token(): string {
    return this.#hold.token;
  }

  get fence(): number {
    return this.#hold.fence;
  }

  get ttl(): number {
    return this.#ttlMs;
  }

  get signal(): AbortSignal {
    const rare = this.#rareState();
    if (rare.convertedTo !== undefined) return rare.convertedTo.signal;
    if (rare.controller === undefined) {
      rare.controller = new AbortController();
      if (rare.lossError !== undefined) rare.controller.abort(rare.lossError);
    }
    return rare.controller.signal;
  }

  get isHeld(): boolean {
    return this.remaining() > 0;
  }

  remaining(): number {
    return this.#state === "held" ? Math.max(0, this.#remainingMs()) : 0;
  }

  async extend(ttl: number = this.#ttlMs): Promise<void> {
    checkTtl(ttl, this.#context.driftFactor);
    this.#context.recordTtl(ttl);
    while (this.#rare?.extension !== undefined) await this.#rare.extension.catch(() => undefined);
    this.#ttlMs = ttl;
    this.#place.ttlMs = Math.max(this.#place.ttlMs, ttl);
    try {
      await this.#startExtension();
    } catch (error) {
      throw withCallerStack(error);
    }
  }

  release(): Promise<boolean> {
    const { isConverting, extension } = this.#rare ?? {};
    if (isConverting === true && extension !== undefined) {
      const again = (): Promise<boolean> => this.latest.release();
      return extension.then(again, again);
    }
    if (this.#state === "held" && this.#remainingMs() <= 0) this.#lose("its lease ended before the release");
    if (this.#state !== "held") {
      // The holder has finished, so keys that late extensions may have set are deleted now.
      this.#withdraw();
      return Promise.resolve(false);
    }
    return new Promise((resolve, reject) => {
      this.#offerOrRelease((result) => {
        const error = this.#afterRelease(result);
        if (error === undefined) resolve(result.wasHeld);
        else reject(error);
      });
    });
  }

  /** The client closes. The lock ends, and its signal aborts a routine that still runs. */
  close(): Promise<void> {
    if (this.#state === "held") this.#lose("the client was closed");
    return new Promise((resolve) => this.#withdraw(() => resolve()));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // The work under the lock is done, so the error is not thrown. The event `lock:released` reports it.
    await this.release().catch(() => undefined);
  }

  /** The fields for a log. */
  toJSON(): Record<string, unknown> {
    const { names, fence, token, ttl, isHeld } = this;
    return { names, fence, token, ttl, isHeld, remaining: this.remaining() };
  }

  [INSPECT](_depth: number, options: object, inspect: Inspect): string {
    return `Lock ${inspect(this.toJSON(), options)}`;
  }

  /** The wall clock stepped forward, or the machine slept. The lease ends earlier than its deadline. */
  onClockStep(): void {
    if (this.#state !== "held") return;
    if (this.#remainingMs() <= 0) this.#lose("its lease ended");
    else this.#schedule();
  }

  /** Whether the voters have changed since the lock was granted or extended, so that it does not exclude all other holders. */
  get isOutdated(): boolean {
    return this.#state === "held" && this.#hold.isOutdated;
  }

  /** Whether the member may hold the token. */
  mayBeOn(member: number): boolean {
    return (this.#hold.mayHoldMask & (1 << member)) !== 0;
  }

  /** Extends the lock at once if the voters have changed and the lock extends itself. */
  extendForNewVoters(): void {
    if (!this.isOutdated || !this.#autoExtend) return;
    this.#rareState().retryAt = this.#context.clock.monotonic();
    if (this.#rare?.extension === undefined) this.#schedule();
  }

  /** The deadline of the lock has passed. */
  onDeadline(): void {
    if (this.#state === "lost") this.#withdraw();
    if (this.#state !== "held") return;
    if (this.#remainingMs() <= 0) {
      this.#lose("it was not extended before its lease ended");
    } else if (this.#autoExtend && this.#rare?.extension === undefined) {
      this.#rareState().isQueued = true;
      this.#context.extender.request(this);
      if (this.#rare?.isQueued === true) this.#schedule();
    } else {
      this.#schedule();
    }
  }

  /** This lock, or the lock that it was converted to. */
  get latest(): HeldLock {
    return this.#rare?.convertedTo?.latest ?? this;
  }

  /** The hold of this lock. During a conversion: the one that the conversion has reached. */
  protected get hold(): Hold {
    return this.#hold;
  }

  /**
   * Runs a conversion of this lock. Extensions, other conversions and releases wait for it.
   * @throws LockLostError, LockReleasedError if the lock is not held, without a call of `work`.
   */
  protected async convert<T>(work: () => Promise<T>): Promise<T> {
    while (this.#rare?.extension !== undefined) await this.#rare.extension.catch(() => undefined);
    this.checkConvertible();
    const conversion = this.#runAlone(work);
    this.#rareState().isConverting = true;
    return conversion;
  }

  /** @throws LockLostError, LockReleasedError if the lock is not held. */
  protected checkConvertible(): void {
    this.#checkHeld(
      "its lease ended before the conversion was complete",
      "it was released or converted before",
    );
  }

  /** Whether a lock of this client holds one of the names with this token. */
  protected isHeldHere(token: string): boolean {
    const { queue } = this.#context;
    return this.names.some((name) => queue.holdersOf(name).some((holder) => holder.token === token));
  }

  /** Replaces the hold by one of a new token. */
  protected replaceHold(hold: Hold): void {
    this.#hold = hold;
  }

  /** A round that replaced the hold was confirmed, or was not. The lock stays held until its lease ends. */
  protected onHoldReplaced(result: ExtendResult): void {
    if ("lease" in result) this.#renew(result.lease);
    else if (result.refusal.isLost) throw this.#lose("the instances granted it to another holder");
    else
      this.#rareState().retryAt = retryExtensionAt(
        this.#ttlMs,
        this.isOutdated,
        this.#context.clock.monotonic(),
      );
  }

  /**
   * Ends this lock in favour of one of another class, which gets its present hold. `before`: the hold that this lock had until the
   * conversion, whose token it keeps. `lease`: the lease of the other lock.
   */
  protected become<L extends HeldLock>(lockClass: LockClass<L>, before: Hold, lease: Lease = this.#lease): L {
    assert(this.#state === "held", "only a held lock is converted");
    const context = this.#context;
    const rare = this.#rareState();
    this.#state = "ended";
    this.#deadline?.cancel();
    context.extender.cancel(this);
    const lock = new lockClass(context, {
      hold: this.#hold,
      lease,
      ttlMs: this.#ttlMs,
      autoExtend: this.#autoExtend,
      place: this.#place,
      lockedNames: this.#lockedNames,
      controller: rare.controller,
    });
    rare.convertedTo = lock;
    context.unregister(this);
    this.#place.convert(this.#hold.target);
    this.#hold = before;
    context.onLockChanged();
    return lock;
  }

  beginExtension(): Promise<void> | undefined {
    const rare = this.#rareState();
    rare.isQueued = false;
    if (this.#state !== "held" || rare.extension !== undefined) return undefined;
    return this.#startExtension().catch(() => undefined);
  }

  #rareState(): RareState {
    return (this.#rare ??= {});
  }

  /** Milliseconds left of the lease; 0 or less if it is over. */
  #remainingMs(): number {
    return this.#lease.remainingMs(this.#context.clock);
  }

  #schedule(): void {
    assert(this.#state === "held", "only a held lock has an extension deadline");
    this.#deadline?.cancel();
    const { clock } = this.#context;
    const now = clock.monotonic();
    const startedAt = this.#lease.startedAt(now, clock.wall());
    const at = Math.min(this.#extendAt(startedAt, now), startedAt + this.#lease.validMs);
    this.#deadline = this.#context.deadlines.add(at, this);
  }

  /** When the next automatic extension begins, by the monotonic clock. */
  #extendAt(leaseStartedAt: number, now: number): number {
    const { extension, isQueued, retryAt } = this.#rare ?? {};
    if (!this.#autoExtend || extension !== undefined || isQueued === true) return Infinity;
    if (retryAt !== undefined) return retryAt;
    // A lock that the present voters have not granted is extended at once.
    const ttlMs = this.isOutdated ? 0 : this.#ttlMs;
    return nextExtensionAt(leaseStartedAt, ttlMs, now);
  }

  #startExtension(): Promise<void> {
    if (this.#rare !== undefined) this.#rare.retryAt = undefined;
    return this.#runAlone(() => this.#extend());
  }

  /** Runs an extension or a conversion. No other one runs meanwhile. */
  #runAlone<T>(work: () => Promise<T>): Promise<T> {
    const extension = work().finally(() => {
      const rare = this.#rareState();
      rare.extension = undefined;
      rare.isConverting = false;
      if (this.#state !== "held") return;
      const isNeeded = rare.controller !== undefined || rare.retryAt !== undefined || rare.isQueued === true;
      if (!isNeeded) this.#rare = undefined;
      this.#schedule();
    });
    this.#rareState().extension = extension;
    if (this.#state === "held") this.#schedule();
    return extension;
  }

  async #extend(): Promise<void> {
    this.#checkHeld("its lease ended before the extension", "it was released before the extension");
    const result = await this.#hold.extend(this.#ttlMs);
    // A lease that ended while its extension was in flight is over: others may have held the lock since.
    this.#checkHeld("its lease ended during the extension", "it was released meanwhile");
    if ("lease" in result) this.#renew(result.lease);
    else this.#onExtensionFailed(result.refusal);
  }

  #renew(lease: Lease): void {
    this.#lease = lease;
    this.#context.recordLease(lease);
    this.#rareState().lastFailure = undefined;
    this.#context.onLockChanged();
  }

  #onExtensionFailed(refusal: Refusal): never {
    const { clock, events } = this.#context;
    const { names, token } = this;
    const rare = this.#rareState();
    const error = extensionError(names, refusal);
    rare.lastFailure = error;
    events.emit("lock:extend:failed", { names, token, error, remainingMs: this.remaining() });
    // A listener may have released the lock.
    this.#checkHeld("its lease ended before the extension failed", "it was released meanwhile");
    if (refusal.isLost) throw this.#lose("the instances granted it to another holder");
    rare.retryAt = retryExtensionAt(this.#ttlMs, this.isOutdated, clock.monotonic());
    throw error;
  }

  /** @throws LockLostError if the lock is lost. LockReleasedError if the holder released it. */
  #checkHeld(whyLost: string, whyEnded: string): void {
    if (this.#state === "held" && this.#remainingMs() <= 0) this.#lose(whyLost);
    if (this.#state !== "held") throw this.#rare?.lossError ?? new LockReleasedError(this.names, whyEnded);
  }

  #lose(why: string): LockLostError {
    assert(this.#state === "held", "only a held lock is lost");
    this.#state = "lost";
    const { names, token, fence } = this;
    const rare = this.#rareState();
    const error = new LockLostError(names, why, { cause: rare.lastFailure });
    rare.lossError = error;
    this.#context.recordLeftover(token);
    rare.controller?.abort(error);
    // The instances keep the token a little longer than the lease. The withdrawal waits for that time, so that it also undoes
    // extensions that arrive late.
    const { clock, deadlines, driftFactor, extender, events } = this.#context;
    this.#deadline?.cancel();
    this.#deadline = deadlines.add(clock.monotonic() + driftAllowance(this.#ttlMs, driftFactor), this);
    extender.cancel(this);
    this.#leaveQueue();
    events.emit("lock:lost", { names, token, fence, error });
    return error;
  }

  /** Deletes the token of a lost lock from the instances. */
  #withdraw(onEnd?: (result: ReleaseResult) => void): void {
    if (this.#state === "lost") {
      this.#state = "ended";
      const { kind, target } = this.#hold;
      // If a later acquisition of this process waits, the place in line is that acquisition's, unless each has its own.
      if (kind.waiterOf === undefined && this.#context.queue.isOccupied(kind, target))
        this.#hold.withdraw(onEnd);
      else this.#hold.release(onEnd);
      this.#unregister();
      return;
    }
    assert(this.#state === "ended", "a held lock is not withdrawn");
    onEnd?.(NOTHING_HELD);
  }

  /**
   * Offers the hold to the next waiter of this client, or releases it. If a streak is over, the next waiter is admitted only after
   * the result of the release, because the result decides whether it yields to other processes.
   */
  #offerOrRelease(onEnd: (result: ReleaseResult) => void): void {
    const place = this.#place;
    const isStreakOver = place.successor !== undefined && place.isStreakOver;
    this.#state = "ended";
    if (!isStreakOver && place.offer(this.#hold)) {
      this.#hold.offer(onEnd);
    } else {
      this.#hold.release((result) => {
        if (isStreakOver) {
          this.#recordRelease(result);
          this.#leaveQueue();
        }
        onEnd(result);
      });
    }
    // The release is already sent. So the request of the next waiter follows it, and a retiring member may be removed.
    this.#unregister();
    if (!isStreakOver) this.#leaveQueue();
  }

  #afterRelease(result: ReleaseResult): QuorumError | undefined {
    const { clock, events } = this.#context;
    const { names, token, fence } = this;
    this.#recordRelease(result);
    if (events.hasListener("lock:released")) {
      const heldMs = clock.monotonic() - this.grantedAt;
      events.emit("lock:released", { names, token, fence, heldMs, confirmed: result.isConfirmed });
    }
    if (result.isConfirmed) return undefined;
    this.#context.recordLeftover(token);
    const what = "no quorum confirmed the release; the remaining keys expire";
    return new QuorumError(names, what, result.failures);
  }

  #recordRelease({ hasRemoteWaiters }: ReleaseResult): void {
    this.#context.queue.recordRelease(this.names, hasRemoteWaiters);
  }

  #unregister(): void {
    this.#deadline?.cancel();
    this.#context.extender.cancel(this);
    this.#context.unregister(this);
    this.#context.onLockChanged();
  }

  /** Admits the next waiter of this client. */
  #leaveQueue(): void {
    if (this.#lockedNames !== undefined) for (const name of this.names) this.#lockedNames.delete(name);
    this.#place.leave();
    this.#context.onLockChanged();
  }
}

function extensionError(names: readonly string[], { kind, replies, failures, holder }: Refusal): LockError {
  const by = holder === undefined ? "" : `; the holder is ${holder.token}`;
  const what =
    kind === "no-quorum"
      ? "not extended: too few instances answered"
      : `not extended: ${replies.length} instances refused it${by}`;
  return new QuorumError(names, what, failures);
}
