import { splitArguments } from "../acquiring/acquirable.ts";
import { type Origin, ORIGIN, originOf } from "../acquiring/origin.ts";
import { INSPECT } from "../base/inspect.ts";
import { type AcquireOptions } from "../base/options.ts";
import { formatValue } from "../base/check-value.ts";
import type { Lock, Lockable, LockState, Routine, TryResult } from "../lockable.ts";

/** Decides about a lock that was acquired: returns the lock for the caller, or `undefined` to release it. */
type Admit = (lock: Lock) => Promise<Lock | undefined> | Lock | undefined;

/** One of the four calls of a lockable, so that a composition has the same code for all four. */
export interface Call<Result> {
  /** Whether it tries once. */
  readonly isOnce: boolean;
  /** Whether the caller has the lock after the call. Otherwise the lock is released when the call ends. */
  readonly returnsLock: boolean;
  /** The result of a call that acquired nothing. `undefined` if such a call throws. */
  readonly nothing: Result | undefined;
  /**
   * Calls the lockable below. The lock is released if `admit` throws or returns `undefined`. Resolves to `undefined` if the lock was
   * acquired and not admitted.
   */
  start(
    inner: Lockable,
    options: AcquireOptions | undefined,
    admit: Admit,
  ): Promise<Outcome<Result> | undefined>;
}

interface Outcome<Result> {
  readonly value: Result;
}

/**
 * A lockable that is made of another one. It forwards everything that has no part in acquiring; a subclass has only `run`. A
 * new method of `Lockable` is forwarded here, for all compositions.
 */
export abstract class ComposedLockable implements Lockable {
  protected readonly inner: Lockable;

  /** @throws TypeError if `inner` is not a lockable. */
  constructor(inner: Lockable) {
    if (typeof (inner as Partial<Lockable> | undefined)?.acquire !== "function")
      throw new TypeError(
        `lockable: ${formatValue(inner)} must be a Lockable, such as redlock.mutex("a name")`,
      );
    this.inner = inner;
  }

  get name(): string {
    return this.inner.name;
  }

  acquire(options?: AcquireOptions): Promise<Lock> {
    return this.run(ACQUIRE, options);
  }

  tryAcquire(options?: AcquireOptions): Promise<Lock | null> {
    return this.run(TRY_ACQUIRE, options);
  }

  using<T>(routine: Routine<T>): Promise<T>;
  using<T>(options: AcquireOptions, routine: Routine<T>): Promise<T>;
  async using<T>(first: AcquireOptions | Routine<T>, second?: Routine<T>): Promise<T> {
    const [options, routine] = splitArguments("using", first, second);
    return this.run(usingCall(routine), options);
  }

  tryUsing<T>(routine: Routine<T>): Promise<TryResult<T>>;
  tryUsing<T>(options: AcquireOptions, routine: Routine<T>): Promise<TryResult<T>>;
  async tryUsing<T>(first: AcquireOptions | Routine<T>, second?: Routine<T>): Promise<TryResult<T>> {
    const [options, routine] = splitArguments("tryUsing", first, second);
    return this.run(tryUsingCall(routine), options);
  }

  query(): Promise<LockState> {
    return this.inner.query();
  }

  [ORIGIN](): Origin {
    return originOf(this.inner);
  }

  [INSPECT](): string {
    return `Lockable { name: ${JSON.stringify(this.name)} }`;
  }

  /** Carries out one call: decides when to start it, and about the lock that it acquires. */
  protected abstract run<Result>(call: Call<Result>, options: AcquireOptions | undefined): Promise<Result>;
}

const ACQUIRE: Call<Lock> = {
  isOnce: false,
  returnsLock: true,
  nothing: undefined,
  start: (inner, options, admit) => admitOrRelease(inner.acquire(options), admit),
};

const TRY_ACQUIRE: Call<Lock | null> = {
  isOnce: true,
  returnsLock: true,
  nothing: null,
  start: (inner, options, admit) => admitOrRelease(inner.tryAcquire(options), admit),
};

function usingCall<T>(routine: Routine<T>): Call<T> {
  return {
    isOnce: false,
    returnsLock: false,
    nothing: undefined,
    async start(inner, options, admit) {
      const admitted = new AdmittedRoutine(admit, routine);
      await inner.using(options ?? {}, (lock) => admitted.run(lock));
      return admitted.outcome;
    },
  };
}

function tryUsingCall<T>(routine: Routine<T>): Call<TryResult<T>> {
  return {
    isOnce: true,
    returnsLock: false,
    nothing: { acquired: false },
    async start(inner, options, admit) {
      const admitted = new AdmittedRoutine(admit, routine);
      const { acquired } = await inner.tryUsing(options ?? {}, (lock) => admitted.run(lock));
      if (!acquired) return { value: { acquired } };
      return admitted.outcome && { value: { acquired, value: admitted.outcome.value } };
    },
  };
}

async function admitOrRelease<L extends Lock | null>(
  acquiring: Promise<L>,
  admit: Admit,
): Promise<Outcome<Lock | (null & L)> | undefined> {
  const lock = await acquiring;
  if (lock === null) return { value: lock };
  let admitted: Lock | undefined;
  try {
    admitted = await admit(lock);
  } finally {
    // If the release fails, the remaining keys expire.
    if (admitted === undefined) await lock.release().catch(() => undefined);
  }
  return admitted && { value: admitted };
}

/** A routine that runs if the lock is admitted. The call around it releases the lock in both cases. */
class AdmittedRoutine<T> {
  readonly #admit: Admit;
  readonly #routine: Routine<T>;
  /** The result of the routine, which may be `undefined`. */
  outcome: Outcome<T> | undefined;

  constructor(admit: Admit, routine: Routine<T>) {
    this.#admit = admit;
    this.#routine = routine;
  }

  async run(lock: Lock): Promise<void> {
    const admitted = await this.#admit(lock);
    if (admitted === undefined) return;
    this.outcome = { value: await this.#routine(admitted, admitted.signal) };
  }
}
