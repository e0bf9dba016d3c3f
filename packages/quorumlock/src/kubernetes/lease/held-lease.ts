import { assert } from "../../base/assert.ts";
import { rejectAtCaller, withCallerStack } from "../../base/caller-stack.ts";
import type { Deadline } from "../../base/deadlines.ts";
import { type LockError, LockLostError, LockReleasedError } from "../../base/errors.ts";
import type { LossCause } from "../../base/events.ts";
import { INSPECT, type Inspect } from "../../base/inspect.ts";
import { checkTtl } from "../../base/options.ts";
import { nextExtensionAt, retryExtensionAt } from "../../holding/auto-extender.ts";
import type { Lock, LockDescription } from "../../lockable.ts";
import type { Lease } from "../../quorum/lease.ts";
import type { ApiFailure } from "./api-failure.ts";
import { HeldRecord } from "./held-record.ts";
import { apiError, heldTokens, type LeaseContext } from "./lease-context.ts";
import { checkLeaseTtl } from "./lease-options.ts";
import type { LeaseRecord } from "./lease-record.ts";

export interface HeldLeaseInit {
  /** In the events of the lock. */
  readonly id: number;
  readonly token: string;
  readonly record: LeaseRecord;
  readonly lease: Lease;
  readonly ttlMs: number;
  readonly autoExtend: boolean;
  /** Called once, when the lock has ended. */
  readonly onEnded: () => void;
}

/**
 * A lease lock that was granted.
 *
 * - `held`: granted. The lease ends by the clocks of this process, before a taker may write the record.
 * - `lost`: the lease has ended, or the record has another holder. The signal is aborted.
 * - `ended`: released by the holder.
 *
 * While it is held, it has one deadline: the next extension, or the end of the lease.
 */
export class HeldLease implements Lock {
  readonly names: readonly string[];
  readonly token: string;
  readonly fence: number;
  readonly #id: number;
  readonly #context: LeaseContext;
  readonly #record: HeldRecord;
  readonly #autoExtend: boolean;
  readonly #onEnded: () => void;
  readonly #grantedAt: number;
  readonly #controller = new AbortController();
  #lease: Lease;
  #ttlMs: number;
  #state: "held" | "lost" | "ended" = "held";
  #deadline: Deadline | undefined;
  #extension: Promise<void> | undefined;
  /** When a failed extension is retried. */
  #retryAt: number | undefined;
  #lastFailure: LockError | undefined;
  #lossError: LockLostError | undefined;

