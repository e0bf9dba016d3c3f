import type { Clock } from "../../base/clock.ts";
import { type Holder, LockTimeoutError, QuorumError } from "../../base/errors.ts";
import { toSafeError } from "../../base/safe-error.ts";
import type { Lock, Lockable } from "../../lockable.ts";
import type { Redlock } from "../../redlock.ts";
import type { CacheListeners } from "./cache-events.ts";
import { GRACE_MS, type ResolvedCachedOptions } from "./cached-options.ts";
import { type Computation, type Compute, startComputation } from "./computation.ts";
import { atMost, sleep } from "../sleep.ts";
import { markOf } from "../token-mark.ts";
import { decodeEntry, encodeEntry, type Entry, isEarlyRefresh, tombstone } from "./entry.ts";
import { decodeOutcome, encodeFailure, encodeNotFound, errorOf, OUTCOME_KEEP_MS } from "./outcome.ts";
import type { StoreAccess } from "./store-access.ts";

/** What all searches of one cache share. */
export interface CacheParts {
  readonly redlock: Pick<Redlock, "untilFree">;
  readonly clock: Clock;
  readonly options: ResolvedCachedOptions;
  readonly store: StoreAccess;
  readonly listeners: CacheListeners;
  /** Computes a fresh value in the background, unless this process does so already. `version`: of the present entry. */
  refresh(key: CacheKey, compute: Compute<unknown>, version: string): void;
  /** The cache waits for it when it closes. It never rejects. */
  track(work: Promise<void>): void;
}

/** A key, and what is derived from it. */
export interface CacheKey {
  /** As the caller gave it. */
  readonly key: string;
  readonly lockable: Lockable;
  readonly lockName: string;
  /** Where the store has the entry. */
  readonly valueId: string;
  /** Where the store has the outcome of a computation without an entry. */
  readonly outcomeId: string;
}

/** An entry that was read. `isRead`: false if the store failed. */
interface Reading {
  readonly isRead: boolean;
  readonly entry: Entry | undefined;
}

/** A value that was found; it can be `undefined`. */
interface Found {
  readonly value: unknown;
}

const MIN_PAUSE_WINDOW_MS = 10;
const MAX_PAUSE_WINDOW_MS = 500;

/**
 * One search for the value of a key (docs/patterns.md):
 *
 * 1. Read the entry. If it is fresh or stale, that is the value.
 * 2. Otherwise try to lock the key. The winner reads again, computes, and writes. A loser waits for the end of the winner without a
 *    place in line, and reads again. If there is no entry and no outcome of this very winner, it tries to lock in its turn.
 */
export class KeySearch {
  readonly #parts: CacheParts;
  readonly #key: CacheKey;
  readonly #compute: Compute<unknown>;

  constructor(parts: CacheParts, key: CacheKey, compute: Compute<unknown>) {
    this.#parts = parts;
    this.#key = key;
    this.#compute = compute;
  }

  /** Finds the value for callers. */
  async find(signal: AbortSignal): Promise<unknown> {
    const { clock, options } = this.#parts;
    const startedAt = clock.monotonic();
    const reading = await this.#read();
    const served = this.#serve(reading);
    if (served !== undefined) return served.value;
    try {
      return await this.#findUnderLock(signal, startedAt);
    } catch (error) {
      if (!(error instanceof QuorumError) || !options.isUnlockedAllowed) throw error;
      return this.#computeUnlocked(reading, signal);
    }
  }

  /** Computes a fresh value, unless another process does so. `version`: of the entry that is replaced. */
  async refresh(signal: AbortSignal, version: string): Promise<void> {
    const { lockTtlMs } = this.#parts.options;
    const lock = await this.#key.lockable.tryAcquire({ ttl: lockTtlMs, signal });
    if (lock !== null) await this.#win(lock, signal, version);
  }

