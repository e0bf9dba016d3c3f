import { checkWholeNumber } from "../../base/check-whole-number.ts";
import { formatValue } from "../../base/check-value.ts";
import { refuseUnknownOptions } from "../../base/known-options.ts";
import { checkOptions, checkWait, type ResolvedOptions } from "../../base/options.ts";
import type { Lockable } from "../../lockable.ts";
import { checkNumber } from "../../policies/check-number.ts";

/** Options of `cached`. Every duration is in milliseconds. */
export interface CachedOptions {
  /** How long a value is fresh at most, from the start of its computation, in ms. A whole number from 1 to 2_592_000_000 (30 days). */
  readonly ttl: number;
  /**
   * Each value is fresh for a random time between `ttl × (1 − jitter)` and `ttl`, so that values that were computed together do not
   * end together. From 0 to 0.9.
   * @default 0.1
   */
  readonly jitter?: number | undefined;
  /**
   * How long a value that is not fresh any more is still served, while one process computes the next one, in ms. A whole number from 0
   * to 2_592_000_000. A computation that fails leaves the old value, and this process pauses before the next one: 1 s that doubles with
   * each failure in a row, at most 30 s.
   * @default 0
   */
  readonly staleFor?: number | undefined;
  /**
   * How long `undefined` is cached, in ms: the computation found nothing. A whole number from 0 (not at all) to 2_592_000_000. `null`
   * is a value like any other.
   * @default 0
   */
  readonly negativeTtl?: number | undefined;
  /**
   * How readily a fresh value is computed again before its time is over: β of XFetch (docs/patterns.md). From 0 (never) to 10. With 1,
   * it begins about as long before the end as the computation takes.
   * @default 1
   */
  readonly earlyRefresh?: number | undefined;
  /** How long one computation may take, in ms. A whole number from 1 to 86_400_000 (a day). @default 30_000 */
  readonly computeTimeout?: number | undefined;
  /**
   * How long a caller waits for the computation of another process, in ms, from its own call. From 0 to `Infinity`.
   * @default `computeTimeout` + `lockTtl` + 5_000, so that a caller also sees the end of a computation that takes too long
   */
  readonly wait?: number | undefined;
  /**
   * The ttl of the lock, in ms: after this time, another process computes if the first one has died. The lock extends itself. A whole
   * number from 100 to the client's `ttl`.
   * @default 5_000, or the client's `ttl` if that is shorter
   */
  readonly lockTtl?: number | undefined;
  /** How long one call of the store may take, in ms. A whole number from 1 to 60_000. @default 1_000 */
  readonly storeTimeout?: number | undefined;
  /**
   * With `"process"`, a value is computed without a lock if too few lock servers answer, or if a circuit breaker of `wrap` is open: at
   * most once at a time in each process. By default, `get` rejects with the `QuorumError` or `CircuitOpenError` then, unless there is a
   * stale value.
   * @default none
   */
  readonly unlocked?: "process" | undefined;
  /** Puts policies around the lock of each key, for example a circuit breaker. @default none */
  readonly wrap?: ((lockable: Lockable) => Lockable) | undefined;
}

/** The options, checked and complete. */
export interface ResolvedCachedOptions {
  readonly ttlMs: number;
  readonly jitter: number;
  readonly staleForMs: number;
  readonly negativeTtlMs: number;
  readonly beta: number;
  readonly computeTimeoutMs: number;
  readonly waitMs: number;
  readonly lockTtlMs: number;
  readonly storeTimeoutMs: number;
  readonly isUnlockedAllowed: boolean;
  readonly wrap: ((lockable: Lockable) => Lockable) | undefined;
}

/** How long a computation that was aborted may take to end before its lock is released, in ms. */
export const GRACE_MS = 5_000;

const MAX_TTL_MS = 30 * 24 * 3_600_000;
const MAX_COMPUTE_MS = 24 * 3_600_000;
const MAX_STORE_TIMEOUT_MS = 60_000;
const MAX_JITTER = 0.9;
const MAX_BETA = 10;
const MIN_LOCK_TTL_MS = 100;
const LOCK_TTL_MS = 5_000;

const KNOWN: Readonly<Record<keyof CachedOptions, true>> = {
  ttl: true,
  jitter: true,
  staleFor: true,
  negativeTtl: true,
  earlyRefresh: true,
  computeTimeout: true,
  wait: true,
  lockTtl: true,
  storeTimeout: true,
  unlocked: true,
  wrap: true,
};

/** @throws TypeError, RangeError for bad options, with the field and the value. */
export function resolveCachedOptions(
  options: CachedOptions,
  client: Pick<ResolvedOptions, "ttlMs">,
): ResolvedCachedOptions {
  checkOptions(options);
  refuseUnknownOptions(options, KNOWN);
  const { unlocked, wrap } = options;
  if (unlocked !== undefined && unlocked !== "process")
    throw new RangeError(`unlocked: ${formatValue(unlocked)} must be "process", or left out`);
  if (wrap !== undefined && typeof wrap !== "function")
    throw new TypeError(`wrap: ${formatValue(wrap)} must be a function that returns a Lockable`);
  const computeTimeoutMs = checkWholeNumber(
    "computeTimeout",
    options.computeTimeout ?? 30_000,
    1,
    MAX_COMPUTE_MS,
  );
  const lockTtlMs = checkLockTtl(options.lockTtl, client.ttlMs);
  return {
    ttlMs: checkWholeNumber("ttl", options.ttl, 1, MAX_TTL_MS),
    jitter: checkNumber("jitter", options.jitter ?? 0.1, 0, MAX_JITTER),
    staleForMs: checkWholeNumber("staleFor", options.staleFor ?? 0, 0, MAX_TTL_MS),
    negativeTtlMs: checkWholeNumber("negativeTtl", options.negativeTtl ?? 0, 0, MAX_TTL_MS),
    beta: checkNumber("earlyRefresh", options.earlyRefresh ?? 1, 0, MAX_BETA),
    computeTimeoutMs,
    waitMs: checkWait(options.wait ?? computeTimeoutMs + lockTtlMs + GRACE_MS),
    lockTtlMs,
    storeTimeoutMs: checkWholeNumber("storeTimeout", options.storeTimeout ?? 1_000, 1, MAX_STORE_TIMEOUT_MS),
    isUnlockedAllowed: unlocked === "process",
    wrap,
  };
}

/** A ttl above the client's would make a restarted server abstain for longer (protocol §10). */
function checkLockTtl(lockTtl: number | undefined, clientTtlMs: number): number {
  if (lockTtl === undefined) return Math.min(LOCK_TTL_MS, clientTtlMs);
  return checkWholeNumber("lockTtl", lockTtl, Math.min(MIN_LOCK_TTL_MS, clientTtlMs), clientTtlMs);
}
