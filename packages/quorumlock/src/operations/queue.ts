import type { Store } from "./store.ts";

/** See queue.lua. */
const MOST_WAITING = 256;
const SHORTEST_STAY_MS = 20_000;

/** Puts a client at the end, unless it is there. */
export function enqueue(store: Store, key: string, client: string, ttlMs: number): void {
  const waiting = read(store, key);
  if (waiting === OTHER) return;
  const lasting = Math.max(store.remaining(key), ttlMs, SHORTEST_STAY_MS);
  if (waiting === undefined) store.set(key, client, lasting);
  else if (waiting.includes(client)) store.set(key, waiting, lasting);
  else if (waiting.length < MOST_WAITING * (client.length + 1))
    store.set(key, `${waiting} ${client}`, lasting);
}

export function dequeue(store: Store, key: string, client: string): void {
  const waiting = read(store, key);
  if (waiting === undefined || waiting === OTHER) return;
  const left = split(waiting).filter((other) => other !== client);
  if (left.length === 0) store.delete(key);
  else store.set(key, left.join(" "), Math.max(store.remaining(key), 1));
}

/** Who is first leaves the line. "" where nobody waits. */
export function nextOf(store: Store, key: string): string {
  const waiting = read(store, key);
  const [first = ""] = waiting === OTHER ? [] : split(waiting ?? "");
  if (first !== "") dequeue(store, key, first);
  return first;
}

/** A key of another type has no order to give. */
const OTHER = Symbol("another type");

function read(store: Store, key: string): string | undefined | typeof OTHER {
  try {
    return store.get(key);
  } catch {
    return OTHER;
  }
}

function split(waiting: string): readonly string[] {
  // What Lua takes for space.
  return waiting.split(/[ \t-\r]+/).filter((client) => client !== "");
}
