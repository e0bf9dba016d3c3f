import { assert } from "../base/assert.ts";
import type { Deadline } from "../base/deadlines.ts";
import { LockLostError, LockReleasedError, QuorumError } from "../base/errors.ts";
import { INSPECT, type Inspect } from "../base/inspect.ts";
import { rejectAtCaller, withCallerStack } from "../base/caller-stack.ts";
import { checkTtl, driftAllowance } from "../base/options.ts";
import type { LockedNames } from "../base/reentrancy-guard.ts";
import type { RegistryEntry } from "../base/registry.ts";
import type { Lock, LockDescription } from "../lockable.ts";
import { retryWhenRestored } from "../members/retry-when-restored.ts";
import type { Hold } from "../quorum/hold.ts";
import type { Lease } from "../quorum/lease.ts";
import type { Refusal } from "../quorum/refusal.ts";
import { NOTHING_HELD, type ReleaseResult } from "../quorum/release.ts";
import type { LocalHolder, Place } from "../waiting/place.ts";
import { type Extendable, nextExtensionAt, retryExtensionAt } from "./auto-extender.ts";
import { extensionError } from "./extension-error.ts";
import type { LockContext, LockInit, RareState } from "./lock-context.ts";

/**
 * A lock that was granted.
 *
 * - `held`: granted. The lease ends by the clocks of this process, before any instance grants the lock to another holder
 *   (protocol §5).
 * - `lost`: the lease has ended, or too many members refused an extension. The signal is aborted. Instances may keep the token.
 * - `ended`: released or detached by the holder, or lost and then withdrawn from the instances.
 *
 * A lock has one deadline. While it is held: the next extension or the end of the lease. While it is lost: the withdrawal.
 */
export class HeldLock implements Lock, LocalHolder, Extendable, RegistryEntry {
  readonly #context: LockContext;
  readonly #hold: Hold;
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

