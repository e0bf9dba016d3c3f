import { MAX_LINE_LENGTH, MIN_STAY_MS } from "./limits.ts";
import type { Store } from "./store.ts";

/** See `enqueue` in line.lua. */
export function enqueue(store: Store, key: string, client: string, ttlMs: number): void {
  const waiting = readLine(store, key);
  const leastMs = Math.max(ttlMs, MIN_STAY_MS);
  if (waiting === undefined) {
    store.set(key, client, leastMs);
    return;
  }
  const stayMs = Math.max(store.remaining(key), leastMs);
  if (` ${waiting} `.includes(` ${client} `)) store.set(key, waiting, stayMs);
  else if (waiting.length + 1 < MAX_LINE_LENGTH * (client.length + 1))
    store.set(key, `${waiting} ${client}`, stayMs);
}

/** See `dequeue` in line.lua. */
export function dequeue(store: Store, key: string, client: string): void {
  const waiting = readLine(store, key);
  if (waiting === undefined) return;
  const others = clientsIn(waiting).filter((other) => other !== client);
  if (others.length === 0) store.delete(key);
  else store.set(key, others.join(" "), Math.max(store.remaining(key), 1));
}

/** The note in front of a line which says that clients observe the name. No client has this identifier. */
export const OBSERVED = "~";

/** See `announce` in line.lua. */
export function announce(store: Store, key: string, namesNext: boolean): boolean {
  const waiting = readLine(store, key);
  if (waiting === undefined) return false;
  const first = (namesNext && /[^ \t-\r~][^ \t-\r]*/.exec(waiting)?.[0]) || "";
  if (waiting.startsWith(OBSERVED)) dequeue(store, key, OBSERVED);
  if (first !== "") dequeue(store, key, first);
  store.publish(key, first);
  return first !== "";
}

/** See `read_line` in line.lua: a key of another type counts as missing. */
export function readLine(store: Store, key: string): string | undefined {
  try {
    return store.get(key);
  } catch {
    return undefined;
  }
}

/** The clients that wait, in the text of a line. */
export function waitersIn(line: string): readonly string[] {
  return clientsIn(line).filter((client) => client !== OBSERVED);
}

/** The entries in the text of a line. */
function clientsIn(waiting: string): readonly string[] {
  // The characters that `%S` in Lua excludes.
  return waiting.split(/[ \t-\r]+/).filter((client) => client !== "");
}
