import type { AcquireOptions } from "./base/options.ts";

/** A lock that is held. Releases itself at the end of an `await using` block. */
export interface Lock extends AsyncDisposable {
  /** The locked names, sorted. */
  readonly names: readonly string[];
  /** What stands on the instances: 32 hexadecimal digits, `@`, the owner's label. */
  readonly token: string;
  /**
   * The fencing token: a safe integer, larger than that of every earlier holder of each of the names. Hand it
   * to what the lock protects and have smaller ones refused there (protocol §6).
   */
  readonly fence: number;
  /** The time to live that the next extension asks for, in ms. */
  readonly ttl: number;
  /** Aborts when the lock is lost, with a `LockLostError` as reason; never at a release. */
  readonly signal: AbortSignal;
  /** Whether it is surely held at this moment, by the clocks of this process; right also after a pause. */
  readonly isHeld: boolean;
  /** Milliseconds for which it is surely held; 0 when it is not. */
  remaining(): number;
  /**
   * Renews it for `ttl` ms from now; from then on also by automatic extension.
   * @param ttl milliseconds, an integer of at least 3. @default the lock's
   * @throws LockLostError when it is held no more; nobody is asked then.
   * @throws QuorumError when too few instances answered; it stays held for `remaining()`.
   */
  extend(ttl?: number): Promise<void>;
  /**
   * Gives it back. Resolves to `true` when it was held until now, to `false` when it had ended before or was
   * released already.
   * @throws QuorumError when too few instances confirmed it; what is left on the others ends with its expiry.
   */
  release(): Promise<boolean>;
}

/** What is done under a lock. `signal` is the lock's: it aborts when the lock is lost. */
export type Routine<T> = (lock: Lock, signal: AbortSignal) => Promise<T> | T;

/** Something that can be acquired. Every primitive and every policy gives one. */
export interface Lockable {
  /** For people: names what is locked. */
  readonly name: string;
  /**
   * Waits for the lock.
   * @throws LockTimeoutError when others held it until `wait` was over.
   * @throws QuorumError when too few instances answered until then.
   * @throws LockAbortedError when `signal` was aborted, LockClosedError when the client was closed.
   * @throws RangeError, TypeError for bad options.
   */
  acquire(options?: AcquireOptions): Promise<Lock>;
  /** Tries once; `null` when others hold it. @throws as `acquire`, but for the timeout. */
  tryAcquire(options?: AcquireOptions): Promise<Lock | null>;
  /**
   * Acquires, keeps alive, runs the routine and releases.
   * @throws what the routine throws; LockLostError when the routine succeeded though the lock was lost
   * meanwhile; otherwise as `acquire`.
   */
  using<T>(routine: Routine<T>): Promise<T>;
  using<T>(options: AcquireOptions, routine: Routine<T>): Promise<T>;
}

/** Runs `routine` under a lock that was just acquired, and gives the lock back whatever happens. */
export async function runUnder<T>(lock: Lock, routine: Routine<T>): Promise<T> {
  let result: T;
  try {
    result = await routine(lock, lock.signal);
  } finally {
    await lock[Symbol.asyncDispose]();
  }
  // The work was done, but not under the protection it asked for.
  if (lock.signal.aborted) throw lock.signal.reason;
  return result;
}
