import { keySpaceOf } from "../../src/operations/keys.ts";

const keys = keySpaceOf("lock:");

/** The key of the fencing counter that a name uses. */
export function fenceKey(name: string): string {
  return keys.fence(name);
}

/** The key of the line of waiters of a name, which is also its channel. */
export function wakeKey(name: string): string {
  return keys.wake(name);
}

/** All keys except fencing counters and the marker. These two never expire. */
export function withoutCounters(found: readonly string[]): readonly string[] {
  return found.filter((key) => !key.includes("~fence:{") && !key.endsWith("~server"));
}
