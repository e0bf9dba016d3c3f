import { setMaxListeners } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { LockAbortedError, LockClosedError, LockTimeoutError, type Lockable, type Redlock } from "quorumlock";
import { isObservable } from "rxjs";
import { isBusyError } from "./busy-error.ts";
import { currentLocks } from "./current-lock.ts";
import { type LockedMethod, lockableOf } from "./locked-method.ts";

/**
 * Maximum number of attempts of a call that does not wait. It retries if callers split the votes of the servers, because otherwise all
 * processes could skip a job. With these numbers, the delays sum up to 2.3 s at most, and to half of that on average.
 */
const SPLIT_ATTEMPTS = 8;
/** The delay before the next attempt is random, up to a limit that doubles. */
const FIRST_SPLIT_DELAY_MS = 20;
const MAX_SPLIT_DELAY_MS = 1_000;

/** Runs the methods with `@UseLock` of one client, and knows which of them run. Nest injects it into the objects of these methods. */
export class LockRunner {
  readonly redlock: Redlock;
  readonly #running = new Set<Promise<unknown>>();
  readonly #stop = new AbortController();
  #lockedCount = 0;

  constructor(redlock: Redlock) {
    this.redlock = redlock;
    // Every call that waits listens to the signal.
    setMaxListeners(0, this.#stop.signal);
  }

  /** How many calls run or wait for their lock. */
  get runningCount(): number {
    return this.#running.size;
  }

  /** How many calls run, with their lock. */
  get lockedCount(): number {
    return this.#lockedCount;
  }

  /** Runs a method under its lock. `self`: the `this` of the method. */
  async run(method: LockedMethod, self: unknown, args: readonly unknown[]): Promise<unknown> {
    const lockable = lockableOf(method, this.redlock, self, args);
    const call =
      method.options.onBusy === "skip"
        ? this.#runOrSkip(method, lockable, self, args)
        : this.#runUnder(method, lockable, self, args);
    this.#running.add(call);
    try {
      return await call;
    } finally {
      this.#running.delete(call);
    }
  }

  /**
   * From now on, calls that have no lock yet reject with a `LockClosedError`. Methods that run come to their end, and so do the decorated
   * methods that they call.
   */
  stop(): void {
    this.#stop.abort();
  }

  /** Resolves when no call runs. */
  async untilIdle(): Promise<void> {
    while (this.#running.size > 0) await Promise.allSettled(this.#running);
  }

  async #runOrSkip(
    method: LockedMethod,
    lockable: Lockable,
    self: unknown,
    args: readonly unknown[],
  ): Promise<unknown> {
    const { wait = 0 } = method.options;
    const state: CallState = { hasStarted: false };
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#runUnder(method, lockable, self, args, wait, state);
      } catch (error) {
        // An error of the method itself can be of the same class.
        if (state.hasStarted || !isBusyError(error)) throw error;
        const mayBeSplit = wait === 0 && error instanceof LockTimeoutError && !error.isHeld;
        if (!mayBeSplit || attempt === SPLIT_ATTEMPTS) return undefined;
        const limitMs = Math.min(FIRST_SPLIT_DELAY_MS * 2 ** (attempt - 1), MAX_SPLIT_DELAY_MS);
        await this.#sleep(Math.random() * limitMs, error.names);
      }
    }
  }

  /** @throws LockClosedError if the shutdown ends it. */
  async #sleep(ms: number, names: readonly string[]): Promise<void> {
    try {
      await sleep(ms, undefined, { signal: this.#signal() });
    } catch {
      throw new LockClosedError(names);
    }
  }

  /** Ends waits at a shutdown, but not those of methods that a method with a lock calls. */
  #signal(): AbortSignal | undefined {
    return currentLocks.getStore()?.isHeld === true ? undefined : this.#stop.signal;
  }

  async #runUnder(
    { options: { ttl, wait: ownWait, autoExtend }, where, body }: LockedMethod,
    lockable: Lockable,
    self: unknown,
    args: readonly unknown[],
    wait = ownWait,
    state: CallState = { hasStarted: false },
  ): Promise<unknown> {
    const signal = this.#signal();
    try {
      return await lockable.using({ ttl, wait, autoExtend, signal }, async (lock) => {
        state.hasStarted = true;
        this.#lockedCount += 1;
        try {
          const result = await currentLocks.run(lock, () => body.apply(self, args as unknown[]));
          checkResult(where, result);
          return result;
        } finally {
          this.#lockedCount -= 1;
        }
      });
    } catch (error) {
      const isStopped = this.#stop.signal.aborted && error instanceof LockAbortedError;
      throw isStopped && !state.hasStarted ? new LockClosedError(error.names) : error;
    }
  }
}

/** @throws TypeError for a result whose work would run without the lock, when the caller reads it. */
function checkResult(where: string, result: unknown): void {
  if (isObservable(result))
    throw new TypeError(
      `${where}: the method returned an Observable, whose work would run after the release of the lock; return a promise, such as lastValueFrom(observable)`,
    );
  if (isAsyncIterable(result) || isGenerator(result))
    throw new TypeError(
      `${where}: the method returned an iterator, whose items would be made after the release of the lock; return an array of them, or take the lock where the items are made`,
    );
}

/** Whether it makes its items when the caller asks for them, as a generator does. A stream of bytes does not count: Nest sends it as a file. */
function isAsyncIterable(value: unknown): boolean {
  if (typeof value !== "object" || value === null || !(Symbol.asyncIterator in value)) return false;
  return !("pipe" in value) && !("getReader" in value);
}

/** A synchronous generator makes its items when the caller asks for them, too. Arrays and maps have theirs already. */
function isGenerator(value: unknown): boolean {
  return Object.prototype.toString.call(value) === "[object Generator]";
}

/** What is known of a call. It tells errors of the acquisition from errors of the method. */
interface CallState {
  hasStarted: boolean;
}
