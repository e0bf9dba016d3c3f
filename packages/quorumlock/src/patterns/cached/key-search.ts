import type { Clock } from "../../base/clock.ts";
import { type Holder, LockTimeoutError } from "../../base/errors.ts";
import { toSafeError } from "../../base/safe-error.ts";
import type { AcquireOptions } from "../../base/options.ts";
import type { Lock, Lockable } from "../../lockable.ts";
import type { Redlock } from "../../redlock.ts";
import type { CacheListeners } from "./cache-events.ts";
import { GRACE_MS, type ResolvedCachedOptions } from "./cached-options.ts";
import { type Computation, type Compute, startComputation } from "./computation.ts";
import { isUnreachable } from "../unreachable.ts";
import { atMost, sleep } from "../sleep.ts";
import { markOf } from "../token-mark.ts";
import { decodeEntry, encodeEntry, type Entry, isEarlyRefresh, tombstone } from "./entry.ts";
import type { Flight } from "./flight.ts";
import { decodeOutcome, encodeFailure, encodeNotFound, errorOf, OUTCOME_KEEP_MS } from "./outcome.ts";
import type { RefreshResult } from "./refresh-pauses.ts";
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
  /** The key, or its digest if it is long. */
  readonly id: string;
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

/** A value that this process has found under the lock. `isStored`: whether the store has it, or a newer entry. */
interface Won extends Found {
  readonly isStored: boolean;
}

/** Too few lock servers could be reached. It is no error that is thrown, because computations may throw such errors, too. */
class Outage {
  readonly error: Error;

  constructor(error: Error) {
    this.error = error;
  }
}

