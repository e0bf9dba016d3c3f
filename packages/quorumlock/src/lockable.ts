import type { Holder } from "./base/errors.ts";
import type { AcquireOptions } from "./base/options.ts";
import type { Mode } from "./operations/mode.ts";

/**
 * A held lock. It extends itself until it is released, unless `autoExtend` is false.
 *
 * `await using` releases it at the end of the block. The end of the block throws the `LockLostError` if the lock was lost before,
 * because a part of the block may have run without the lock. If the block throws too, the language throws a `SuppressedError`
 * with both errors.
 */
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
  /** Time until the lease ends if it is not extended, in ms, with fractions. 0 if the lock is not held. */
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
   * @throws QuorumError if no quorum confirmed the release. Instances that answer again soon delete the keys, and all others expire.
   */
  release(): Promise<boolean>;
  /**
   * Passes the lock to another process, which takes it up with `redlock.attach(description)`. Extends the lock to its `ttl` once more,
   * so that there is time for that. From then on this object is not held and sends nothing: `release()` resolves to `false`, and
   * `signal` does not abort. The other callers of this process wait for the lock as for any lock of another process.
   *
   * A detached lock is not extended. It expires if no process attaches it within its ttl.
   * @throws QuorumError if no quorum confirmed the extension. The lock stays held here for `remaining()`.
   * @throws LockLostError if the lock is lost. LockReleasedError if it was released or detached.
   * @throws TypeError if this kind of lock cannot be detached.
   */
  detach(): Promise<LockDescription>;
}

/**
 * A detached lock. It survives `JSON.stringify`. Keep it as secret as the lock is important: the token is all that a process needs to
 * extend and to release the lock.
 */
export interface LockDescription {
  /** The version of this form: 1. A description without it is one of version 1. */
  readonly version?: number | undefined;
  /**
   * The kind of lock: `"mutex"`, `"read"`, `"write"`, `"modes"` (also of a tree, and of the plain lock of a tenant), `"fair"` or
   * `"semaphore"`.
   */
  readonly kind: string;
  /** The locked names, sorted. */
  readonly names: readonly string[];
  /** The mode of each name, in the order of `names`. Only of the kind `"modes"`. */
  readonly modes?: readonly Mode[] | undefined;
  /** The numbers of the held permits, ascending. Only of the kind `"semaphore"`. */
  readonly slots?: readonly number[] | undefined;
  /** The total number of permits, as far as the holder knew. Only of the kind `"semaphore"`. A changed number is with the instances. */
  readonly permits?: number | undefined;
  /** The tenant of the lock, and the lock's place under the limit. Only of locks of a tenant. */
  readonly tenant?: DescribedTenant | undefined;
  /** The lock's token. It stays the same. */
  readonly token: string;
  /** The lock's fencing token. It stays the same. */
  readonly fence: number;
  /** The lock's ttl, in ms. */
  readonly ttl: number;
  /**
   * How long the lease was still valid when it was detached, in ms. It is a hint: the process that attaches the lock does not know
   * when that was, so `attach` does not use it.
   */
  readonly remaining: number;
}

/** The description of a detached lock of one kind. */
export type DescriptionOf<Kind extends string> = LockDescription & { readonly kind: Kind };

/** The tenant in the description of a detached lock. */
export interface DescribedTenant {
  /** The id of the tenant. */
  readonly id: string;
  /** How many locks the tenant may hold, as far as the holder knew. A changed number is with the instances. */
  readonly maxLocks: number;
  /** The number of the lock's place under the limit, from 0. */
  readonly slot: number;
}

/** The work under a lock. `signal` is the lock's signal, so it aborts when the lock is lost. */
export type Routine<T, L extends Lock = Lock> = (lock: L, signal: AbortSignal) => Promise<T> | T;

/** Whether a routine ran under the lock, and its result. */
export type TryResult<T> = { readonly acquired: false } | { readonly acquired: true; readonly value: T };

/** A token that holds names, as the instances report it. */
export interface LockHolder extends Holder {
  /** Which of the queried names it holds, sorted. */
  readonly names: readonly string[];
  /** How many instances report the token. If it holds several names, the smallest number of any of them. */
  readonly votes: number;
  /** The numbers of the permits that it holds, ascending. Only of a semaphore, and not of a plain lock on its name. */
  readonly slots?: readonly number[] | undefined;
}

/** The state of a lock, at the moment of a query. It may change at any time, so do not decide by it whether to do the work. */
export interface LockState {
  /** The queried names, sorted. */
  readonly names: readonly string[];
  /** Whether a quorum of the instances reports the same token for at least one of the names. */
  readonly isHeld: boolean;
  /**
   * The tokens that a quorum reports. `remaining`: milliseconds until less than a quorum is left if the holder does not extend the
   * lock. The lease of the holder ends a little earlier.
   */
  readonly holders: readonly LockHolder[];
  /**
   * Tokens that less than a quorum reports, so they hold nothing: of an attempt that is under way, of a lock that ends, or of a lock
   * whose other instances have lost it. `remaining`: milliseconds until the last of their keys expires.
   */
  readonly partial: readonly LockHolder[];
  /**
   * How many wait: the callers of this client, and the other clients. Each other client counts once. If each caller has a place of its
   * own in line, as with a fair lock, a semaphore or a tenant, each of them counts.
   */
  readonly waiters: number;
  /** How many instances answered. At least a quorum. */
  readonly answers: number;
  /** How many instances are configured. */
  readonly instances: number;
}

/** An object that callers can acquire. Every primitive and every policy is a Lockable. */
export interface Lockable<L extends Lock = Lock> {
  /** The names that it locks, joined to one text for logs and errors. */
  readonly name: string;
  /**
   * Waits for the lock.
   * @throws LockTimeoutError if another holder kept the lock until `wait` was over.
   * @throws QuorumError if too few instances voted until `wait` was over. At once if a majority refuses this client for good.
   * @throws LockAbortedError if `signal` was aborted.
   * @throws LockClosedError if the client was closed.
   * @throws LockReentrantError in a routine of `using` that holds the lock, only with `diagnostics: true`.
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
  /**
   * Reads who holds the lock, for how long, and how many wait. It changes nothing, and costs one request to each instance.
   * @throws QuorumError if no quorum of the instances answered.
   * @throws LockKindError if it is a semaphore whose name is held by a read/write lock or by a lock on a tree.
   * @throws LockClosedError if the client was closed.
   * @throws TypeError if this kind of lock cannot be queried.
   */
  query(): Promise<LockState>;
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
    await latest()
      .release()
      .catch(() => undefined);
  }
  // The routine succeeded, but a part of it may have run without the lock.
  if (lock.signal.aborted) throw lock.signal.reason;
  return result;
}
