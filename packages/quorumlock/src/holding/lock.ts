import { assert } from "../base/assert.ts";
import type { Deadline } from "../base/deadlines.ts";
import { LockLostError, LockReleasedError } from "../base/errors.ts";
import type { LossCause } from "../base/events.ts";
import { INSPECT, type Inspect } from "../base/inspect.ts";
import { rejectAtCaller, withCallerStack } from "../base/caller-stack.ts";
import { checkTtl, driftAllowance } from "../base/options.ts";
import { ownerOf } from "../base/token.ts";
import type { RegistryEntry } from "../base/registry.ts";
import type { LockWatch } from "../diagnostics/lock-watch.ts";
import type { Lock, LockDescription } from "../lockable.ts";
import { retryWhenRestored } from "../members/retry-when-restored.ts";
import type { Hold } from "../quorum/hold.ts";
import type { Lease } from "../quorum/lease.ts";
import type { Refusal } from "../quorum/refusal.ts";
import { NOTHING_HELD, type ReleaseResult } from "../quorum/release.ts";
import type { LocalHolder, Place } from "../waiting/place.ts";
import { type Extendable, nextExtensionAt, retryExtensionAt } from "./auto-extender.ts";
import { checkDetachable, describeDetached } from "./describe-detached.ts";
import { confirmRelease, endHold, offerOrRelease } from "./end-hold.ts";
import { extensionError } from "./extension-error.ts";
import type { LockContext, LockInit, RareState } from "./lock-context.ts";
import { reportRelease } from "./report-release.ts";

/** The class of the locks of a lockable. */
export type LockClass<L extends HeldLock> = new (context: LockContext, init: LockInit) => L;

/**
 * A lock that was granted.
 *
 * - `held`: granted. The lease ends by the clocks of this process, before any instance grants the lock to another holder
 *   (protocol §5).
 * - `lost`: the lease has ended, or too many members refused an extension. The signal is aborted. Instances may keep the token.
 * - `ended`: released, detached or converted by the holder, or lost and then withdrawn from the instances.
 *
 * A lock has one deadline. While it is held: the next extension or the end of the lease. While it is lost: the withdrawal.
 */
export class HeldLock implements Lock, LocalHolder, Extendable, RegistryEntry {
  /** In the events of the lock. */
  readonly id: number;
  readonly #context: LockContext;
  #hold: Hold;
  readonly #place: Place;
  readonly #watch: LockWatch | undefined;
  readonly #autoExtend: boolean;
  readonly grantedAt: number;
  registryIndex = -1;
  #lease: Lease;
  #ttlMs: number;
  #state: "held" | "lost" | "ended" = "held";
  #deadline: Deadline | undefined;
  #rare: RareState | undefined;

  constructor(context: LockContext, init: LockInit) {
    const { hold, lease, ttlMs, autoExtend, place, watch, controller, grantedAt } = init;
    this.id = init.id;
    this.#context = context;
    this.#hold = hold;
    this.#place = place;
    this.#watch = watch;
    this.#autoExtend = autoExtend;
    this.#lease = lease;
    this.#ttlMs = ttlMs;
    this.grantedAt = grantedAt ?? context.clock.monotonic();
    context.recordLease(lease);
    context.register(this);
    place.onGranted(this);
    if (controller !== undefined) this.#rareState().controller = controller;
    watch?.onGranted(this);
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
    await this.#extendFor(ttl, () => undefined);
  }