  constructor(context: LockContext, { hold, lease, ttlMs, autoExtend, place, lockedNames }: LockInit) {
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
    try {
      await retryWhenRestored(this.#context.members, () => this.#extendAfter("all", ttl));
    } catch (error) {
      throw withCallerStack(error);
    }
  }

  release(): Promise<boolean> {
    if (this.#state === "held" && this.#remainingMs() <= 0) this.#lose("its lease ended before the release");
    if (this.#state !== "held") {
      // The holder has finished, so keys that late extensions may have set are deleted now.
      this.#withdraw();
      return Promise.resolve(false);
    }
    return new Promise((resolve) => {
      const finish = (result: ReleaseResult): void => {
        const error = this.#afterRelease(result);
        resolve(error === undefined ? result.wasHeld : rejectAtCaller(error));
      };
      this.#offerOrRelease((result) => {
        const restored = result.isConfirmed ? undefined : this.#context.members.whenRestored();
        if (restored === undefined) finish(result);
        else void restored.then(() => this.#confirmRelease(finish));
      });
    });
  }

  async detach(): Promise<LockDescription> {
    const { transfer } = this.#hold.kind;
    if (transfer === undefined)
      throw new TypeError("detach: a lock of this kind cannot pass to another process; only a mutex can");
    while (this.#rare?.detaching !== undefined) await this.#rare.detaching.catch(() => undefined);
    const detaching = this.#detach(transfer.kind);
    this.#rareState().detaching = detaching;
    try {
      return await detaching;
    } catch (error) {
      throw withCallerStack(error);
    } finally {
      this.#rareState().detaching = undefined;
      if (this.#state === "held") this.#schedule();
    }
  }

  /** No other extension begins meanwhile. */
  async #detach(kind: string): Promise<LockDescription> {
    const { names, token, fence } = this;
    const check = (): void =>
      this.#checkHeld("its lease ended before it was detached", "it was released", "detached");
    check();
    // After a confirmed extension, no quorum can carry out an earlier one late, when the lock has ended in the other process.
    await retryWhenRestored(this.#context.members, () => this.#extendAfter("extensions", this.#ttlMs));
    check();
    const description = {
      kind,
      names,
      token,
      fence,
      ttl: this.#ttlMs,
      remaining: this.remaining(),
    };
    const { clock, events, queue } = this.#context;
    this.#state = "ended";
    this.#rareState().isDetached = true;
    this.#unregister();
    this.#leaveQueue();
    this.#hold.detach(!queue.isOccupied(this.#hold.kind, this.#hold.target));
    events.emit("lock:detached", { names, token, fence, heldMs: clock.monotonic() - this.grantedAt });
    return description;
  }

  /** The client closes. The lock ends, and its signal aborts a routine that still runs. */
  close(): Promise<void> {
    if (this.#state === "held") this.#lose("the client was closed");
    return new Promise((resolve) => this.#withdraw(() => resolve()));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // The work is done under the lock. If no quorum confirms the release, the event `lock:released` reports it.
    await this.release().catch(() => undefined);
    // A part of the work may have run without the lock, also if the caller has released it since.
    const error = this.#rare?.lossError;
    if (error !== undefined) throw withCallerStack(error);
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
    } else if (this.#autoExtend && !this.#isBusy) {
      this.#rareState().isQueued = true;
      this.#context.extender.request(this);
      if (this.#rare?.isQueued === true) this.#schedule();
    } else {
      this.#schedule();
    }
  }

  beginExtension(): Promise<void> | undefined {
    const rare = this.#rareState();
    rare.isQueued = false;
    if (this.#state !== "held" || this.#isBusy) return undefined;
    return this.#startExtension().catch(() => undefined);
  }

  /** Extends the lock when the extensions in flight have ended. `all`: also when the lock is not being detached. */
  async #extendAfter(which: "extensions" | "all", ttl: number): Promise<void> {
    const before = (): Promise<unknown> | undefined =>
      this.#rare?.extension ?? (which === "all" ? this.#rare?.detaching : undefined);
    for (let other = before(); other !== undefined; other = before()) await other.catch(() => undefined);
    this.#ttlMs = ttl;
    this.#place.ttlMs = Math.max(this.#place.ttlMs, ttl);
    await this.#startExtension();
  }

  /** Whether no automatic extension may begin. */
  get #isBusy(): boolean {
    return this.#rare?.extension !== undefined || this.#rare?.detaching !== undefined;
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
    const { isQueued, retryAt } = this.#rare ?? {};
    if (!this.#autoExtend || this.#isBusy || isQueued === true) return Infinity;
    if (retryAt !== undefined) return retryAt;
    // A lock that the present voters have not granted is extended at once.
    const ttlMs = this.isOutdated ? 0 : this.#ttlMs;
    return nextExtensionAt(leaseStartedAt, ttlMs, now);
  }

  #startExtension(): Promise<void> {
    if (this.#rare !== undefined) this.#rare.retryAt = undefined;
    const extension = this.#extend().finally(() => {
      const rare = this.#rareState();
      rare.extension = undefined;
      if (this.#state !== "held") return;
      const { controller, retryAt, isQueued, detaching } = rare;
      const isNeeded =
        controller !== undefined || retryAt !== undefined || isQueued === true || detaching !== undefined;
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
    if ("lease" in result) {
      this.#lease = result.lease;
      this.#context.recordLease(result.lease);
      this.#rareState().lastFailure = undefined;
      this.#context.onLockChanged();
      return;
    }
    this.#onExtensionFailed(result.refusal);
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
  #checkHeld(whyLost: string, whyEnded: string, action?: string): void {
    if (this.#state === "held" && this.#remainingMs() <= 0) this.#lose(whyLost);
    if (this.#state === "held") return;
    const { lossError, isDetached } = this.#rare ?? {};
    throw (
      lossError ??
      new LockReleasedError(this.names, isDetached === true ? "it was detached" : whyEnded, action)
    );
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
      this.#endHold(onEnd);
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
      this.#endHold((result) => {
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

  /** Deletes the token. If another acquisition of this client waits, the place in line is that acquisition's. */
  #endHold(onEnd?: (result: ReleaseResult) => void): void {
    const { kind, target } = this.#hold;
    if (!this.#place.isQueued && this.#context.queue.isOccupied(kind, target)) this.#hold.withdraw(onEnd);
    else this.#hold.release(onEnd);
  }

  /** Connections that were lost are there again. They have sent the release first, so the token may be gone already. */
  #confirmRelease(onEnd: (result: ReleaseResult) => void): void {
    this.#hold.releaseAgain((result) => onEnd({ ...result, wasHeld: true }));
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
    const what =
      "no quorum confirmed the release; instances that answer again soon delete the keys, and all others expire";
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