  async #findUnderLock(signal: AbortSignal, startedAt: number): Promise<unknown> {
    const { redlock, clock, options } = this.#parts;
    const { lockName } = this.#key;
    for (let pauses = 0; ;) {
      const lock = await this.#tryLock(signal);
      if (!(lock instanceof LockTimeoutError)) {
        const found = await this.#win(lock, signal);
        if (found !== undefined) return found.value;
      } else {
        const waitMs = options.waitMs - (clock.monotonic() - startedAt);
        if (waitMs <= 0) throw this.#timeoutError(startedAt, lock.holder);
        const holder = lock.holder?.token;
        const ended = await redlock.untilFree(lockName, { wait: waitMs, signal, holder });
        const found = await this.#readAfter([holder, ended]);
        if (found !== undefined) return found.value;
        // All losers come here together, and would split the votes.
        await this.#pause(pauses, signal);
        pauses += 1;
      }
      signal.throwIfAborted();
      if (clock.monotonic() - startedAt >= options.waitMs) throw this.#timeoutError(startedAt, undefined);
    }
  }

  /** Tries to lock the key. The error of a refusal names the holder. */
  async #tryLock(signal: AbortSignal): Promise<Lock | LockTimeoutError> {
    try {
      return await this.#key.lockable.acquire({ wait: 0, ttl: this.#parts.options.lockTtlMs, signal });
    } catch (error) {
      if (error instanceof LockTimeoutError) return error;
      throw error;
    }
  }

  /**
   * What a loser finds after the end of a winner: an entry, or how the computation of this very winner has ended.
   * @throws the error of that computation.
   */
  async #readAfter(tokens: readonly (string | undefined)[]): Promise<Found | undefined> {
    const { clock, options, store } = this.#parts;
    const { key, outcomeId } = this.#key;
    const marks = tokens.flatMap((token) => (token === undefined ? [] : [markOf(token)]));
    const { entry } = await this.#read();
    if (entry?.content !== undefined) {
      const { value, freshUntil } = entry.content;
      // A computation that takes longer than the ttl leaves a value that is stale already, for those who waited for it.
      if (clock.wall() < freshUntil + options.staleForMs || marks.includes(entry.version)) return { value };
    }
    const result = await store.get(key, outcomeId);
    const outcome = result.isDone ? decodeOutcome(result.value) : undefined;
    if (outcome === undefined || !marks.includes(outcome.by)) return undefined;
    const { error } = outcome;
    if (error !== undefined) throw errorOf(key, { ...outcome, error });
    return { value: undefined };
  }

  /**
   * The part of the winner. `undefined` if the lock was lost and the computation failed, which may be the reason.
   * @param present the version of the entry that is replaced, in the background.
   */
  async #win(lock: Lock, signal: AbortSignal, present?: string): Promise<Found | undefined> {
    const { clock, listeners, options, store } = this.#parts;
    const { key, outcomeId } = this.#key;
    let computation: Computation | undefined;
    try {
      // Another process may have computed it before this one got the lock.
      const reading = await this.#read();
      const { entry } = reading;
      if (
        entry?.content !== undefined &&
        entry.version !== present &&
        clock.wall() < entry.content.freshUntil
      )
        return { value: entry.content.value };
      signal.throwIfAborted();
      const startedAt = { monotonic: clock.monotonic(), wall: clock.wall() };
      computation = startComputation(clock, this.#compute, {
        key,
        fence: lock.fence,
        limitMs: options.computeTimeoutMs,
        abandoned: signal,
        lost: lock.signal,
      });
      let value: unknown;
      try {
        value = await computation.result;
      } catch (error) {
        if (signal.aborted) throw error;
        if (lock.isHeld)
          await store.set(key, outcomeId, encodeFailure(markOf(lock.token), error), OUTCOME_KEEP_MS);
        else if (computation.hasSettled && present === undefined) return undefined;
        throw error;
      }
      const deltaMs = clock.monotonic() - startedAt.monotonic;
      listeners.emit("cache:computed", { key, durationMs: deltaMs, isRefresh: present !== undefined });
      if (lock.isHeld)
        await this.#write(reading, value, { startedAtWall: startedAt.wall, deltaMs, by: markOf(lock.token) });
      else listeners.emit("cache:write:skipped", { key, reason: "lost" });
      return { value };
    } finally {
      await this.#release(lock, computation);
    }
  }

  async #computeUnlocked(reading: Reading, signal: AbortSignal): Promise<unknown> {
    const { clock, listeners, options } = this.#parts;
    const { key } = this.#key;
    const startedAt = { monotonic: clock.monotonic(), wall: clock.wall() };
    const { result } = startComputation(clock, this.#compute, {
      key,
      fence: undefined,
      limitMs: options.computeTimeoutMs,
      abandoned: signal,
      lost: undefined,
    });
    const value = await result;
    const deltaMs = clock.monotonic() - startedAt.monotonic;
    listeners.emit("cache:computed", { key, durationMs: deltaMs, isRefresh: false });
    await this.#write(reading, value, { startedAtWall: startedAt.wall, deltaMs, by: clock.randomToken() });
    return value;
  }

  /** Writes what a computation has found. `reading`: what the store had before the computation. */
  async #write(
    { isRead, entry }: Reading,
    value: unknown,
    { startedAtWall, deltaMs, by }: { startedAtWall: number; deltaMs: number; by: string },
  ): Promise<void> {
    const { clock, listeners, options, store } = this.#parts;
    const { key, valueId, outcomeId } = this.#key;
    const isNotCached = value === undefined && options.negativeTtlMs === 0;
    if (isNotCached) {
      await store.set(key, outcomeId, encodeNotFound(by), OUTCOME_KEEP_MS);
      if (entry?.content === undefined) return;
    }
    const ttlMs = value === undefined ? options.negativeTtlMs : options.ttlMs;
    // From the start of the computation, so that a value that is written late is not fresh for longer.
    const freshUntil = startedAtWall + ttlMs * (1 - options.jitter * clock.random());
    const text = isNotCached ? tombstone(by) : encodeEntry(by, { value, freshUntil, deltaMs });
    const usableMs = Math.ceil(freshUntil + options.staleForMs - clock.wall());
    // Those who wait for this computation must find it, also if it took longer than the ttl.
    const keepMs = Math.max(usableMs, OUTCOME_KEEP_MS);
    if (!store.canReplace) {
      await store.set(key, valueId, text, keepMs);
      return;
    }
    // Nothing is known to compare with.
    if (!isRead) return;
    const result = await store.replace(key, valueId, entry?.version, text, keepMs);
    if (result.isDone && !result.value) listeners.emit("cache:write:skipped", { key, reason: "changed" });
  }

  async #read(): Promise<Reading> {
    const result = await this.#parts.store.get(this.#key.key, this.#key.valueId);
    return result.isDone
      ? { isRead: true, entry: decodeEntry(result.value) }
      : { isRead: false, entry: undefined };
  }

  /** The value of an entry that callers may have, which may begin a refresh. */
  #serve({ entry }: Reading): Found | undefined {
    if (entry?.content === undefined) return undefined;
    const { clock, options } = this.#parts;
    const { content, version } = entry;
    const now = clock.wall();
    const isFresh = now < content.freshUntil;
    if (!isFresh && now >= content.freshUntil + options.staleForMs) return undefined;
    const ttlMs = content.value === undefined ? options.negativeTtlMs : options.ttlMs;
    const leastFreshMs = ttlMs * (1 - options.jitter);
    const isEarly = (): boolean =>
      isEarlyRefresh(content, { now, beta: options.beta, random: clock.random(), leastFreshMs });
    if (!isFresh || isEarly()) this.#parts.refresh(this.#key, this.#compute, version);
    return { value: content.value };
  }

  /** Releases the lock. A computation that was aborted and goes on has a while to end before. */
  async #release(lock: Lock, computation: Computation | undefined): Promise<void> {
    const parts = this.#parts;
    const { clock, listeners } = parts;
    const { key } = this.#key;
    const release = async (): Promise<void> => {
      try {
        await lock.release();
      } catch (error) {
        listeners.emit("cache:release:failed", { key, error: toSafeError(error) });
      }
    };
    if (computation === undefined || computation.hasSettled) return release();
    parts.track(atMost(clock, GRACE_MS, computation.settled).then(release));
  }

  #pause(pauses: number, signal: AbortSignal): Promise<void> {
    const { clock } = this.#parts;
    const windowMs = Math.min(MAX_PAUSE_WINDOW_MS, MIN_PAUSE_WINDOW_MS * 2 ** Math.min(pauses, 10));
    return sleep(clock, windowMs * clock.random(), signal);
  }

  #timeoutError(startedAt: number, holder: Holder | undefined): LockTimeoutError {
    return new LockTimeoutError([this.#key.lockName], this.#parts.clock.monotonic() - startedAt, holder, []);
  }
}