  release(): Promise<boolean> {
    if (this.#state === "held" && this.#remainingMs() <= 0) this.#lose("its lease ended before the release");
    if (this.#state !== "held") {
      // The holder has finished, so keys that late extensions may have set are deleted now.
      this.#withdraw();
      return Promise.resolve(false);
    }
    this.#state = "ended";
    const { queue } = this.#context;
    return new Promise((resolve) => {
      const onEnd = (result: ReleaseResult): void => {
        queue.recordRelease(this.names, result.hasRemoteWaiters);
        const error = reportRelease(this.#context, this, result);
        resolve(error === undefined ? result.wasHeld : rejectAtCaller(error));
      };
      const confirm = confirmRelease(this.#context.members, this.#hold, onEnd);
      const leavesNow = offerOrRelease(queue, this.#place, this.#hold, confirm, () => this.#leaveQueue());
      // The release is already sent. So the request of the next waiter follows it, and a retiring member may be removed.
      this.#unregister();
      if (leavesNow) this.#leaveQueue();
    });
  }

  async detach(): Promise<LockDescription> {
    checkDetachable(this.#hold.kind);
    this.checkHeld("its lease ended before it was detached", "it was released", "detached");
    // After a confirmed extension, no quorum can carry out an earlier one late, when the lock has ended in the other process. The lock
    // ends before the next extension begins.
    return this.#extendFor(undefined, () => this.#endDetached());
  }

  #endDetached(): LockDescription {
    const { id, names, token, fence } = this;
    const description = describeDetached(this.#hold, this);
    const { clock, events, queue } = this.#context;
    this.#state = "ended";
    this.#rareState().isDetached = true;
    this.#unregister();
    this.#leaveQueue();
    this.#hold.detach(queue.isOccupied(this.#hold.kind, this.#hold.target));
    events.to("lock:detached")?.({ id, names, token, fence, heldMs: clock.monotonic() - this.grantedAt });
    return description;
  }

  /** The client closes. The lock ends, and its signal aborts a routine that still runs. */
  close(): Promise<void> {
    if (this.#state === "held") this.#lose("the client was closed", "closed");
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
    } else if (this.#autoExtend && this.inFlight === undefined) {
      this.#rareState().isQueued = true;
      this.#context.extender.request(this);
      if (this.#rare?.isQueued === true) this.#schedule();
    } else {
      this.#schedule();
    }
  }

  protected get context(): LockContext {
    return this.#context;
  }

  /** The hold of this lock. During a conversion: the one that the conversion has reached. */
  protected get hold(): Hold {
    return this.#hold;
  }

  protected set hold(hold: Hold) {
    this.#hold = hold;
  }

  /** Ends this lock in favour of one of another class, which gets its hold. `lease`: the lease of the other lock. */
  protected endAs<L extends HeldLock>(lockClass: LockClass<L>, lease: Lease = this.#lease): L {
    assert(this.#state === "held", "only a held lock is converted");
    const [context, hold, place] = [this.#context, this.#hold, this.#place];
    const controller = this.#rare?.controller;
    this.#state = "ended";
    const { id, grantedAt } = this;
    const [ttlMs, autoExtend, watch] = [this.#ttlMs, this.#autoExtend, this.#watch];
    const init = { id, hold, lease, ttlMs, autoExtend, place, watch, controller, grantedAt };
    const lock = new lockClass(context, init);
    this.#unregister();
    place.convert(hold.target);
    return lock;
  }

  beginExtension(): Promise<void> | undefined {
    const rare = this.#rareState();
    rare.isQueued = false;
    if (this.#state !== "held" || rare.extension !== undefined) return undefined;
    return this.#startExtension(() => undefined).catch(() => undefined);
  }

  /** Extends the lock for its holder, with the present ttl by default. `onExtended` runs before the next extension can begin. */
  async #extendFor<T>(ttl: number | undefined, onExtended: () => T): Promise<T> {
    const extendOnce = async (): Promise<T> => {
      while (this.inFlight !== undefined) await this.inFlight.catch(() => undefined);
      this.#ttlMs = ttl ?? this.#ttlMs;
      this.#place.ttlMs = Math.max(this.#place.ttlMs, this.#ttlMs);
      return this.#startExtension(onExtended);
    };
    try {
      return await retryWhenRestored(this.#context.members, extendOnce);
    } catch (error) {
      throw withCallerStack(error);
    }
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
    const { clock, deadlines } = this.#context;
    const { extension, isQueued, retryAt } = this.#rare ?? {};
    const now = clock.monotonic();
    const startedAt = this.#lease.startedAt(now, clock.wall());
    const canExtend = this.#autoExtend && extension === undefined && isQueued !== true;
    // A lock that the present voters have not granted is extended at once.
    const ttlMs = this.isOutdated ? 0 : this.#ttlMs;
    const extendAt = canExtend ? (retryAt ?? nextExtensionAt(startedAt, ttlMs, now)) : Infinity;
    this.#deadline = deadlines.add(Math.min(extendAt, startedAt + this.#lease.validMs), this);
  }

  #startExtension<T>(onExtended: () => T): Promise<T> {
    if (this.#rare !== undefined) this.#rare.retryAt = undefined;
    return this.runAlone(() => this.#extend().then(onExtended));
  }

  /** The extension or conversion in flight. */
  protected get inFlight(): Promise<unknown> | undefined {
    return this.#rare?.extension;
  }

  /** Runs an extension or a conversion. The next one waits for it. */
  protected runAlone<T>(work: () => Promise<T>): Promise<T> {
    const extension = work().finally(() => {
      const rare = this.#rareState();
      rare.extension = undefined;
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
    this.checkHeld("its lease ended before the extension", "it was released before the extension");
    const result = await this.#hold.extend(this.#ttlMs);
    // A lease that ended while its extension was in flight is over: others may have held the lock since.
    this.checkHeld("its lease ended during the extension", "it was released meanwhile");
    if (!("lease" in result)) this.#onExtensionFailed(result.refusal);
    this.renew(result.lease);
    const { id, names, token, fence, ttl: ttlMs } = this;
    const remainingMs = this.remaining();
    this.#context.events.to("lock:extended")?.({ id, names, token, fence, ttlMs, remainingMs });
  }

  /** Gives the lock a later lease. */
  protected renew(lease: Lease): void {
    this.#lease = lease;
    this.#context.recordLease(lease);
    this.#rareState().lastFailure = undefined;
    this.#context.onLockChanged();
  }

  #onExtensionFailed(refusal: Refusal): never {
    const { id, names, token } = this;
    const error = (this.#rareState().lastFailure = extensionError(names, refusal));
    const remainingMs = this.remaining();
    this.#context.events.to("lock:extend:failed")?.({ id, names, token, error, remainingMs });
    // A listener may have released the lock.
    this.checkHeld("its lease ended before the extension failed", "it was released meanwhile");
    this.onNotRenewed(refusal);
    throw error;
  }

  /**
   * A quorum did not confirm the hold. The lock stays held until its lease ends, and tries to extend itself soon.
   * @throws LockLostError if the instances have granted it to another holder.
   */
  protected onNotRenewed(refusal: Refusal): void {
    if (refusal.isLost) {
      const takenBy = refusal.holder && ownerOf(refusal.holder.token);
      throw this.#lose("the instances granted it to another holder", "taken", takenBy);
    }
    const now = this.#context.clock.monotonic();
    this.#rareState().retryAt = retryExtensionAt(this.#ttlMs, this.isOutdated, now);
  }

  /** @throws LockLostError if the lock is lost. LockReleasedError if the holder released it. */
  protected checkHeld(whyLost: string, whyEnded: string, action?: string): void {
    if (this.#state === "held" && this.#remainingMs() <= 0) this.#lose(whyLost);
    if (this.#state === "held") return;
    const { lossError, isDetached } = this.#rare ?? {};
    if (lossError !== undefined) throw lossError;
    throw new LockReleasedError(this.names, isDetached === true ? "it was detached" : whyEnded, action);
  }

  #lose(why: string, cause: LossCause = "expired", takenBy?: string): LockLostError {
    assert(this.#state === "held", "only a held lock is lost");
    this.#state = "lost";
    const { id, names, token, fence } = this;
    const rare = this.#rareState();
    const error = (rare.lossError = new LockLostError(names, why, { cause: rare.lastFailure }));
    this.#context.recordLeftover(token);
    rare.controller?.abort(error);
    // The instances keep the token a little longer than the lease. The withdrawal waits for that time, so that it also undoes
    // extensions that arrive late.
    const { clock, deadlines, driftFactor, extender, events } = this.#context;
    this.#deadline?.cancel();
    this.#deadline = deadlines.add(clock.monotonic() + driftAllowance(this.#ttlMs, driftFactor), this);
    extender.cancel(this);
    this.#leaveQueue();
    const heldMs = clock.monotonic() - this.grantedAt;
    events.to("lock:lost")?.({ id, names, token, fence, cause, takenBy, error, heldMs });
    return error;
  }

  /** Deletes the token of a lost lock from the instances. */
  #withdraw(onEnd?: (result: ReleaseResult) => void): void {
    if (this.#state === "lost") {
      this.#state = "ended";
      endHold(this.#context.queue, this.#place, this.#hold, onEnd);
      this.#unregister();
      return;
    }
    assert(this.#state === "ended", "a held lock is not withdrawn");
    onEnd?.(NOTHING_HELD);
  }

  #unregister(): void {
    this.#deadline?.cancel();
    this.#context.extender.cancel(this);
    this.#context.unregister(this);
    this.#context.onLockChanged();
  }

  /** Admits the next waiter of this client. */
  #leaveQueue(): void {
    this.#watch?.onEnded(this.#state === "lost");
    this.#place.leave();
    this.#context.onLockChanged();
  }
}
