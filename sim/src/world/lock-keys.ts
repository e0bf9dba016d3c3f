import { keySpaceOf } from "../library.ts";

/** What every key of the simulated clients begins with. */
export const PREFIX = "lock:";

/** The key of the fencing counter that `name` uses. */
export function counterKey(name: string): string {
  return keySpaceOf(PREFIX).fence(name);
}

/** The key that holds the token of the holder of `name`. */
export function lockKey(name: string): string {
  return keySpaceOf(PREFIX).lock(name);
}

/**
 * Whether a key is the fencing counter of a hash slot, or the marker. Only these keys may stay on a server for good. The fencing
 * counters of a semaphore, its size if it was changed, and the note about copied records stay for days.
 */
export function isLastingKey(key: string): boolean {
  const isKept = ["fence", "counters", "sizes"].some((kind) => key.startsWith(`${PREFIX}~${kind}:{`));
  return isKept || key === keySpaceOf(PREFIX).marker || key === keySpaceOf(PREFIX).recordsNote;
}

/** Whether a key has the notes of the sets of servers that clients use. */
export function isNoteKey(key: string): boolean {
  return key === keySpaceOf(PREFIX).notes;
}

/** Whether a key is a record. */
export function isRecordKey(key: string): boolean {
  return key.startsWith(`${PREFIX}~record:{`);
}

/** Whether a key holds a line of the waiters of a name. */
export function isLineKey(key: string): boolean {
  return key.startsWith(`${PREFIX}~wake:{`) || key.startsWith(`${PREFIX}~line:{`);
}

/** Whether a key is the lock of a name. No name begins with "~". */
export function isLockKey(key: string): boolean {
  return key.startsWith(PREFIX) && !key.startsWith(`${PREFIX}~`);
}
