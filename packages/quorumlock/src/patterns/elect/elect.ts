import type { Clock } from "../../base/clock.ts";
import { LockClosedError, LockLostError } from "../../base/errors.ts";
import { toSafeError } from "../../base/safe-error.ts";
import { clientOf } from "../../client/client-of.ts";
import type { Lock, Lockable } from "../../lockable.ts";
import type { Redlock } from "../../redlock.ts";
import { EventListeners } from "../event-listeners.ts";
import { atMost, sleep } from "../sleep.ts";
import { wrapped } from "../wrapped.ts";
import {
  type ElectOptions,
  type ResolvedElectOptions,
  resolveElectOptions,
  type Term,
} from "./election-options.ts";
import { type Leader, leaderToken, lockNameOf, readLeader, writeLeader } from "./leader.ts";
import { RunningTerm } from "./running-term.ts";

/**
 * What a candidate does:
 *
 * - `follower`: it waits for the lock, or pauses before that.
 * - `leader`: it has called `onElected`, and the term lasts.
 * - `stepping down`: the term has ended, and `onElected` has not settled.
 * - `stopped`: it is no candidate any more.
 */
export type ElectionState = "follower" | "leader" | "stepping down" | "stopped";

/** The events of an election. */
export interface ElectionEvents {
  /** The state has changed. `number`: of the term that has begun or ended. */
  change: { readonly state: ElectionState; readonly number: number | undefined };
  /** `onElected` has not settled within `grace` after the end of its term. Once for each term. */
  slow: { readonly number: number };
  /** The lock was not acquired or released, the record was not written, or `onElected` has thrown. The candidate goes on. */
  problem: { readonly error: Error };
}

/** A candidate. */
export interface Election extends AsyncDisposable {
  /** Whether this process leads now. It is computed at each look, so it is right also just after the process was paused. */
  readonly isLeader: boolean;
  /** The present term of this process; `undefined` if it does not lead. */
  readonly term: Term | undefined;
  /** What this candidate does. */
  readonly state: ElectionState;
  /**
   * The leader of the group, at the moment of the two rounds that this takes; `undefined` if there is none, or if it is not certain.
   * @throws QuorumError, LockClosedError, RecordStoreError.
   */
  leader(): Promise<Leader | undefined>;
  /** Calls the listener at every event, until the returned function is called. The events: `ElectionEvents`. */
  on<Name extends keyof ElectionEvents>(
    event: Name,
    listener: (event: ElectionEvents[Name]) => void,
  ): () => void;
  /**
   * Ends the present term, waits for `onElected` up to `grace`, and releases the lock. Others go first for one ttl. Does nothing if
   * this process does not lead. A call within `onElected` must not be awaited there.
   */
  resign(): Promise<void>;
  /** As `resign`, and this process is no candidate any more. A second call waits for the first one. */
  stop(): Promise<void>;
}

/** How often the leader writes its record again, so that servers that have lost it have it. */
const RENEW_MS = 60_000;
const MIN_BACKOFF_MS = 1_000;
const MAX_BACKOFF_MS = 30_000;

const EVENTS: Readonly<Record<keyof ElectionEvents, true>> = { change: true, slow: true, problem: true };

/**
 * Makes this process a candidate for the leadership of a group. One process leads at a time, until it crashes, resigns or is cut off from
 * the lock servers; then another one leads, `ttl` later at the latest (docs/patterns.md). Terms never overlap by `isLeader`, and their
 * numbers rise. The code of a former leader may still run: hand `term.number` to what it writes.
 *
 * ```ts
 * import { elect } from "quorumlock/patterns";
 *
 * const election = elect(redlock, "billing", {
 *   data: { url: "http://10.0.0.7:8080" },
 *   onElected: ({ number, signal }) => console.log(`term ${number} begins`, signal.aborted),
 * });
 * await election.stop();
 * ```
 * @throws TypeError, RangeError for a bad group or bad options, with the field and the value. The error of `wrap`.
 */
export function elect(redlock: Redlock, group: string, options: ElectOptions): Election {
  const name = lockNameOf(group);
  const client = clientOf(redlock);
  const resolved = resolveElectOptions(redlock, client.options, options);
  return new Candidate(redlock, wrapped(redlock.mutex(name), resolved.wrap), client.clock, name, resolved);
}

class Candidate implements Election {
  readonly #redlock: Redlock;
  readonly #lockable: Lockable;
  readonly #clock: Clock;
  readonly #name: string;
  readonly #options: ResolvedElectOptions;
  readonly #listeners = new EventListeners<ElectionEvents>(EVENTS);
  readonly #stopping = new AbortController();
  readonly #done: Promise<void>;
  #state: ElectionState = "follower";
  #term: RunningTerm | undefined;
  /** Before this moment of the monotonic clock, this process is no candidate. */
  #notBefore = 0;
  /** Number of failures in a row. */
  #failures = 0;

