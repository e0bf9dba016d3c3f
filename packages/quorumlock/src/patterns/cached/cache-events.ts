import { EventListeners } from "../event-listeners.ts";

/** The events of a cache. `key` is the key of the caller. */
export interface CacheEvents {
  /** A value was computed. `isRefresh`: while callers got the present one. */
  "cache:computed": { readonly key: string; readonly durationMs: number; readonly isRefresh: boolean };
  /** A computed value was not stored: the lock was lost meanwhile, or the entry was changed or deleted. */
  "cache:write:skipped": { readonly key: string; readonly reason: "lost" | "changed" };
  /** A call of the store failed, or took longer than `storeTimeout`. */
  "cache:store:failed": {
    readonly key: string;
    readonly operation: "get" | "set" | "replace" | "delete";
    readonly error: Error;
  };
  /** A computation in the background failed. The present value stays. */
  "cache:refresh:failed": { readonly key: string; readonly error: Error };
  /** The lock was not released. It expires. */
  "cache:release:failed": { readonly key: string; readonly error: Error };
}

export type CacheListener<Name extends keyof CacheEvents> = (event: CacheEvents[Name]) => void;

/** The listeners of one cache. */
export type CacheListeners = EventListeners<CacheEvents>;

export function newCacheListeners(): CacheListeners {
  return new EventListeners<CacheEvents>({
    "cache:computed": true,
    "cache:write:skipped": true,
    "cache:store:failed": true,
    "cache:refresh:failed": true,
    "cache:release:failed": true,
  });
}
