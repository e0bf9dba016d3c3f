import type { ResolvedAcquireOptions } from "../base/options.ts";
import type { LockWatch } from "../diagnostics/lock-watch.ts";
import type { HeldLock, LockClass } from "../holding/lock.ts";
import type { LockKind } from "../operations/kind.ts";
import type { Attempt, AttemptListener } from "../quorum/attempt.ts";
import type { Hold } from "../quorum/hold.ts";
import type { Refusal } from "../quorum/refusal.ts";
import type { Place } from "../waiting/place.ts";
import type { RefusedAttempt } from "../waiting/retry-schedule.ts";
import type { AcquiringContext } from "./acquiring-context.ts";

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

/** One call of `acquire`, as its wait, its attempts and its errors see it. */
export interface AcquireCall {
  readonly context: AcquiringContext;
  readonly request: AcquireRequest;
  readonly names: readonly string[];
  /** When it was called, by the monotonic clock. */
  readonly startedAt: number;
  /** Its place in the local queue; `undefined` if it was rejected before it had one. */
  readonly place: Place | undefined;
  /** The hold that the previous holder offers to it. The next attempt takes it over. */
  readonly offeredHold: Hold | undefined;
  /** Why the latest attempt did not win. */
  refusal: Refusal | undefined;
  /** The caller has to wait from now on. Called at each wait. */
  onWaiting(): void;
  newAttempt(target: unknown, joinsLine: boolean, listener: AttemptListener): Attempt;
  /** Notes that the latest attempt did not win. */
  recordRefusal(attempt: Attempt, refusal: Refusal, startedAt: number): RefusedAttempt;
  /** Notes that the latest attempt has won, but that its hold cannot be used. The caller of this gives the hold up. */
  recordUnusable(attempt: Attempt): void;
  /** Ends the call with a lock. */
  succeed(attempt: Attempt): void;
  /** Ends the call with an error. */
  fail(error: unknown): void;
}
