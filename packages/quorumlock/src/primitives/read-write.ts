import { Acquirable, type LockingContext } from "../acquiring/acquirable.ts";
import { checkName } from "../base/options.ts";
import type { Lockable } from "../lockable.ts";
import { checkKeyName } from "../operations/keys.ts";
import { lockInMode, modesKind } from "../operations/modes.ts";

/** The two locks of one name. */
export interface ReadWriteLock {
  /** Held by any number of readers at a time, and by no writer. */
  readonly read: Lockable;
  /** Held by one writer, and by no reader. */
  readonly write: Lockable;
}

/** @throws TypeError, RangeError for a bad name. */
export function readWrite(context: LockingContext, name: string): ReadWriteLock {
  checkKeyName(checkName("name", name));
  return {
    read: new Acquirable(context, modesKind, lockInMode([name], "S")),
    write: new Acquirable(context, modesKind, lockInMode([name], "X")),
  };
}
