import { createHash } from "node:crypto";
import { checkText, formatValue } from "../../base/check-value.ts";
import { LockAbortedError, LockClosedError } from "../../base/errors.ts";
import { refuseUnknownOptions } from "../../base/known-options.ts";
import { checkOptions, checkSignal } from "../../base/options.ts";
import { toSafeError } from "../../base/safe-error.ts";
import { clientOf } from "../../client/client-of.ts";
import type { Redlock } from "../../redlock.ts";
import { wrapped } from "../wrapped.ts";
import { type CacheEvents, type CacheListener, newCacheListeners } from "./cache-events.ts";
import { type CacheStore, checkCacheStore } from "./cache-store.ts";
import { type CachedOptions, type ResolvedCachedOptions, resolveCachedOptions } from "./cached-options.ts";
import type { Compute } from "./computation.ts";
import { tombstone } from "./entry.ts";
import { Flight, type FlightSettings } from "./flight.ts";
import { type CacheKey, type CacheParts, KeySearch } from "./key-search.ts";
import { RefreshPauses } from "./refresh-pauses.ts";
import { StoreAccess } from "./store-access.ts";

/** Options of `get`. */
export interface CacheGetOptions {
  /** Ends the wait of this caller with a `LockAbortedError`. Other callers of the key go on. @default none */
  readonly signal?: AbortSignal | undefined;
}

/** Values that are computed once for all processes. */
export interface Cached extends AsyncDisposable {
  /**
   * The value of a key, from the store if it is there. Otherwise one process computes it, and all others wait for it. Callers of one
   * process that come meanwhile share the search, and the result: do not change it. The result is what JSON makes of the value.
   * @param key any text that is not empty.
   * @param compute of callers that share a search, that of the first one is used.
   * @throws the error of `compute`, or `RunTimeoutError` if it takes longer than `computeTimeout`. `ComputeError` if it failed in
   * another process.
   * @throws LockTimeoutError if another process had no value within `wait`. QuorumError if too few lock servers answered, and what
   * the policies of `wrap` throw, such as CircuitOpenError.
   * @throws LockAbortedError if `signal` was aborted. LockClosedError if the cache or the client is closed.
   * @throws TypeError, RangeError for a bad key or bad options.
   */
  get<T>(key: string, compute: Compute<T>, options?: CacheGetOptions): Promise<T>;
  /**
   * Removes the value of a key. Call it after the change of its source is committed. Later callers of this process do not get what a
   * computation of this process found that began before. With a store that has `replace`, that also holds for the computations of other
   * processes: for `computeTimeout` + `lockTtl` + 3 × `storeTimeout`, which is longer than any of them takes, unless its process is
   * paused.
   * @throws the error of the store.
   */
  delete(key: string): Promise<void>;
  /** Calls the listener at every event, until the returned function is called. The events: `CacheEvents`. */
  on<Name extends keyof CacheEvents>(event: Name, listener: CacheListener<Name>): () => void;
  /** Ends all searches with a `LockClosedError`, and resolves when their locks are released. The store stays open. */
  close(): Promise<void>;
}

/** Maximum number of computations in the background. The next caller of another key tries again. */
const MAX_REFRESHES = 16;
/** A longer key is replaced by its SHA-256. */
const MAX_KEY_LENGTH = 200;

/**
 * A cache in front of a slow computation, for many processes: one process computes, the others wait for its result, and a process that
 * dies is replaced after `lockTtl` (docs/patterns.md). What it protects is the load of the source. A value can be older than a
 * concurrent update of its source: use `delete` after the commit.
 *
 * ```ts
 * import { cached, mapStore } from "quorumlock/patterns";
 *
 * const cache = cached(redlock, mapStore(), { ttl: 60_000, staleFor: 600_000 });
 * const total = await cache.get("total", ({ signal }) => (signal.aborted ? 0 : 42));
 * console.log(total);
 * await cache.close();
 * ```
 * @throws TypeError, RangeError for a bad store or bad options, with the field and the value.
 */
export function cached(redlock: Redlock, store: CacheStore, options: CachedOptions): Cached {
  const { clock, options: client } = clientOf(redlock);
  return new Cache(redlock, checkCacheStore(store), resolveCachedOptions(options, client), clock);
}

/** A search that has not ended. */
interface Running {
  /** Of its key. */
  readonly id: string;
  readonly flight: Flight;
  readonly search: KeySearch;
}

class Cache implements Cached {
  readonly #redlock: Redlock;
  readonly #parts: CacheParts;
  readonly #listeners = newCacheListeners();
  /** The search of each key that callers may join. */
  readonly #flights = new Map<string, Running>();
  /** All searches that have not ended, also those that callers may not join any more. */
  readonly #searches = new Set<Running>();
  /** The refresh of each key. */
  readonly #refreshes = new Map<string, Running>();
  readonly #refreshPauses: RefreshPauses;
  /** Locks that are about to be released. */
  readonly #releases = new Set<Promise<void>>();
  #isClosed = false;

