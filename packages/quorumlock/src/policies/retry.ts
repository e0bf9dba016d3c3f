import { type Origin, originOf } from "../acquiring/origin.ts";
import { assert } from "../base/assert.ts";
import { checkWholeNumber } from "../base/check-whole-number.ts";
import { type LockError, LockTimeoutError, QuorumError } from "../base/errors.ts";
import { refuseUnknownOptions } from "../base/known-options.ts";
import { type AcquireOptions, checkOptions } from "../base/options.ts";
import { formatValue } from "../base/check-value.ts";
import { processWide } from "../base/process-wide.ts";
import { toError } from "../base/to-error.ts";
import { CallerWait } from "../compositions/caller-wait.ts";
import { type Call, ComposedLockable } from "../compositions/composed-lockable.ts";
import type { Lock, Lockable } from "../lockable.ts";
import { checkNumber } from "./check-number.ts";
import { checkListener, notify } from "./listeners.ts";
import { exponential, type RetryStrategy } from "./retry-strategies.ts";
import type { Wrapped } from "./wrapped.ts";

/** An acquisition failed, and another one follows after a pause. */
export interface RetryEvent {
  /** The names of the lock, sorted. */
  readonly names: readonly string[];
  /** How many acquisitions have failed so far, from 1. */
  readonly attempt: number;
  /** Why the last one failed. */
  readonly error: LockError;
  /** The pause before the next one, in ms. */
  readonly delayMs: number;
}

/** The limits of `withRetry`. */
export interface RetryOptions {
  /**
   * How many acquisitions a call makes at most, the first one included. A whole number of at least 1, or `Infinity` if `maxTime` is
   * finite.
   * @default 5
   */
  readonly maxAttempts?: number | undefined;
  /**
   * Time from the call after which no acquisition begins, in ms. A later acquisition waits at most for the rest of it. A number above 0,
   * or `Infinity` if `maxAttempts` is finite.
   * @default 60_000
   */
  readonly maxTime?: number | undefined;
  /** Called before each pause. @default none */
  readonly onRetry?: ((event: RetryEvent) => void) | undefined;
}

/** The shortest pause, so that a strategy that returns 0 does not flood servers that have just failed. */
const MIN_PAUSE_MS = 10;

/** How many acquisitions were made before an error was thrown. Both builds of the library share it. */
const attemptsBefore = processWide("retryAttempts", () => new WeakMap<object, number>());

/**
 * How many acquisitions `withRetry` made before it threw this error. `undefined` for every other error.
 */
export function attemptsOf(error: unknown): number | undefined {
  return typeof error === "object" && error !== null ? attemptsBefore.get(error) : undefined;
}

/**
 * Repeats acquisitions that end with a `QuorumError` or a `LockTimeoutError`, with pauses between them. One acquisition waits as without
 * this policy: it is notified of releases, and `wait` is its limit. All other errors end the call at once, as does the `signal` of the
 * caller, also in a pause. An error of the routine is never a reason to repeat.
 *
 * `tryAcquire` and `tryUsing` repeat only if no quorum answered. A lock that is held is a result, not a failure.
 *
 * ```ts
 * import { exponential, withRetry } from "quorumlock";
 *
 * const order = withRetry(redlock.mutex("order:42"), exponential({ base: 200 }), { maxAttempts: 4 });
 * await order.using(work);
 * ```
 *
 * The call throws the last error unchanged. `attemptsOf(error)` is the number of acquisitions.
 *
 * @param strategy decides about the pauses: `exponential`, `linear`, `constant`, `fullJitter`, `decorrelatedJitter`, or your own function.
 * A pause lasts at least 10 ms. @default exponential()
 * @throws TypeError, RangeError for a bad argument, with the field and the value. A call rejects with one if the strategy throws, or
 * returns neither `null` nor a number of ms.
 */
export function withRetry<T extends Lockable>(
  lockable: T,
  strategy: RetryStrategy = exponential(),
  options: RetryOptions = {},
): Wrapped<T> {
  checkOptions(options);
  refuseUnknownOptions(options, { maxAttempts: true, maxTime: true, onRetry: true });
  if (typeof strategy !== "function")
    throw new TypeError(
      `strategy: ${formatValue(strategy)} must be a function, such as exponential({ base: 100 })`,
    );
  const { maxAttempts = 5, maxTime = 60_000, onRetry } = options;
  checkWholeNumber("maxAttempts", maxAttempts, 1, Infinity);
  checkNumber("maxTime", maxTime, 1, Infinity);
  if (maxAttempts === Infinity && maxTime === Infinity)
    throw new RangeError(
      "maxAttempts, maxTime: both are Infinity; set a limit for one of them, so that a call ends during an outage",
    );
  if (onRetry !== undefined) checkListener("onRetry", onRetry);
  const limits = { maxAttempts, maxTimeMs: maxTime, onRetry };
  return new RetryingLockable(lockable, strategy, limits);
}

