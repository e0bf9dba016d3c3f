import { originOf } from "../acquiring/origin.ts";
import { assert } from "../base/assert.ts";
import { checkWholeNumber } from "../base/check-whole-number.ts";
import { refuseUnknownOptions } from "../base/known-options.ts";
import { type AcquireOptions, checkOptions } from "../base/options.ts";
import type { Lockable } from "../lockable.ts";
import { CallerWait } from "./caller-wait.ts";
import { type Call, ComposedLockable } from "./composed-lockable.ts";
import { LockPoolFullError } from "./errors.ts";
import type { LockSource } from "./lock-source.ts";
import { Places } from "./places.ts";
import { PooledLock } from "./pooled-lock.ts";

/** Options of a pool. */
export interface PoolOptions {
  /** How many locks the pool holds at most: a whole number of at least 1, or `Infinity`. */
  readonly size: number;
  /**
   * How many callers may wait for a place. One more is rejected at once. A whole number of at least 0, or `Infinity`.
   * @default 1_000
   */
  readonly maxWaiting?: number | undefined;
}

/** The places of a pool at one moment. */
export interface PoolStats {
  /** All places. */
  readonly size: number;
  /** Free places: `size` − `inUse`. */
  readonly available: number;
  /** Places of held locks, and of acquisitions that wait for their lock. */
  readonly inUse: number;
  /** Callers that wait for a place. */
  readonly waiting: number;
  /** `inUse` / `size`, from 0 to 1. */
  readonly utilization: number;
}

/** A limit for the number of locks that a process holds at a time. */
export interface LockPool {
  /** How many locks it holds at most. */
  readonly size: number;
  /**
   * The exclusive lock on a name, or on several names, all or nothing. It occupies one place.
   * @throws TypeError, RangeError for a bad name.
   */
  mutex(names: string | readonly string[]): Lockable;
  /**
   * Any other lockable, with one place for each of its locks.
   *
   * An acquisition takes a place first, and then acquires the lock. `wait` and `signal` limit both together. The place is free
   * again when the lock is released, detached or lost, or was not acquired. `tryAcquire` resolves to `null` if no place is free.
   *
   * In addition to the errors of `lockable`, `acquire` and `using` throw a `LockPoolFullError` if the queue is full, or if no place
   * was free until `wait` was over.
   * @throws TypeError if it is not a lockable.
   */
  for(lockable: Lockable): Lockable;
  /** The numbers of the present moment. */
  stats(): PoolStats;
}

const DEFAULT_MAX_WAITING = 1_000;

/**
 * Limits how many locks this process holds and acquires at a time. Callers wait for a place first come, first served.
 *
 * ```ts
 * import { pool } from "quorumlock";
 *
 * const imports = pool(redlock, { size: 20 });
 * await imports.mutex("file:42").using(work);
 * ```
 *
 * @param source makes the locks of `mutex`: the client.
 * @throws TypeError, RangeError for bad options, with the field and the value.
 */
export function pool(source: LockSource, options: PoolOptions): LockPool {
  checkOptions(options);
  refuseUnknownOptions(options, { size: true, maxWaiting: true });
  const size = checkWholeNumber("size", options.size, 1, Infinity);
  const { maxWaiting = DEFAULT_MAX_WAITING } = options;
  checkWholeNumber("maxWaiting", maxWaiting, 0, Infinity);
  const places = new Places(size);
  const limit = (lockable: Lockable): Lockable => new PooledLockable(lockable, places, maxWaiting);
  return {
    size,
    mutex: (names) => limit(source.mutex(names)),
    for: limit,
    stats: () => ({
      size,
      available: size - places.inUse,
      inUse: places.inUse,
      waiting: places.waiting,
      utilization: places.inUse / size,
    }),
  };
}

class PooledLockable extends ComposedLockable {
  readonly #places: Places;
  readonly #maxWaiting: number;

  constructor(inner: Lockable, places: Places, maxWaiting: number) {
    super(inner);
    this.#places = places;
    this.#maxWaiting = maxWaiting;
  }

  protected override async run<Result>(
    call: Call<Result>,
    options: AcquireOptions | undefined,
  ): Promise<Result> {
    let optionsLeft = options;
    if (!this.#places.take()) {
      const placed = await this.#waitForPlace(call, options);
      if (placed === undefined) return call.nothing as Result;
      optionsLeft = placed.options;
    }
    let isFreed = false;
    const free = (): void => {
      if (!isFreed) this.#places.leave();
      isFreed = true;
    };
    let keepsPlace = false;
    try {
      const result = await call.start(this.inner, optionsLeft, (lock) => {
        keepsPlace = call.returnsLock;
        return new PooledLock(lock, free);
      });
      assert(result !== undefined, "a pool admits every lock");
      return result.value;
    } finally {
      if (!keepsPlace) free();
    }
  }

  /** Waits until this call has a place. `undefined` if it has none and tries only once. */
  async #waitForPlace<Result>(
    { isOnce }: Call<Result>,
    options: AcquireOptions | undefined,
  ): Promise<{ readonly options: AcquireOptions | undefined } | undefined> {
    const wait = new CallerWait(originOf(this.inner), options, isOnce);
    const waiter = this.#mayWait(wait) ? this.#places.wait() : undefined;
    let hasPlace = false;
    try {
      hasPlace = waiter !== undefined && (await wait.untilEvent(waiter.placed)) !== undefined;
      if (hasPlace) return { options: wait.optionsLeft() };
    } finally {
      if (!hasPlace) waiter?.abandon();
      wait.dispose();
    }
    const error = wait.failed(this.#fullError(wait));
    if (isOnce) return undefined;
    throw error;
  }

  #mayWait({ isOnce }: CallerWait): boolean {
    return !isOnce && this.#places.waiting < this.#maxWaiting;
  }

  #fullError(wait: CallerWait): LockPoolFullError {
    const { size, waiting } = this.#places;
    const { isTimeUp, isOnce, names, waitedMs } = wait;
    const moment = isTimeUp ? `after ${Math.round(waitedMs)} ms` : "now";
    const queue =
      isTimeUp || isOnce
        ? ` (other callers waiting: ${waiting})`
        : `, and its queue is full (maxWaiting: ${waiting})`;
    const why = `${moment}${queue}; release locks earlier, or make the pool larger`;
    return new LockPoolFullError(names, { size, waiting, waited: waitedMs, why });
  }
}
