import type { Clock } from "../base/clock.ts";
import type { Refusal } from "../quorum/refusal.ts";

const MIN_SPLIT_WINDOW_MS = 2;
const MAX_SPLIT_WINDOW_MS = 128;
/** An attempt that took longer says nothing about the network: this process was paused, or a server hung. */
const MAX_ATTEMPT_MS = 500;
const MIN_OUTAGE_WINDOW_MS = 50;
const MAX_OUTAGE_WINDOW_MS = 1_000;
const MIN_POLL_MS = 50;
const MAX_POLL_MS = 150;
const MIN_SAFETY_POLL_MS = 10_000;
const MAX_SAFETY_POLL_MS = 15_000;
const MAX_DOUBLINGS = 10;

/** The minimum pause of a waiter before its next attempt, after a split vote or an attempt without a quorum. */
export class Backoff {
  readonly #clock: Clock;
  /** Number of split votes in a row. */
  #splits = 0;
  /** Number of attempts without a quorum in a row. */
  #outages = 0;
  /** How long the latest attempt took. */
  #attemptMs = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Whether the latest attempt had no quorum of members that vote. */
  get isOutage(): boolean {
    return this.#outages > 0;
  }

  recordRefusal({ kind, votes, holder, isBehind }: Refusal, tookMs: number): void {
    const isSplit = kind === "contended" && (votes > 0 || (holder === undefined && !isBehind));
    this.#splits = isSplit ? this.#splits + 1 : 0;
    this.#outages = kind === "no-quorum" ? this.#outages + 1 : 0;
    this.#attemptMs = Math.min(tookMs, MAX_ATTEMPT_MS);
  }

  /** Draws the pause before the next attempt, in ms. 0 if no backoff applies. */
  drawDelayMs(): number {
    if (this.#outages > 0) return this.#outageDelayMs();
    return this.#splits > 0 ? this.#splitDelayMs() : 0;
  }

  /** Full jitter over a window that doubles with each split in a row. The window is at least two attempts long. */
  #splitDelayMs(): number {
    const windowMs =
      Math.max(MIN_SPLIT_WINDOW_MS, 2 * this.#attemptMs) * 2 ** Math.min(this.#splits - 1, MAX_DOUBLINGS);
    return this.#clock.random() * Math.min(windowMs, Math.max(MAX_SPLIT_WINDOW_MS, 2 * this.#attemptMs));
  }

  /** Equal jitter over a window that doubles with each outage in a row. */
  #outageDelayMs(): number {
    const doublings = Math.min(this.#outages - 1, MAX_DOUBLINGS);
    const windowMs = Math.min(MAX_OUTAGE_WINDOW_MS, MIN_OUTAGE_WINDOW_MS * 2 ** doublings);
    return windowMs / 2 + (this.#clock.random() * windowMs) / 2;
  }
}

/** Draws the pause between two attempts if no wake message announces the release. */
export function drawPollDelayMs(clock: Clock): number {
  return MIN_POLL_MS + clock.random() * (MAX_POLL_MS - MIN_POLL_MS);
}

/**
 * Draws the pause between two attempts if a wake message announces the release. It bounds the delay if the message is lost.
 * `renewMs`: the kind of lock needs an attempt after this time.
 */
export function drawSafetyPollDelayMs(clock: Clock, renewMs: number | undefined): number {
  if (renewMs !== undefined) return renewMs * (0.9 + 0.2 * clock.random());
  return MIN_SAFETY_POLL_MS + clock.random() * (MAX_SAFETY_POLL_MS - MIN_SAFETY_POLL_MS);
}
