import { formatValue } from "../base/check-value.ts";
import { checkName } from "../base/names.ts";
import { type Holder, LockTimeoutError } from "../base/errors.ts";
import type { Lock, Lockable } from "../lockable.ts";
import { checkKeyName } from "../operations/keys.ts";
import type { Redlock } from "../redlock.ts";
import { wrapped } from "./wrapped.ts";

/** Puts policies around the lock of a job. */
export type Wrap = (lockable: Lockable) => Lockable;

/** The ids of records are this name and a few more characters, and they must be names too. */
const MAX_JOB_NAME_LENGTH = 900;

/** @throws TypeError, RangeError for a bad name. */
export function checkJobName(field: string, name: string): string {
  checkKeyName(checkName(field, name));
  if (name.length <= MAX_JOB_NAME_LENGTH) return name;
  throw new RangeError(
    `${field}: ${name.length} characters are too many; use at most ${MAX_JOB_NAME_LENGTH}`,
  );
}

/** @throws TypeError if it is no function. */
export function checkRoutine(field: string, routine: unknown): void {
  if (typeof routine !== "function")
    throw new TypeError(`${field}: ${formatValue(routine)} must be a function`);
}

/** @throws TypeError if it is no function. */
export function checkWrap(wrap: Wrap | undefined): void {
  if (wrap !== undefined && typeof wrap !== "function")
    throw new TypeError(`wrap: ${formatValue(wrap)} must be a function that returns a Lockable`);
}

/** The lock of a job with the policies around it. @throws TypeError if `wrap` returns no lockable. */
export function jobLock(redlock: Redlock, name: string, wrap: Wrap | undefined): Lockable {
  return wrapped(redlock.mutex(name), wrap);
}

/** Why a lock was not acquired. `isHeld`: false if the votes were split between processes, so that nobody got it. */
export interface Contention {
  readonly isHeld: boolean;
  readonly holder: Holder | undefined;
}

/** Acquires the lock of a job if it is free. */
export async function takeJobLock(
  lockable: Lockable,
  signal: AbortSignal | undefined,
): Promise<Lock | Contention> {
  try {
    return await lockable.acquire({ wait: 0, autoExtend: true, signal });
  } catch (error) {
    if (!(error instanceof LockTimeoutError)) throw error;
    const { holder } = error;
    return { isHeld: error.isHeld || (await lockable.query()).isHeld, holder };
  }
}

export function isLock(result: object): result is Lock {
  return "release" in result;
}
