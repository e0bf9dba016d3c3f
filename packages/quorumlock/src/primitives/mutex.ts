import { Acquirable, type LockingContext } from "../acquiring/acquirable.ts";
import { checkNames } from "../base/names.ts";
import type { Lockable } from "../lockable.ts";
import { checkKeyName } from "../operations/keys.ts";
import { mutexKind } from "../operations/mutex.ts";

/**
 * The exclusive lock on one or several names, all or nothing.
 * @throws TypeError, RangeError for a bad name.
 */
export function mutex(context: LockingContext, names: string | readonly string[]): Lockable {
  const sorted = checkNames(names);
  for (const name of sorted) checkKeyName(name);
  return new Acquirable(context, mutexKind, sorted);
}
