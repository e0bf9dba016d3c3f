/** `fence`: a fencing counter. `waiters`: the line of waiters of one resource. `lock`: the lock itself, or unknown. */
export type KeyKind = "fence" | "waiters" | "lock";

/**
 * Tells from its name what a key holds. Accepts both forms of the library's keys: `{lock:a}:fence` and `lock:~fence:{tag}`
 * for a fencing counter, `{lock:a}:wake` and `lock:~wake:{lock:a}` for a line of waiters.
 */
export function keyKind(key: string): KeyKind {
  if (/^\{.*\}:fence$|^lock:~fence:/.test(key)) return "fence";
  if (/^\{.*\}:wake$|^lock:~wake:/.test(key)) return "waiters";
  return "lock";
}
