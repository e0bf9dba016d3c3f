import type { Timer } from "../../base/clock.ts";
import type { Electorate } from "./electorate.ts";
import { ExecutionError, MESSAGES } from "./errors.ts";
import { pauseMs } from "./repeat.ts";
import type { Settings } from "./settings.ts";
import type { ExecutionStats } from "./stats.ts";

/** The signal of a routine of `using`. `error`: why the lock was lost, when the signal has aborted. */
export type RedlockAbortSignal = AbortSignal & { error?: Error };

/** The result of one extension. */
export interface Extension {
  readonly isExtended: boolean;
  /** Whether the lock has ended, so that no further extension can succeed. */
  readonly isLost: boolean;
  /** The votes. `undefined` if nothing was sent. */
  readonly stats: Promise<ExecutionStats> | undefined;
}

/** The lock of one call of `using`. */
export interface KeptLock {
  /** Time until its lease ends, in ms; 0 or less if it has ended. */
  remainingMs(): number;
  /** Tries once to extend it. Never rejects. */
  extendOnce(): Promise<Extension>;
}

/** The longest time between two readings of the clocks, because timers stand still while the machine sleeps. */
const MAX_SLEEP_MS = 1_000;
/** The shortest pause after an extension that failed, whatever `retryDelay` is. */
const MIN_PAUSE_MS = 20;
const MAX_KEPT_ATTEMPTS = 100;

/**
 * Extends a lock while a routine runs. The signal aborts when the lease ends, whatever the servers do, or before that if they have
 * granted the lock to another holder.
 *
 * - `kept`: the lease is valid. When `automaticExtensionThreshold` is left, one extension runs at a time, with pauses between them.
 * - `lost`: the signal has aborted.
 * - `ended`: the routine has ended.
 */
export class Keeper {
  readonly signal: RedlockAbortSignal;
  readonly #controller = new AbortController();
  readonly #electorate: Electorate;
  readonly #lock: KeptLock;
  readonly #settings: Settings;
  #state: "kept" | "lost" | "ended" = "kept";
  #timer: Timer | undefined;
  #isExtending = false;
  /** The next extension begins at this moment of the monotonic clock or later. */
  #notBefore = -Infinity;
  /** The extensions since the latest one that succeeded. */
  #failed: Promise<ExecutionStats>[] = [];

  constructor(electorate: Electorate, lock: KeptLock, settings: Settings) {
    this.#electorate = electorate;
    this.#lock = lock;
    this.#settings = settings;
    this.signal = this.#controller.signal;
    this.#review();
  }

  /** The routine has ended. If the lease has ended before, the signal aborts now at the latest. */
  end(): void {
    if (this.#state === "kept" && this.#lock.remainingMs() <= 0) this.#lose();
    this.#timer?.cancel();
    this.#state = "ended";
  }

  /** Does what is due, and sets the timer for what is next. */
  readonly #review = (): void => {
    if (this.#state !== "kept") return;
    this.#timer?.cancel();
    const remainingMs = this.#lock.remainingMs();
    if (remainingMs <= 0) {
      this.#lose();
      return;
    }
    const now = this.#now;
    const extendAt = Math.max(
      now + remainingMs - this.#settings.automaticExtensionThreshold,
      this.#notBefore,
    );
    if (!this.#isExtending && extendAt <= now) void this.#extend();
    const nextMs = this.#isExtending ? remainingMs : Math.min(remainingMs, extendAt - now);
    const { clock } = this.#electorate.client;
    this.#timer = clock.setTimer(Math.min(nextMs, MAX_SLEEP_MS), this.#review, true);
  };

  get #now(): number {
    return this.#electorate.client.clock.monotonic();
  }

  async #extend(): Promise<void> {
    this.#isExtending = true;
    const { isExtended, isLost, stats } = await this.#lock.extendOnce();
    this.#isExtending = false;
    if (this.#state !== "kept") return;
    if (isExtended) {
      this.#failed = [];
      // A threshold that is almost the whole lease would extend the lock without a pause.
      this.#notBefore = this.#now + this.#lock.remainingMs() / 10;
    } else {
      if (stats !== undefined) this.#failed = [...this.#failed, stats].slice(-MAX_KEPT_ATTEMPTS);
      const wantedMs = Math.max(MIN_PAUSE_MS, pauseMs(this.#electorate, this.#settings));
      // A long pause must leave time for another attempt.
      this.#notBefore = this.#now + Math.min(wantedMs, Math.max(MIN_PAUSE_MS, this.#lock.remainingMs() / 2));
    }
    if (isLost) this.#lose();
    else this.#review();
  }

  #lose(): void {
    this.#state = "lost";
    this.#timer?.cancel();
    const message = this.#failed.length > 0 ? MESSAGES.noQuorum : MESSAGES.expired;
    this.signal.error = new ExecutionError(message, this.#failed);
    // As in `redlock`, the reason is an `AbortError`, and the error has a property of its own.
    this.#controller.abort();
  }
}