const MIN_PAUSE_WINDOW_MS = 10;
const MAX_PAUSE_WINDOW_MS = 500;
/** The least time between two ends of waits, in ms: each costs a round. */
const MIN_WAIT_MS = 50;

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
  /** How often the key was deleted by this process since the search began. */
  #deletions = 0;

  constructor(parts: CacheParts, key: CacheKey, compute: Compute<unknown>) {
    this.#parts = parts;
    this.#key = key;
    this.#compute = compute;
  }

  /** This process deletes the key: what the search computes at this moment is not stored. */
  onDeleted(): void {
    this.#deletions += 1;
  }

  /** Finds the value for the callers of a flight. */
  async find(flight: Flight): Promise<unknown> {
    const reading = await this.#read();
    const served = this.#serve(reading);
    if (served !== undefined) return served.value;
    const found = await this.#findUnderLock(flight);
    if (!(found instanceof Outage)) return found.value;
    if (!this.#parts.options.isUnlockedAllowed) throw found.error;
    return this.#computeUnlocked(reading, flight.signal);
  }

  /** Computes a fresh value, unless another process does so. `version`: of the entry that is replaced. */
  async refresh(signal: AbortSignal, version: string): Promise<RefreshResult> {
    const lock = await this.#key.lockable.tryAcquire(this.#acquireOptions(signal));
    if (lock === null) return "held";
    const won = await this.#win(lock, signal, version);
    return won?.isStored === true ? "done" : "failed";
  }

  async #findUnderLock(flight: Flight): Promise<Found | Outage> {
    const { signal } = flight;
    for (let pauses = 0; ;) {
      const lock = await this.#tryLock(signal);
      if (lock instanceof Outage) return lock;
      if (!(lock instanceof LockTimeoutError)) {
        const won = await this.#win(lock, signal);
        if (won !== undefined) return won;
      } else {
        const ended = await this.#untilEnded(flight, lock.holder);
        if (ended instanceof Outage) return ended;
        const found = await this.#readAfter([lock.holder?.token, ended]);
        if (found !== undefined) return found;
        // All losers come here together, and would split the votes.
        await this.#pause(pauses, signal);
        pauses += 1;
      }
      flight.expire(undefined);
      signal.throwIfAborted();
    }
  }

  /** Tries to lock the key. The error of a refusal names the holder. */
  async #tryLock(signal: AbortSignal): Promise<Lock | LockTimeoutError | Outage> {
    try {
      return await this.#key.lockable.acquire({ ...this.#acquireOptions(signal), wait: 0 });
    } catch (error) {
      if (error instanceof LockTimeoutError) return error;
      if (isUnreachable(error)) return new Outage(error);
      throw error;
    }
  }

  /** The lock extends itself, also if the client says that its locks do not. */
  #acquireOptions(signal: AbortSignal): AcquireOptions {
    return { ttl: this.#parts.options.lockTtlMs, autoExtend: true, signal };
  }

  /** Waits until the holder has ended, and returns its token. Meanwhile, the wait of callers can end. */
  async #untilEnded(flight: Flight, holder: Holder | undefined): Promise<string | undefined | Outage> {
    const { redlock, clock } = this.#parts;
    const { signal } = flight;
    let present = holder;
    for (let leastMs = 0; ; leastMs = MIN_WAIT_MS) {
      flight.expire(present);
      signal.throwIfAborted();
      const wait = Math.max(leastMs, flight.nextTimeoutAt - clock.monotonic());
      try {
        return await redlock.untilFree(this.#key.lockName, { wait, signal, holder: holder?.token });
      } catch (error) {
        if (isUnreachable(error)) return new Outage(error);
        if (!(error instanceof LockTimeoutError)) throw error;
        present = error.holder;
      }
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
    const { isRead, entry } = await this.#read();
    if (entry?.content !== undefined) {
      const { value, freshUntil } = entry.content;
      // A computation that takes longer than the ttl leaves a value that is stale already, for those who waited for it.
      if (clock.wall() < freshUntil + options.staleForMs || marks.includes(entry.version)) return { value };
    }
    const result = await store.get(key, outcomeId);
    const outcome = result.isDone ? decodeOutcome(result.value) : undefined;
    if (outcome === undefined || !marks.includes(outcome.by)) return undefined;
    const { by, version, error } = outcome;
    // Otherwise the key was changed or deleted after that computation had begun. The holder itself may have removed a value.
    if (!isRead || (entry?.version !== version && entry?.version !== by)) return undefined;
    if (error !== undefined) throw errorOf(key, { ...outcome, error });
    return { value: undefined };
  }

  /**
   * The part of the winner. `undefined` if the lock was lost before the computation, or if it was lost and the computation failed, which
   * may be the reason.
   * @param present the version of the entry that is replaced, in the background.
   */
  async #win(lock: Lock, signal: AbortSignal, present?: string): Promise<Won | undefined> {
    const { clock, listeners, options, store } = this.#parts;
    const { key, outcomeId } = this.#key;
    let computation: Computation | undefined;
    try {
      // Another process may have computed it before this one got the lock.
      const deletions = this.#deletions;
      const reading = await this.#read();
      const { entry } = reading;
      if (
        entry?.content !== undefined &&
        entry.version !== present &&
        clock.wall() < entry.content.freshUntil
      )
        return { value: entry.content.value, isStored: true };
      signal.throwIfAborted();
      if (!lock.isHeld) return undefined;
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
        const outcome = { by: markOf(lock.token), version: entry?.version };
        if (lock.isHeld && deletions === this.#deletions)
          await store.set(key, outcomeId, encodeFailure(outcome, error), OUTCOME_KEEP_MS);
        else if (!lock.isHeld && computation.hasSettled && present === undefined) return undefined;
        throw error;
      }
      const deltaMs = clock.monotonic() - startedAt.monotonic;
      listeners.emit("cache:computed", { key, durationMs: deltaMs, isRefresh: present !== undefined });
      if (!lock.isHeld) {
        listeners.emit("cache:write:skipped", { key, reason: "lost" });
        return { value, isStored: false };
      }
      const timing = { startedAtWall: startedAt.wall, deltaMs, deletions };
      return { value, isStored: await this.#write(reading, value, timing, lock) };
    } finally {
      await this.#release(lock, computation);
    }
  }

  async #computeUnlocked(reading: Reading, signal: AbortSignal): Promise<unknown> {
    const { clock, listeners, options } = this.#parts;
    const { key } = this.#key;
    const deletions = this.#deletions;
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
    await this.#write(reading, value, { startedAtWall: startedAt.wall, deltaMs, deletions });
    return value;
  }

  /**
   * Writes what a computation has found. Returns whether the store has it, or a newer entry.
   * @param reading what the store had before the computation.
   * @param timing when it began, and how long it took; `deletions`: as this search counted them then.
   * @param lock the lock under which it was computed.
   */
  async #write(
    { isRead, entry }: Reading,
    value: unknown,
    { startedAtWall, deltaMs, deletions }: { startedAtWall: number; deltaMs: number; deletions: number },
    lock?: Lock,
  ): Promise<boolean> {
    const { clock, listeners, options, store } = this.#parts;
    const { key, valueId, outcomeId } = this.#key;
    if (deletions !== this.#deletions) {
      listeners.emit("cache:write:skipped", { key, reason: "changed" });
      return true;
    }
    const by = lock === undefined ? clock.randomToken() : markOf(lock.token);
    const isNotCached = value === undefined && options.negativeTtlMs === 0;
    if (isNotCached) {
      const outcome = encodeNotFound({ by, version: entry?.version });
      // Nobody waits for a computation without a lock.
      if (lock !== undefined) await store.set(key, outcomeId, outcome, OUTCOME_KEEP_MS);
      if (entry?.content === undefined) return true;
    }
    const ttlMs = value === undefined ? options.negativeTtlMs : options.ttlMs;
    // From the start of the computation, so that a value that is written late is not fresh for longer.
    const freshUntil = startedAtWall + ttlMs * (1 - options.jitter * clock.random());
    const text = isNotCached ? tombstone(by) : encodeEntry(by, { value, freshUntil, deltaMs });
    const usableMs = Math.ceil(freshUntil + options.staleForMs - clock.wall());
    // Those who wait for this computation must find it, also if it took longer than the ttl.
    const keepMs = Math.max(usableMs, OUTCOME_KEEP_MS);
    if (!store.canReplace) {
      const { isDone } = await store.set(key, valueId, text, keepMs);
      return isDone;
    }
    // Nothing is known to compare with.
    if (!isRead) return false;
    const result = await store.replace(key, valueId, entry?.version, text, keepMs);
    if (result.isDone && !result.value) listeners.emit("cache:write:skipped", { key, reason: "changed" });
    return result.isDone;
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
}
