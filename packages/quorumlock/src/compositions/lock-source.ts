import type { Lockable } from "../lockable.ts";

/** Something that makes exclusive locks by their names: a `Redlock`, or a pool. */
export interface LockSource {
  /**
   * The exclusive lock on a name, or on several names, all or nothing.
   * @throws TypeError, RangeError for a bad name.
   */
  mutex(names: string | readonly string[]): Lockable;
}
