import { formatValue } from "../../base/check-value.ts";
import { checkListener, notify } from "../../policies/listeners.ts";

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

const NAMES: Readonly<Record<keyof CacheEvents, true>> = {
  "cache:computed": true,
  "cache:write:skipped": true,
  "cache:store:failed": true,
  "cache:refresh:failed": true,
  "cache:release:failed": true,
};

/** The listeners of one cache. A listener that throws becomes a process warning. */
export class CacheListeners {
  readonly #listeners = new Map<string, Set<CacheListener<never>>>();

  /** @throws TypeError for an unknown event, or a listener that is no function. */
  on<Name extends keyof CacheEvents>(event: Name, listener: CacheListener<Name>): () => void {
    if (!Object.hasOwn(NAMES, event))
      throw new TypeError(`event: ${formatValue(event)} is none of ${Object.keys(NAMES).join(", ")}`);
    checkListener(`listener of "${event}"`, listener);
    let listeners = this.#listeners.get(event);
    if (listeners === undefined) this.#listeners.set(event, (listeners = new Set()));
    listeners.add(listener);
    return () => void listeners.delete(listener);
  }

  emit<Name extends keyof CacheEvents>(event: Name, fields: CacheEvents[Name]): void {
    for (const listener of this.#listeners.get(event) ?? [])
      notify(`listener of "${event}"`, listener as CacheListener<Name>, fields);
  }
}