  constructor(context: LeaseContext, init: HeldLeaseInit) {
    this.#context = context;
    this.names = context.names;
    this.token = init.token;
    this.fence = init.record.transitions;
    this.#id = init.id;
    this.#record = new HeldRecord(context, init.token, init.record);
    this.#autoExtend = init.autoExtend;
    this.#onEnded = init.onEnded;
    this.#lease = init.lease;
    this.#ttlMs = init.ttlMs;
    this.#grantedAt = context.clock.monotonic();
    heldTokens.add(init.token);
    context.clockListeners.add(this.#onClockRead);
    this.#schedule();
  }

  get ttl(): number {
    return this.#ttlMs;
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  get isHeld(): boolean {
    return this.remaining() > 0;
  }

  remaining(): number {
    return this.#state === "held" ? Math.max(0, this.#remainingMs()) : 0;
  }

  async extend(ttl: number = this.#ttlMs): Promise<void> {
    checkTtl(checkLeaseTtl(ttl), this.#context.options.driftFactor);
    try {
      while (this.#extension !== undefined) await this.#extension.catch(() => undefined);
      this.#ttlMs = ttl;
      await this.#startExtension();
    } catch (error) {
      throw withCallerStack(error);
    }
  }

  async release(): Promise<boolean> {
    if (this.#state === "held" && this.#remainingMs() <= 0) this.#lose("its lease ended before the release");
    if (this.#state !== "held") {
      // The holder has finished, so others need not wait until they have seen its record for the whole duration.
      if (this.#state === "lost") this.#withdraw();
      return false;
    }
    this.#state = "ended";
    this.#stop();
    await this.#extension?.catch(() => undefined);
    const result = await this.#record.release();
    heldTokens.delete(this.token);
    if (result.kind === "lost") {
      this.#reportLoss(result.why, "taken", result.takenBy);
      this.#onEnded();
      return false;
    }
    this.#reportRelease(result.kind === "released");
    this.#onEnded();
    if (result.kind === "released") return true;
    const what = `the API server did not confirm the release; others can acquire it ${this.#ttlMs} ms after the last extension`;
    return rejectAtCaller(apiError(this.#context, what, result.failure));
  }

  detach(): Promise<LockDescription> {
    return Promise.reject(
      new TypeError(
        `${this.names.join(", ")}: a lease lock cannot be detached; release it, and acquire it elsewhere`,
      ),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // The work is done under the lock. If the release is not confirmed, the event `lock:released` reports it.
    await this.release().catch(() => undefined);
    // A part of the work may have run without the lock.
    if (this.#lossError !== undefined) throw withCallerStack(this.#lossError);
  }

  /** The fields for a log. */
  toJSON(): Record<string, unknown> {
    const { names, fence, token, ttl, isHeld } = this;
    return { names, fence, token, ttl, isHeld, remaining: this.remaining() };
  }

  [INSPECT](_depth: number, options: object, inspect: Inspect): string {
    return `Lock ${inspect(this.toJSON(), options)}`;
  }

  /** The deadline of the lock has passed. */
  onDeadline(): void {
    if (this.#state !== "held") return;
    if (this.#remainingMs() <= 0) this.#lose("it was not extended before its lease ended");
    else if (this.#autoExtend && this.#extension === undefined) this.#startExtension().catch(() => undefined);
    else this.#schedule();
  }

  /** The machine may have slept, or the wall clock stepped. Then the lease ends before its deadline. */
  readonly #onClockRead = (): void => {
    if (this.#state === "held" && this.#remainingMs() <= 0) this.#lose("its lease ended");
  };

  /** Milliseconds left of the lease; 0 or less if it is over. */
  #remainingMs(): number {
    return this.#lease.remainingMs(this.#context.clock);
  }

  #schedule(): void {
    this.#deadline?.cancel();
    const { clock, deadlines } = this.#context;
    const now = clock.monotonic();
    const canExtend = this.#autoExtend && this.#extension === undefined;
    const startedAt = this.#lease.startedAt(now, clock.wall());
    const extendAt = canExtend ? (this.#retryAt ?? nextExtensionAt(startedAt, this.#ttlMs, now)) : Infinity;
    this.#deadline = deadlines.add(Math.min(extendAt, startedAt + this.#lease.validMs), this);
  }

  #startExtension(): Promise<void> {
    const extension = this.#extend().finally(() => {
      this.#extension = undefined;
      if (this.#state === "held") this.#schedule();
    });
    this.#extension = extension;
    if (this.#state === "held") this.#schedule();
    return extension;
  }

  async #extend(): Promise<void> {
    this.#checkHeld("its lease ended before the extension", "it was released before the extension");
    this.#retryAt = undefined;
    const result = await this.#record.renew(this.#ttlMs);
    // A lease that ended while its extension was in flight is over: others may have held the lock since.
    this.#checkHeld("its lease ended during the extension", "it was released meanwhile");
    if (result.kind === "lost") throw this.#lose(result.why, "taken", result.takenBy);
    if (result.kind === "failed") throw this.#noteFailure(result.failure);
    this.#lease = result.lease;
    this.#lastFailure = undefined;
    const { names, token, fence, ttl: ttlMs } = this;
    const remainingMs = this.remaining();
    this.#context.events.to("lock:extended")?.({ id: this.#id, names, token, fence, ttlMs, remainingMs });
  }

  #noteFailure(failure: ApiFailure | undefined): LockError {
    const { clock, events } = this.#context;
    const { names, token } = this;
    const why =
      failure === undefined
        ? "the extension failed: others wrote the Lease again and again"
        : "the API server did not confirm the extension";
    const error = (this.#lastFailure = apiError(this.#context, why, failure));
    const gapMs = retryExtensionAt(this.#ttlMs, false, 0) * (0.75 + clock.random() / 2);
    this.#retryAt = clock.monotonic() + gapMs;
    const remainingMs = this.remaining();
    events.to("lock:extend:failed")?.({ id: this.#id, names, token, error, remainingMs });
    return error;
  }

  /** @throws LockLostError if the lock is lost. LockReleasedError if the holder released it. */
  #checkHeld(whyLost: string, whyEnded: string): void {
    if (this.#state === "held" && this.#remainingMs() <= 0) this.#lose(whyLost);
    if (this.#state === "held") return;
    throw this.#lossError ?? new LockReleasedError(this.names, whyEnded);
  }

  #lose(why: string, cause: LossCause = "expired", takenBy?: string): LockLostError {
    assert(this.#state === "held", "only a held lock is lost");
    this.#state = "lost";
    this.#stop();
    heldTokens.delete(this.token);
    const error = this.#reportLoss(why, cause, takenBy);
    this.#onEnded();
    return error;
  }

  #reportLoss(why: string, cause: LossCause, takenBy: string | undefined): LockLostError {
    const { names, token, fence } = this;
    const error = new LockLostError(names, why, { cause: this.#lastFailure });
    this.#lossError = error;
    this.#controller.abort(error);
    const heldMs = this.#heldMs;
    this.#context.events.to("lock:lost")?.({
      id: this.#id,
      names,
      token,
      fence,
      cause,
      takenBy,
      error,
      heldMs,
    });
    return error;
  }

  #reportRelease(confirmed: boolean): void {
    const { names, token, fence } = this;
    const heldMs = this.#heldMs;
    this.#context.events.to("lock:released")?.({ id: this.#id, names, token, fence, heldMs, confirmed });
  }

  get #heldMs(): number {
    return this.#context.clock.monotonic() - this.#grantedAt;
  }

  /** Empties the record of a lost lock, if it is still there. */
  #withdraw(): void {
    this.#state = "ended";
    void this.#record.release();
  }

  #stop(): void {
    this.#deadline?.cancel();
    this.#context.clockListeners.delete(this.#onClockRead);
  }
}
