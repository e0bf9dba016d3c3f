import { type Origin, originOf } from "../acquiring/origin.ts";
import { assert } from "../base/assert.ts";
import { LockError, LockTimeoutError, QuorumError, TenantLimitError } from "../base/errors.ts";
import type { AcquireOptions } from "../base/options.ts";
import { type Call, ComposedLockable } from "../compositions/composed-lockable.ts";
import { reportFailure, waitedBefore } from "../compositions/report-failure.ts";
import type { Lock, Lockable } from "../lockable.ts";
import {
  BEGIN_CALL,
  type CallResult,
  CircuitBreaker,
  type CircuitBreakerOptions,
  type GuardedCall,
} from "./circuit-breaker.ts";
import type { Wrapped } from "./wrapped.ts";

/**
 * Lets calls through only while a circuit breaker allows it. The breaker opens when `failureThreshold` calls in a row ended with a
 * `QuorumError`. While it is open, every call throws a `CircuitOpenError` at once, without a request. After `recoveryMs` it lets
 * `halfOpenTrials` calls through at a time. It closes when `successThreshold` of them have succeeded, and opens again if one fails.
 *
 * Contention is no failure: a lock that is held, or a `LockTimeoutError`, neither raises nor resets the number of failures. A trial call
 * that finds the lock held has succeeded, because the servers answered. Aborted calls count nowhere. `query` always passes.
 *
 * ```ts
 * import { CircuitBreaker, withCircuitBreaker } from "quorumlock";
 *
 * const breaker = new CircuitBreaker({ failureThreshold: 3 });
 * await withCircuitBreaker(redlock.mutex("order:42"), breaker).using(work);
 * ```
 *
 * @param breaker the breaker that all lockables of these servers share, or options for a new one that only this lockable uses.
 * @throws TypeError, RangeError for a bad argument, with the field and the value.
 */
export function withCircuitBreaker<T extends Lockable>(
  lockable: T,
  breaker: CircuitBreaker | CircuitBreakerOptions = {},
): Wrapped<T> {
  const shared = isCircuitBreaker(breaker) ? breaker : new CircuitBreaker(breaker);
  return new GuardedLockable(lockable, shared);
}

function isCircuitBreaker(value: unknown): value is CircuitBreaker {
  return typeof value === "object" && value !== null && BEGIN_CALL in value;
}

class GuardedLockable extends ComposedLockable {
  readonly #breaker: CircuitBreaker;

  constructor(inner: Lockable, breaker: CircuitBreaker) {
    super(inner);
    this.#breaker = breaker;
  }

  protected override async run<Result>(
    call: Call<Result>,
    options: AcquireOptions | undefined,
  ): Promise<Result> {
    const guarded = this.#begin(originOf(this.inner), call.isOnce, options);
    let isAcquired = false;
    const admit = (lock: Lock): Lock => {
      isAcquired = true;
      // The result is known before the routine runs.
      guarded.end("granted");
      return lock;
    };
    try {
      const outcome = await call.start(this.inner, options, admit);
      assert(outcome !== undefined, "a circuit breaker admits every lock");
      if (!isAcquired) guarded.end("contended");
      return outcome.value;
    } catch (error) {
      if (!isAcquired) guarded.end(resultOf(error), error instanceof LockError ? error : undefined);
      throw error;
    }
  }

  /** @throws CircuitOpenError. The event of the failure is emitted, because the acquisition below does not begin. */
  #begin(origin: Origin, isOnce: boolean, options: AcquireOptions | undefined): GuardedCall {
    const { names, context } = origin;
    const { waitMs } = origin.resolve(options);
    try {
      return this.#breaker[BEGIN_CALL](names, context.clock);
    } catch (error) {
      if (error instanceof LockError) {
        const id = context.events.nextId();
        reportFailure(origin, error, { id, waitMs: isOnce ? 0 : waitMs, waitedMs: waitedBefore(options) });
      }
      throw error;
    }
  }
}

function resultOf(error: unknown): CallResult {
  if (error instanceof QuorumError) return "unreachable";
  return error instanceof LockTimeoutError || error instanceof TenantLimitError ? "contended" : "other";
}
