import { originOf } from "../acquiring/origin.ts";
import { LockLostError } from "../base/errors.ts";
import { refuseUnknownOptions } from "../base/known-options.ts";
import { type AcquireOptions, checkOptions } from "../base/options.ts";
import { formatValue } from "../base/check-value.ts";
import type { Lock, Lockable } from "../lockable.ts";
import { CallerWait } from "./caller-wait.ts";
import { ChangeFeed, type Subscribe } from "./change-feed.ts";
import { type Call, ComposedLockable } from "./composed-lockable.ts";
import { LockConditionError } from "./errors.ts";

/**
 * Whether the lock may be acquired now. It is called without a lock before an attempt, and again with the held lock. Only the
 * answer under the lock decides, so the first call may be a cheap guess: `true` if it is not known.
 */
export type Condition = (lock: Lock | undefined) => boolean | Promise<boolean>;

/** Options of a lock with a condition. */
export interface WhenOptions {
  /**
   * Subscribes to the changes that can make the condition true: it must call `notify` after each of them, until the returned
   * function is called. It may return a promise of that function. There is no polling, so a change without a notification is not
   * noticed. Do not notify of releases of the same lock, because a check under the lock ends with a release.
   * @default none: an acquisition does not wait for the condition
   */
  readonly changed?: Subscribe | undefined;
}

/**
 * A lockable that is acquired only while a condition holds. The condition is checked before an attempt, and again under the lock.
 * If it does not hold under the lock, the lock is released, and the caller waits for the next change.
 *
 * ```ts
 * import { EventEmitter } from "node:events";
 * import { when } from "quorumlock";
 *
 * const queue = { size: 1, events: new EventEmitter() };
 * const job = when(redlock.mutex("nightly"), () => queue.size > 0, {
 *   changed: (notify) => {
 *     queue.events.on("added", notify);
 *     return () => queue.events.off("added", notify);
 *   },
 * });
 * await job.using(work);
 * ```
 *
 * `wait` and `signal` limit the whole call. In addition to the errors of `lockable`:
 *
 * - `acquire` and `using` throw a `LockConditionError` if the condition did not hold until `wait` was over, or did not hold at the
 *   first check and there is no `changed`. `tryAcquire` resolves to `null` then.
 * - All calls throw the error of the condition and of `changed`, and a `LockLostError` if the lock is lost while the condition is
 *   checked. The lock is released in all cases.
 *
 * @throws TypeError for a bad argument.
 */
export function when(lockable: Lockable, condition: Condition, options: WhenOptions = {}): Lockable {
  checkOptions(options);
  refuseUnknownOptions(options, { changed: true });
  const { changed } = options;
  if (typeof condition !== "function")
    throw new TypeError(`condition: ${formatValue(condition)} must be a function that returns a boolean`);
  if (changed !== undefined && typeof changed !== "function")
    throw new TypeError(
      `changed: ${formatValue(changed)} must be a function that subscribes, such as (notify) => redlock.on("instance:up", notify)`,
    );
  return new ConditionalLockable(lockable, condition, changed);
}

class ConditionalLockable extends ComposedLockable {
  readonly #condition: Condition;
  readonly #subscribe: Subscribe | undefined;

  constructor(inner: Lockable, condition: Condition, subscribe: Subscribe | undefined) {
    super(inner);
    this.#condition = condition;
    this.#subscribe = subscribe;
  }

  protected override async run<Result>(
    call: Call<Result>,
    options: AcquireOptions | undefined,
  ): Promise<Result> {
    const wait = new CallerWait(originOf(this.inner), options, call.isOnce);
    const changes = this.#subscribe && new ChangeFeed(this.#subscribe);
    const end = (): void => {
      wait.dispose();
      changes?.end();
    };
    try {
      for (;;) {
        changes?.beginCheck();
        if (await this.#holds(undefined, wait)) {
          const admit = (lock: Lock): Promise<Lock | undefined> => {
            changes?.beginCheck();
            return this.#admit(lock, wait, end);
          };
          const result = await call.start(this.inner, wait.optionsLeft(), admit);
          if (result !== undefined) return result.value;
        }
        if (wait.isOnce || changes === undefined || wait.isTimeUp || !(await changes.next(wait))) break;
      }
      const error = wait.failed(this.#conditionError(wait));
      if (call.isOnce) return call.nothing as Result;
      throw error;
    } finally {
      end();
    }
  }

  /** Checks the condition under the lock. `end` is called before the lock is handed to the caller. */
  async #admit(lock: Lock, wait: CallerWait, end: () => void): Promise<Lock | undefined> {
    if (!(await this.#holds(lock, wait))) return undefined;
    end();
    if (lock.isHeld) return lock;
    // The process was paused, or the condition took longer than the lease. The answer was not protected.
    await lock.release();
    lock.signal.throwIfAborted();
    throw new LockLostError(lock.names, "its lease ended while the condition was checked");
  }

  /** The answer of the condition. False if it has none in time. */
  async #holds(lock: Lock | undefined, wait: CallerWait): Promise<boolean> {
    let answer: unknown = this.#condition(lock);
    if (typeof answer !== "boolean") {
      const isLate = wait.isTimeUp;
      const asked = Promise.resolve(answer);
      const answered = lock === undefined ? asked : unlessLost(lock, asked);
      // A default wait of the acquisition below may have lasted longer than this one. Then only the lease limits the check.
      const inTime = isLate ? { value: await answered } : await wait.until(answered);
      answer = inTime === undefined ? false : inTime.value;
    }
    if (typeof answer === "boolean") return answer;
    throw new TypeError(`condition: it returned ${formatValue(answer)}; it must return true or false`);
  }

  #conditionError(wait: CallerWait): LockConditionError {
    const { names, waitedMs } = wait;
    const why = wait.isTimeUp
      ? `did not hold within ${Math.round(waitedMs)} ms`
      : "does not hold" + (this.#subscribe ? "" : "; set `changed` to wait until it holds");
    return new LockConditionError(names, waitedMs, why);
  }
}

/** Settles as the promise, or rejects when the lock is lost. In both cases an error of the promise is handled. */
async function unlessLost<T>({ signal }: Lock, promise: Promise<T>): Promise<T> {
  let onLost!: () => void;
  const lost = new Promise<never>((_, reject) => {
    onLost = () => reject(signal.reason as Error);
    if (signal.aborted) onLost();
    else signal.addEventListener("abort", onLost, { once: true });
  });
  try {
    return await Promise.race([lost, promise]);
  } finally {
    signal.removeEventListener("abort", onLost);
  }
}
