import type { AcquireOptions } from "./base/options.ts";

/** A held lock. It releases itself at the end of an `await using` block. */
export interface Lock extends AsyncDisposable {
  /** The locked names, sorted. */
  readonly names: readonly string[];
  /** The value of the lock's keys on the instances: 32 hexadecimal digits, `@` and the owner label. */
  readonly token: string;
  /**
   * The fencing token: a safe integer above the token of every earlier holder of these names. Send it with every write to the
   * protected resource, and let the resource reject smaller tokens (protocol §6).
   */
  readonly fence: number;
  /** The ttl of the next extension, in ms. */
  readonly ttl: number;
  /** Aborts when the lock is lost, with a `LockLostError` as its reason. It does not abort after a release. */
  readonly signal: AbortSignal;
  /** Whether the lease is valid now, by the clocks of this process. It is also correct right after the process was paused. */
  readonly isHeld: boolean;
  /** Milliseconds until the lease ends. 0 if the lock is not held. */
  remaining(): number;
  /**
   * Extends the lock to `ttl` ms from now. Later automatic extensions use the same ttl.
   * @param ttl whole milliseconds, with the same limits as the option `ttl`. @default the lock's `ttl`
   * @throws LockLostError if the lock is lost. LockReleasedError if it was released. Nothing is sent in both cases.
   * @throws QuorumError if no quorum confirmed the extension. The lock stays held for `remaining()`.
   * @throws RangeError, TypeError for a bad `ttl`.
   */
  extend(ttl?: number): Promise<void>;
  /**
   * Releases the lock. Resolves to `true` if the lock was held until now, and to `false` if it was lost or released before.
   * @throws QuorumError if no quorum confirmed the release. The remaining keys expire.
   */
  release(): Promise<boolean>;
}

/** The work under a lock. `signal` is the lock's signal, so it aborts when the lock is lost. */
export type Routine<T, L extends Lock = Lock> = (lock: L, signal: AbortSignal) => Promise<T> | T;

/** Whether a routine ran under the lock, and its result. */
export type TryResult<T> = { readonly acquired: false } | { readonly acquired: true; readonly value: T };

/** An object that callers can acquire. Every primitive and every policy is a Lockable. */
export interface Lockable<L extends Lock = Lock> {
  /** The names that it locks, joined to one text for logs and errors. */
  readonly name: string;
  /**
   * Waits for the lock.
   * @throws LockTimeoutError if another holder kept the lock until `wait` was over.
   * @throws QuorumError if too few instances voted until `wait` was over.
   * @throws LockAbortedError if `signal` was aborted.
   * @throws LockClosedError if the client was closed.
   * @throws LockReentrantError if the same asynchronous context holds the lock, only with `diagnostics: true`.
   * @throws RangeError, TypeError for bad options.
   */
  acquire(options?: AcquireOptions): Promise<L>;
  /**
   * Tries once. Resolves to `null` if another holder has the lock, or if the votes were split.
   * @throws as `acquire`, except LockTimeoutError.
   */
  tryAcquire(options?: AcquireOptions): Promise<L | null>;
  /**
   * Acquires the lock, runs the routine, and releases the lock. Meanwhile the lock extends itself, unless `autoExtend` is false.
   * @returns the result of the routine.
   * @throws the error of the routine.
   * @throws LockLostError if the routine succeeded but the lock was lost meanwhile.
   * @throws otherwise as `acquire`.
   */
  using<T>(routine: Routine<T, L>): Promise<T>;
  using<T>(options: AcquireOptions, routine: Routine<T, L>): Promise<T>;
  /**
   * As `using`, but tries once, as `tryAcquire` does.
   * @returns `acquired: false` if another holder has the lock, or if the votes were split. The routine did not run then. Otherwise
   * `acquired: true` and the result of the routine as `value`.
   * @throws as `using`, except LockTimeoutError.
   */
  tryUsing<T>(routine: Routine<T, L>): Promise<TryResult<T>>;
  tryUsing<T>(options: AcquireOptions, routine: Routine<T, L>): Promise<TryResult<T>>;
}

/**
 * Runs `routine` under a held lock. Releases the lock when the routine has ended, also if it failed. `latest`: the lock that the
 * routine has converted it to.
 */
export async function runUnder<T, L extends Lock>(
  lock: L,
  routine: Routine<T, L>,
  latest: () => Lock = () => lock,
): Promise<T> {
  let result: T;
  try {
    result = await routine(lock, lock.signal);
  } finally {
    await latest()[Symbol.asyncDispose]();
  }
  // The routine succeeded, but a part of it may have run without the lock.
  if (lock.signal.aborted) throw lock.signal.reason;
  return result;
}
