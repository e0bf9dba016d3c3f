/**
 * - `fence`: a fencing counter, also of the slots of a semaphore.
 * - `marker`: the marker of the server.
 * - `notes`: the notes of the sets of servers.
 * - `waiters`: a line of the waiters of one name.
 * - `lock`: the lock itself, its shared holders, or unknown.
 */
export type KeyKind = "fence" | "marker" | "notes" | "waiters" | "lock";

/**
 * Finds out from the name of a key what the key holds. Accepts both forms of the library's keys:
 *
 * - fencing counter: `{lock:a}:fence` or `lock:~fence:{tag}`
 * - line of waiters: `{lock:a}:wake`, `lock:~wake:{tag}a` or, of locks in modes, `lock:~line:{tag}a`
 */
export function keyKind(key: string): KeyKind {
  if (/^\{.*\}:fence$|^lock:~(?:fence|counters):/.test(key)) return "fence";
  if (key === "lock:~server") return "marker";
  if (key.startsWith("lock:~members:")) return "notes";
  if (/^\{.*\}:wake$|^lock:~(?:wake|line):/.test(key)) return "waiters";
  return "lock";
}