interface RetryLimits {
  readonly maxAttempts: number;
  readonly maxTimeMs: number;
  readonly onRetry: ((event: RetryEvent) => void) | undefined;
}

class RetryingLockable extends ComposedLockable {
  readonly #strategy: RetryStrategy;
  readonly #limits: RetryLimits;

  constructor(inner: Lockable, strategy: RetryStrategy, limits: RetryLimits) {
    super(inner);
    this.#strategy = strategy;
    this.#limits = limits;
  }

  protected override async run<Result>(
    call: Call<Result>,
    options: AcquireOptions | undefined,
  ): Promise<Result> {
    const origin = originOf(this.inner);
    const { clock } = origin.context;
    const startedAt = clock.monotonic();
    let previousMs: number | undefined;
    for (let attempt = 1; ; attempt += 1) {
      let isAcquired = false;
      const admit = (lock: Lock): Lock => {
        isAcquired = true;
        return lock;
      };
      try {
        const optionsLeft = this.#optionsLeft(call, origin, options, clock.monotonic() - startedAt);
        const outcome = await call.start(this.inner, optionsLeft, admit);
        assert(outcome !== undefined, "a retry admits every lock");
        return outcome.value;
      } catch (error) {
        // The routine may have failed with the error of another lock.
        if (isAcquired || !isRetryable(error)) throw error;
        const elapsedMs = clock.monotonic() - startedAt;
        const state = { random: () => clock.random(), previousMs, elapsedMs };
        const delayMs = this.#delayAfter(attempt, error, state);
        if (delayMs === undefined) {
          attemptsBefore.set(error, attempt);
          throw error;
        }
        previousMs = delayMs;
        const { onRetry } = this.#limits;
        if (onRetry !== undefined) {
          const event = { names: origin.names, attempt, error, delayMs };
          notify("onRetry", onRetry, event);
        }
        await pause(origin, options?.signal, delayMs);
      }
    }
  }

  /** The options of one acquisition, which must not wait longer than the rest of the time. */
  #optionsLeft<Result>(
    { isOnce }: Call<Result>,
    origin: Origin,
    options: AcquireOptions | undefined,
    elapsedMs: number,
  ): AcquireOptions | undefined {
    const restMs = Math.max(0, this.#limits.maxTimeMs - elapsedMs);
    if (isOnce || restMs === Infinity || origin.resolve(options).waitMs <= restMs) return options;
    return { ...options, wait: restMs };
  }

  /** The pause before the next acquisition. `undefined` if there is no next one. */
  #delayAfter(attempt: number, error: LockError, state: Parameters<RetryStrategy>[2]): number | undefined {
    const { maxAttempts, maxTimeMs } = this.#limits;
    if (attempt >= maxAttempts) return undefined;
    const delayMs = checkDelay(this.#strategy, attempt, error, state);
    if (delayMs === undefined || state.elapsedMs + delayMs >= maxTimeMs) return undefined;
    return delayMs;
  }
}

/** Timeouts and outages. An open circuit breaker is not one of them, because it exists to fail at once. */
function isRetryable(error: unknown): error is LockError {
  return error instanceof QuorumError || error instanceof LockTimeoutError;
}

function checkDelay(
  strategy: RetryStrategy,
  ...[attempt, error, state]: Parameters<RetryStrategy>
): number | undefined {
  let delayMs: unknown;
  try {
    delayMs = strategy(attempt, error, state);
  } catch (thrown) {
    const { message } = toError(thrown);
    throw new TypeError(`strategy: it threw "${message}"; it must return a number of milliseconds, or null`, {
      cause: thrown,
    });
  }
  if (delayMs === null) return undefined;
  const expected = "it must return a number of milliseconds of at least 0, or null to stop";
  if (typeof delayMs !== "number")
    throw new TypeError(`strategy: it returned ${formatValue(delayMs)}; ${expected}`, { cause: error });
  if (!(delayMs >= 0 && delayMs < Infinity))
    throw new RangeError(`strategy: it returned ${delayMs}; ${expected}`, { cause: error });
  return Math.max(MIN_PAUSE_MS, delayMs);
}

/**
 * Waits `delayMs`.
 * @throws LockAbortedError, LockClosedError.
 */
async function pause(origin: Origin, signal: AbortSignal | undefined, delayMs: number): Promise<void> {
  const wait = new CallerWait(origin, { wait: delayMs, signal }, false);
  try {
    // The wait of this caller is the pause, so the event that it waits for never comes.
    await wait.untilEvent(new Promise(() => undefined));
  } finally {
    wait.dispose();
  }
}
