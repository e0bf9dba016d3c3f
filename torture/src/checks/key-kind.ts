/** `fence`: a fencing counter. `marker`: the marker of the server. `notes`: the notes of the sets of servers. `waiters`: the line of waiters of one resource. `lock`: the lock itself, or unknown. */
export type KeyKind = "fence" | "marker" | "notes" | "waiters" | "lock";

/**
 * Finds out from the name of a key what the key holds. Accepts both forms of the library's keys:
 *
 * - fencing counter: `{lock:a}:fence` or `lock:~fence:{tag}`
 * - line of waiters: `{lock:a}:wake` or `lock:~wake:{lock:a}`
 */
export function keyKind(key: string): KeyKind {
  if (/^\{.*\}:fence$|^lock:~fence:/.test(key)) return "fence";
  if (key === "lock:~server") return "marker";
  if (key.startsWith("lock:~members:")) return "notes";
  if (/^\{.*\}:wake$|^lock:~wake:/.test(key)) return "waiters";
  return "lock";
}
