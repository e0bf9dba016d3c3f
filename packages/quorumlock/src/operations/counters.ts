import { firstFence, readFence, writeFence } from "./fence-counter.ts";
import { type Reply, type Request, request, YES } from "./request.ts";
import type { Store, Twin } from "./store.ts";

/** One fencing counter, as counters.lua tells it: which of the two beginnings its key has, and the rest of it. */
export interface Counter {
  readonly beginning: string;
  readonly rest: string;
  readonly fence: string;
}

/** Keys that a server looks at in one call: a fraction of a millisecond of its time. */
const KEYS_PER_CALL = 100;
export const FIRST_PAGE = "0";

/** Reads and raises the fencing counters of all names. What each replies stands in counters.lua. */
export const counters = {
  read: (prefix: string, cursor: string): Request =>
    request("counters.read", beginnings(prefix), 2, [cursor, String(KEYS_PER_CALL)]),
  raise: (prefix: string, page: readonly Counter[]): Request =>
    request(
      "counters.raise",
      beginnings(prefix),
      3 * page.length,
      page.flatMap(({ beginning, rest, fence }) => [beginning, rest, fence]),
    ),
};

/** The counters that a reply has, and where to go on; `undefined` at the end. */
export function readPage(reply: Reply): {
  readonly page: readonly Counter[];
  readonly next: string | undefined;
} {
  const [, cursor, ...rest] = typeof reply === "number" ? [YES, FIRST_PAGE] : reply;
  const page = Array.from({ length: Math.floor(rest.length / 3) }, (_, index) => ({
    beginning: String(rest[3 * index]),
    rest: String(rest[3 * index + 1]),
    fence: String(rest[3 * index + 2]),
  }));
  return { page, next: String(cursor) === FIRST_PAGE ? undefined : String(cursor) };
}

/** See `resourceKeys`. */
function beginnings(prefix: string): readonly string[] {
  return [prefix, `{${prefix}`];
}

export const countersTwins: Readonly<Record<string, Twin>> = {
  // All at once: nobody else waits for a store of this process.
  "counters.read"(store, keys) {
    const reply: (number | string)[] = [];
    for (const key of store.keys()) {
      if (!key.endsWith(":fence")) continue;
      const beginning = keys.findIndex((start) => key.startsWith(start));
      const fence = beginning < 0 ? undefined : tryToRead(store, key);
      if (typeof fence === "number")
        reply.push(beginning + 1, key.slice(keys[beginning]?.length), String(fence));
    }
    return [YES, FIRST_PAGE, ...reply];
  },

  "counters.raise"(store, keys, args) {
    for (let at = 0; at < args.length; at += 3) {
      const key = `${keys[Number(args[at]) - 1] ?? ""}${args[at + 1] ?? ""}`;
      const fence = tryToRead(store, key);
      const told = Number(args[at + 2]);
      const least = fence === undefined ? Math.max(told, firstFence(store)) : told;
      if (fence !== "none" && (fence ?? 0) < least) writeFence(store, key, least, 0);
    }
    return 1;
  },
};

/** One that is none is nobody's to count on. */
function tryToRead(store: Store, key: string): number | "none" | undefined {
  try {
    return readFence(store, key);
  } catch {
    return "none";
  }
}
