import { formatValue } from "../../base/check-value.ts";

/**
 * Where `cached` keeps its entries: texts that expire. A method can return its result, or a promise of it. `mapStore`, `redisStore` and
 * `keyvStore` make one.
 */
export interface CacheStore {
  /** The text of a key; `undefined` or `null` if there is none. */
  get(key: string): string | null | undefined | Promise<string | null | undefined>;
  /** Stores a text for `ttl` ms, a whole number of at least 1. */
  set(key: string, text: string, ttl: number): unknown;
  /** Removes a text. */
  delete(key: string): unknown;
  /**
   * Stores a text, if the key has none, or if its present text begins with `version`. With `version` `undefined`, only if the key has
   * none. It must compare and store in one step. Returns whether it has stored the text. Without this method, a process that is paused
   * just before it writes can overwrite a later entry, or write after a `delete`.
   */
  replace?(key: string, version: string | undefined, text: string, ttl: number): boolean | Promise<boolean>;
}

const METHODS: readonly (keyof CacheStore)[] = ["get", "set", "delete"];

/** @throws TypeError if it is no `CacheStore`. */
export function checkCacheStore(store: CacheStore): CacheStore {
  if (store instanceof Map) throw new TypeError("store: a Map has no expiry; use mapStore(map)");
  const missing = METHODS.find(
    (method) => typeof (store as Partial<CacheStore> | null | undefined)?.[method] !== "function",
  );
  if (missing === undefined) return store;
  throw new TypeError(
    `store: ${formatValue(store)} must be a CacheStore, but it has no method ${missing}; use mapStore, redisStore or keyvStore`,
  );
}
