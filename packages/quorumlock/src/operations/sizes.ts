import { DAY_MS, KEEP_MS } from "./limits.ts";
import type { Store } from "./store.ts";

/** The number of permits of a semaphore, and the stamp of the change that set it. */
export interface SizeChange {
  readonly stamp: number;
  readonly total: number;
}

interface StoredSize extends SizeChange {
  /** When it was last used, to a day, in ms of the server. */
  readonly usedMs: number;
}

/** The field that says when old sizes were last deleted. */
const CLEANED = "~";

/** See `parse_size` in sizes.lua. */
function parseSize(text: string, now: number): StoredSize | undefined {
  const [, stamp, total, used] = /^(\d+) (\d+) (\d+)$/.exec(text) ?? [];
  if (stamp === undefined || Number(used) + KEEP_MS + DAY_MS < now) return undefined;
  return { stamp: Number(stamp), total: Number(total), usedMs: Number(used) };
}

/** See `read_size` in sizes.lua. */
export function readSize(store: Store, key: string, lock: string, now: number): StoredSize | undefined {
  return parseSize(store.field(key, lock) ?? "", now);
}

/** See `write_size` in sizes.lua. */
export function writeSize(
  store: Store,
  key: string,
  lock: string,
  { stamp, total }: SizeChange,
  now: number,
): void {
  const cleaned = store.field(key, CLEANED) ?? "";
  if (!/^\d+$/.test(cleaned) || Number(cleaned) + DAY_MS < now) {
    for (const [field, value] of store.fields(key))
      if (parseSize(value, now) === undefined) store.removeField(key, field);
    store.setField(key, CLEANED, String(now));
  }
  store.setField(key, lock, `${stamp} ${total} ${now}`);
  store.expire(key, KEEP_MS + DAY_MS);
}

/** See `raise_size` in sizes.lua. */
export function raiseSize(store: Store, key: string, lock: string, change: SizeChange, now: number): void {
  if (change.stamp > (readSize(store, key, lock, now)?.stamp ?? 0)) writeSize(store, key, lock, change, now);
}

/** All sizes of one hash slot, by the key of the lock, in the order of these keys. */
export function sizesOf(
  store: Store,
  key: string,
  now: number,
): readonly (readonly [lock: string, SizeChange])[] {
  const fields = store.fields(key);
  if (fields.length === 0) return [];
  const sizes = fields.flatMap(([lock, text]) => {
    const size = parseSize(text, now);
    return size === undefined ? [] : [[lock, size] as const];
  });
  return sizes.toSorted(([a], [b]) => (a < b ? -1 : 1));
}
