import { formatValue } from "../../base/check-value.ts";
import type { CacheStore } from "./cache-store.ts";

/** The part of a Keyv that is used. */
export interface KeyvLike {
  /** Reads a value. */
  get(key: string): Promise<unknown>;
  /** Writes a value, for `ttl` ms. */
  set(key: string, value: string, ttl?: number): Promise<unknown>;
  /** Removes a value. */
  delete(key: string): Promise<unknown>;
}

/**
 * A store on a Keyv, whatever its adapter. Keyv cannot compare and store in one step, so a process that is paused just before it writes
 * can overwrite a later entry. Such a value is as old as its computation says.
 * @throws TypeError if it is no Keyv.
 */
export function keyvStore(keyv: KeyvLike): CacheStore {
  for (const method of ["get", "set", "delete"] as const)
    if (typeof (keyv as Partial<KeyvLike> | null | undefined)?.[method] !== "function")
      throw new TypeError(`keyv: ${formatValue(keyv)} must be a Keyv, but it has no method ${method}`);
  return {
    async get(key) {
      const value = await keyv.get(key);
      return typeof value === "string" ? value : undefined;
    },
    // Keyv resolves to false if its adapter has failed.
    async set(key, text, ttl) {
      if ((await keyv.set(key, text, ttl)) === false) throw new Error("Keyv did not store the entry");
    },
    delete: (key) => keyv.delete(key),
  };
}