  constructor(
    redlock: Redlock,
    lockable: Lockable,
    clock: Clock,
    name: string,
    options: ResolvedElectOptions,
  ) {
    this.#redlock = redlock;
    this.#lockable = lockable;
    this.#clock = clock;
    this.#name = name;
    this.#options = options;
    this.#done = this.#run();
  }

  get isLeader(): boolean {
    return this.#term?.isLeading === true;
  }

  get term(): Term | undefined {
    const term = this.#term;
    return term?.isLeading === true ? { number: term.number, signal: term.signal } : undefined;
  }

  get state(): ElectionState {
    return this.#state;
  }

  async leader(): Promise<Leader | undefined> {
    const token = await leaderToken(this.#redlock, this.#name);
    return token === undefined ? undefined : readLeader(this.#options.records, this.#name, token);
  }

  on<Name extends keyof ElectionEvents>(
    event: Name,
    listener: (event: ElectionEvents[Name]) => void,
  ): () => void {
    return this.#listeners.on(event, listener);
  }

  async resign(): Promise<void> {
    const term = this.#term;
    term?.end("resigned");
    await term?.released;
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#term?.end("stopped");
    await this.#done;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    // The lock extends itself, also if the client says that its locks do not.
    const how = { wait: Infinity, ttl: this.#options.ttlMs, autoExtend: true, signal };
    while (!signal.aborted) {
      await sleep(this.#clock, Math.max(0, this.#notBefore - this.#clock.monotonic()), signal);
      if (signal.aborted) break;
      try {
        await this.#lead(await this.#lockable.acquire(how));
      } catch (error) {
        if (signal.aborted || error instanceof LockClosedError) break;
        this.#report(error);
        this.#backOff();
      }
    }
    this.#stopping.abort();
    this.#setState("stopped", undefined);
  }

  /**
   * One term, from the grant of the lock until this process may be a candidate again.
   * @throws if the term cannot begin: RecordStoreError; LockLostError if the lock was lost, or if the record has a larger number.
   */
  async #lead(lock: Lock): Promise<void> {
    const { records, graceMs } = this.#options;
    try {
      await writeLeader(records, lock, this.#options, 1);
    } catch (error) {
      await this.#release(lock);
      throw error;
    }
    if (!lock.isHeld || this.#stopping.signal.aborted) {
      await this.#release(lock);
      throw new LockLostError(lock.names, "it was lost before the term began");
    }
    const term = new RunningTerm(lock, this.#options, () => this.#setState("stepping down", lock.fence));
    this.#term = term;
    this.#setState("leader", lock.fence);
    term.begin();
    const stopRenewing = this.#renewRecord(term);
    const reason = await term.ended;
    stopRenewing();
    if (term.failure !== undefined) this.#report(term.failure);
    const hasSettled = await atMost(this.#clock, graceMs, term.settled);
    if (!hasSettled) this.#listeners.emit("slow", { number: term.number });
    await this.#release(lock);
    if (reason !== "lost") this.#notBefore = this.#clock.monotonic() + this.#options.ttlMs;
    if (reason === "failed") this.#backOff();
    else this.#failures = 0;
    term.onReleased();
    await this.#untilSettled(term);
    this.#term = undefined;
    if (!this.#stopping.signal.aborted) this.#setState("follower", undefined);
  }

  /** Waits until `onElected` has settled. A candidate that stops does not wait. */
  async #untilSettled(term: RunningTerm): Promise<void> {
    const { signal } = this.#stopping;
    let onStop!: () => void;
    const stopped = new Promise<void>((resolve) => (onStop = resolve));
    signal.addEventListener("abort", onStop, { once: true });
    if (!signal.aborted) await Promise.race([term.settled, stopped]);
    signal.removeEventListener("abort", onStop);
  }

  /** Writes the record again and again. Returns a function that ends this. */
  #renewRecord({ lock }: RunningTerm): () => void {
    let version = 1;
    const renew = (): void => {
      version += 1;
      timer = this.#clock.setTimer(RENEW_MS, renew, false);
      writeLeader(this.#options.records, lock, this.#options, version).catch((error: unknown) => {
        // A lock that is lost says so itself. If it is held, the record has a number from other lock servers.
        if (!(error instanceof LockLostError) || lock.isHeld) this.#report(error);
      });
    };
    let timer = this.#clock.setTimer(RENEW_MS, renew, false);
    return () => timer.cancel();
  }

  async #release(lock: Lock): Promise<void> {
    try {
      await lock.release();
    } catch (error) {
      this.#report(error);
    }
  }

  /** Full jitter over a window that doubles with each failure in a row. */
  #backOff(): void {
    const windowMs = Math.min(MAX_BACKOFF_MS, MIN_BACKOFF_MS * 2 ** Math.min(this.#failures, 10));
    this.#failures += 1;
    const until = this.#clock.monotonic() + this.#clock.random() * windowMs;
    this.#notBefore = Math.max(this.#notBefore, until);
  }

  #report(error: unknown): void {
    this.#listeners.emit("problem", { error: toSafeError(error) });
  }

  #setState(state: ElectionState, number: number | undefined): void {
    this.#state = state;
    this.#listeners.emit("change", { state, number });
  }
}