  constructor(
    redlock: Redlock,
    store: CacheStore,
    options: ResolvedCachedOptions,
    clock: CacheParts["clock"],
  ) {
    this.#redlock = redlock;
    this.#refreshPauses = new RefreshPauses(clock);
    this.#parts = {
      redlock,
      clock,
      options,
      store: new StoreAccess(store, clock, options.storeTimeoutMs, this.#listeners),
      listeners: this.#listeners,
      refresh: (key, compute, version) => this.#refresh(key, compute, version),
      track: (work) => {
        this.#releases.add(work);
        void work.then(() => this.#releases.delete(work));
      },
    };
  }

  async get<T>(key: string, compute: Compute<T>, options: CacheGetOptions = {}): Promise<T> {
    if (typeof compute !== "function")
      throw new TypeError(`compute: ${formatValue(compute)} must be a function that returns the value`);
    checkOptions(options);
    refuseUnknownOptions(options, { signal: true });
    const signal = checkSignal(options.signal);
    const names = [lockNameOf(idOf(key))];
    if (this.#isClosed) throw new LockClosedError(names);
    if (signal?.aborted === true) throw new LockAbortedError(names, signal.reason);
    const id = idOf(key);
    const { flight } = this.#flights.get(id) ?? this.#begin(id, key, compute);
    return (await flight.join(signal)) as T;
  }

  async delete(key: string): Promise<void> {
    const id = idOf(key);
    this.#forget(id);
    const { clock, options, store } = this.#parts;
    const { computeTimeoutMs, lockTtlMs, storeTimeoutMs } = options;
    const valueId = valueIdOf(id);
    // Longer than the lock of a computation that has read the entry before can last.
    const keepMs = computeTimeoutMs + lockTtlMs + 3 * storeTimeoutMs;
    const result = store.canReplace
      ? await store.set(key, valueId, tombstone(clock.randomToken()), keepMs)
      : await store.delete(key, valueId);
    // A search that began meanwhile may have read the entry before it was removed.
    this.#forget(id);
    if (!result.isDone) throw result.error;
  }

  on<Name extends keyof CacheEvents>(event: Name, listener: CacheListener<Name>): () => void {
    return this.#listeners.on(event, listener);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#flights.clear();
    const flights = [...this.#searches, ...this.#refreshes.values()].map(({ flight }) => flight);
    for (const flight of flights) flight.close();
    await Promise.all(flights.map(({ ended }) => ended));
    await Promise.all(this.#releases);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** A key is deleted: later callers join no search from before, and what such a search finds is not stored. */
  #forget(id: string): void {
    for (const running of [...this.#searches, ...this.#refreshes.values()])
      if (running.id === id) running.search.onDeleted();
    this.#flights.delete(id);
  }

  #begin(id: string, key: string, compute: Compute<unknown>): Running {
    const search = new KeySearch(this.#parts, this.#keyOf(id, key), compute);
    const forget = (): void => {
      if (this.#flights.get(id) === running) this.#flights.delete(id);
    };
    const flight = new Flight(this.#settingsOf(lockNameOf(id)), (self) => run(search, self), forget);
    const running = { id, flight, search };
    this.#flights.set(id, running);
    this.#searches.add(running);
    void flight.ended.then(() => {
      forget();
      this.#searches.delete(running);
    });
    return running;
  }

  #refresh(key: CacheKey, compute: Compute<unknown>, version: string): void {
    const { valueId } = key;
    const pauses = this.#refreshPauses;
    if (this.#isClosed || this.#refreshes.has(valueId) || pauses.isPaused(valueId)) return;
    if (this.#refreshes.size >= MAX_REFRESHES) return;
    const search = new KeySearch(this.#parts, key, compute);
    const refresh = async ({ signal }: Flight): Promise<void> => {
      try {
        pauses.record(valueId, await search.refresh(signal, version));
      } catch (error) {
        if (signal.aborted) return;
        pauses.record(valueId, "failed");
        this.#listeners.emit("cache:refresh:failed", { key: key.key, error: toSafeError(error) });
      }
    };
    const flight = new Flight(this.#settingsOf(key.lockName), refresh);
    this.#refreshes.set(valueId, { id: key.id, flight, search });
    void flight.ended.then(() => this.#refreshes.delete(valueId));
  }

  #keyOf(id: string, key: string): CacheKey {
    const lockName = lockNameOf(id);
    const lockable = wrapped(this.#redlock.mutex(lockName), this.#parts.options.wrap);
    return { key, id, lockable, lockName, valueId: valueIdOf(id), outcomeId: `e:${id}` };
  }

  #settingsOf(lockName: string): FlightSettings {
    const { clock, options } = this.#parts;
    return { clock, names: [lockName], waitMs: options.waitMs };
  }
}

/** The result of a search; the reason of the cache if the cache was closed. */
async function run(search: KeySearch, flight: Flight): Promise<unknown> {
  const { signal } = flight;
  try {
    return await search.find(flight);
  } catch (error) {
    throw signal.reason instanceof LockClosedError ? signal.reason : error;
  }
}

/** @throws TypeError, RangeError for a bad key. */
function idOf(key: string): string {
  if (checkText("key", key) === "") throw new RangeError('key: "" must not be empty');
  return key.length <= MAX_KEY_LENGTH ? key : `sha256:${createHash("sha256").update(key).digest("hex")}`;
}

function valueIdOf(id: string): string {
  return `v:${id}`;
}

function lockNameOf(id: string): string {
  return `cache:${id}`;
}
