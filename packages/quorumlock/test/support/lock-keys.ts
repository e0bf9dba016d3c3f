import { keySpaceOf } from "../../src/operations/keys.ts";

const keys = keySpaceOf("lock:");

/** The key of the fencing counter that a name uses. */
export function fenceKey(name: string): string {
  return keys.fence(name);
}

/** The key of the changed sizes of the semaphores in the hash slot of a name. */
export function sizesKey(name: string): string {
  return keys.sizes(name);
}

/** The key of the line of waiters of a name, which is also its channel. */
export function wakeKey(name: string): string {
  return keys.wake(name);
}

/**
 * All keys except those that stay after a lock: fencing counters and the marker, which never expire, the notes of the set, and the
 * counters and the changed size of a semaphore.
 */
export function withoutCounters(found: readonly string[]): readonly string[] {
  return found.filter((key) => !/~(fence|members|counters|sizes):\{/.test(key) && !key.endsWith("~server"));
}
