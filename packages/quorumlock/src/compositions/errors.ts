import { LockError, quoted } from "../base/errors.ts";
import { shareClass } from "../base/shared-class.ts";

// These classes are not in base/errors.ts, because a bundle should contain them only with the compositions that throw them.

/** The pool had no place for the lock, so it was not acquired. */
export class LockPoolFullError extends LockError {
  override readonly name = "LockPoolFullError";
  readonly code = "LOCK_POOL_FULL";
  /** The places of the pool. */
  readonly size: number;
  /** How many other callers waited for a place at the moment of the error. */
  readonly waiting: number;
  /** Time from the call to the error, in ms. 0 if the call did not wait. */
  readonly waited: number;

  constructor(
    names: readonly string[],
    { size, waiting, waited, why }: { size: number; waiting: number; waited: number; why: string },
  ) {
    const locks = size === 1 ? "1 lock" : `${size} locks`;
    super(names, `${quoted(names)}: the pool of ${locks} has no free place ${why}`);
    this.size = size;
    this.waiting = waiting;
    this.waited = waited;
  }
}

/** The condition of the lock did not hold, so the lock was not acquired. */
export class LockConditionError extends LockError {
  override readonly name = "LockConditionError";
  readonly code = "LOCK_CONDITION";
  /** Time from the call to the error, in ms. */
  readonly waited: number;

  constructor(names: readonly string[], waited: number, why: string) {
    super(names, `${quoted(names)}: the condition of the lock ${why}`);
    this.waited = waited;
  }
}

for (const [name, shared] of Object.entries({ LockPoolFullError, LockConditionError }))
  shareClass(name, shared);
