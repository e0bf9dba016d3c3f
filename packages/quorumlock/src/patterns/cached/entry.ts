import { MARK_LENGTH } from "../token-mark.ts";

/** What the store has for a key. */
export interface Entry {
  /** 32 hexadecimal digits. Random, and different for each write. An entry that was made under a lock has the mark of the lock's token. */
  readonly version: string;
  /** `undefined` if the text is no entry, or if the entry was deleted. */
  readonly content: EntryContent | undefined;
}

export interface EntryContent {
  /** `undefined` if the computation found nothing. */
  readonly value: unknown;
  /** Until when the value is fresh, in ms since 1970. */
  readonly freshUntil: number;
  /** How long its computation took, in ms. */
  readonly deltaMs: number;
}

/** The text of an entry: its version, a space, and JSON. A store compares the start of it. */
export function encodeEntry(version: string, { value, freshUntil, deltaMs }: EntryContent): string {
  return `${version} ${JSON.stringify({ t: freshUntil, d: deltaMs, v: value })}`;
}

/** The text that a deleted entry leaves for a while, so that a late write notices the deletion. */
export function tombstone(version: string): string {
  return `${version} {}`;
}

/** Reads the text of a store; `undefined` if there is none. A text of another program has a version, and no content. */
export function decodeEntry(text: string | null | undefined): Entry | undefined {
  if (text === undefined || text === null) return undefined;
  if (typeof text !== "string") return { version: "", content: undefined };
  const version = text.slice(0, MARK_LENGTH);
  try {
    const { t, d, v } = JSON.parse(text.slice(MARK_LENGTH)) as { t?: unknown; d?: unknown; v?: unknown };
    if (typeof t === "number" && typeof d === "number")
      return { version, content: { value: v, freshUntil: t, deltaMs: d } };
  } catch {
    // Not an entry.
  }
  return { version, content: undefined };
}

export interface Freshness {
  /** The wall clock, in ms since 1970. */
  readonly now: number;
  readonly beta: number;
  /** A random number of at least 0 and less than 1. */
  readonly random: number;
  /** How long a value is fresh at least, in ms. */
  readonly leastFreshMs: number;
}

/**
 * Whether to compute a fresh value early, so that the callers of a popular key do not all find it stale at once. The longer the
 * computation takes, the earlier it begins. Never in the first half of the time for which the value is fresh.
 *
 * XFetch: A. Vattani, F. Chierichetti, K. Lowenstein, "Optimal Probabilistic Cache Stampede Prevention", VLDB 2015.
 */
export function isEarlyRefresh(
  { freshUntil, deltaMs }: EntryContent,
  { now, beta, random, leastFreshMs }: Freshness,
): boolean {
  if (beta === 0 || now < freshUntil - leastFreshMs / 2) return false;
  return now - deltaMs * beta * Math.log(random) >= freshUntil;
}
