import type { Clock } from "../../base/clock.ts";
import { toSafeError } from "../../base/safe-error.ts";
import type { CacheEvents, CacheListeners } from "./cache-events.ts";
import type { CacheStore } from "./cache-store.ts";

/** The result of a call of the store. */
export type StoreResult<T> =
  | { readonly isDone: true; readonly value: T }
  | { readonly isDone: false; readonly error: Error };

/** Calls the store. Each call has a time limit. A call that fails is an event, and a late answer is ignored. Never throws. */
export class StoreAccess {
  readonly #store: CacheStore;
  readonly #clock: Clock;
  readonly #timeoutMs: number;
  readonly #listeners: CacheListeners;

  constructor(store: CacheStore, clock: Clock, timeoutMs: number, listeners: CacheListeners) {
    this.#store = store;
    this.#clock = clock;
    this.#timeoutMs = timeoutMs;
    this.#listeners = listeners;
  }

  get canReplace(): boolean {
    return this.#store.replace !== undefined;
  }

  get(key: string, id: string): Promise<StoreResult<string | null | undefined>> {
    return this.#call(key, "get", () => this.#store.get(id));
  }

  set(key: string, id: string, text: string, ttlMs: number): Promise<StoreResult<unknown>> {
    return this.#call(key, "set", () => this.#store.set(id, text, ttlMs));
  }

  replace(
    key: string,
    id: string,
    version: string | undefined,
    text: string,
    ttlMs: number,
  ): Promise<StoreResult<boolean>> {
    return this.#call(key, "replace", () => this.#store.replace!(id, version, text, ttlMs));
  }

  delete(key: string, id: string): Promise<StoreResult<unknown>> {
    return this.#call(key, "delete", () => this.#store.delete(id));
  }

  async #call<T>(
    key: string,
    operation: CacheEvents["cache:store:failed"]["operation"],
    call: () => T | Promise<T>,
  ): Promise<StoreResult<T>> {
    let onTimeout!: (error: Error) => void;
    const timedOut = new Promise<never>((_, reject) => (onTimeout = reject));
    const limitMs = this.#timeoutMs;
    const timer = this.#clock.setTimer(
      limitMs,
      () => onTimeout(new Error(`the store did not answer within ${limitMs} ms`)),
      true,
    );
    try {
      return { isDone: true, value: await Promise.race([call(), timedOut]) };
    } catch (thrown) {
      const error = toSafeError(thrown);
      this.#listeners.emit("cache:store:failed", { key, operation, error });
      return { isDone: false, error };
    } finally {
      timer.cancel();
    }
  }
}
