import { checkWholeNumber } from "../../base/check-whole-number.ts";
import { type Clock } from "../../base/clock.ts";
import { formatValue } from "../../base/check-value.ts";
import { refuseUnknownOptions } from "../../base/known-options.ts";
import { checkClock, checkOptions } from "../../base/options.ts";
import type { CacheStore } from "./cache-store.ts";

/** A text in a `Map`. */
export interface MapEntry {
  /** The text. */
  readonly text: string;
  /** When it expires, in ms of the monotonic clock. */
  readonly expiresAt: number;
}

/** Options of `mapStore`. */
export interface MapStoreOptions {
  /** The largest number of entries. Those that were written longest ago are dropped. From 1 to 10_000_000. @default 10_000 */
  readonly maxEntries?: number | undefined;
  /** The source of time. @default the clock of the system */
  readonly clock?: Clock | undefined;
}

const MAX_ENTRIES = 10_000_000;

/**
 * A store in the memory of this process. It shares nothing with other processes: each of them computes once, one after the other.
 * @param map to use your own `Map`.
 * @throws TypeError, RangeError for bad options, with the field and the value.
 */
export function mapStore(map: Map<string, MapEntry> = new Map(), options: MapStoreOptions = {}): CacheStore {
  if (!(map instanceof Map)) throw new TypeError(`map: ${formatValue(map)} must be a Map`);
  checkOptions(options);
  refuseUnknownOptions(options, { maxEntries: true, clock: true });
  const maxEntries = checkWholeNumber("maxEntries", options.maxEntries ?? 10_000, 1, MAX_ENTRIES);
  const clock = checkClock(options.clock);
  const read = (key: string): string | undefined => {
    const entry = map.get(key);
    if (entry !== undefined && entry.expiresAt > clock.monotonic()) return entry.text;
    map.delete(key);
    return undefined;
  };
  const write = (key: string, text: string, ttl: number): void => {
    map.delete(key);
    map.set(key, { text, expiresAt: clock.monotonic() + ttl });
    if (map.size > maxEntries) for (const oldest of map.keys()) return void map.delete(oldest);
  };
  return {
    get: read,
    set: write,
    delete: (key) => map.delete(key),
    replace(key, version, text, ttl) {
      const present = read(key);
      if (present !== undefined && (version === undefined || !present.startsWith(version))) return false;
      write(key, text, ttl);
      return true;
    },
  };
}
