import type { LossCause } from "../base/events.ts";
import { FixedBuckets } from "./fixed-buckets.ts";
import { Histogram } from "./histogram.ts";
import { WindowCounts } from "./window-counts.ts";
import { WindowHistogram } from "./window-histogram.ts";

/** The bounds of the wait histogram of the metrics, in ms. */
export const WAIT_BOUNDS_MS = [1, 5, 10, 50, 100, 500, 1_000, 5_000, 10_000] as const;
/** The bounds of the hold histogram of the metrics, in ms. */
export const HOLD_BOUNDS_MS = [10, 50, 100, 500, 1_000, 5_000, 10_000, 30_000, 60_000] as const;

/** Everything that is counted of one class since the start. */
export interface ClassCounts {
  /** Locks that were acquired. */
  acquired: number;
  /** Single attempts that found the lock held. They are no failures. */
  contended: number;
  /** Acquisitions whose time was up. */
  timedOut: number;
  /** Acquisitions for which too few instances voted. */
  noQuorum: number;
  /** Acquisitions whose caller aborted them. */
  aborted: number;
  /** Acquisitions that the client ended, because it was closed. */
  closed: number;
  /** Acquisitions that could not succeed as they were, such as too many permits. */
  refused: number;
  /** Extensions, automatic ones and those by `extend()`. */
  extended: number;
  /** Attempts to extend a lock that failed. */
  extensionsFailed: number;
  /** Locks that ended without a release, by cause. */
  readonly lost: Record<LossCause, number>;
  /** Locks that the holder released, and a quorum confirmed it. */
  releasedConfirmed: number;
  /** Locks that the holder released, and no quorum confirmed it: keys are deleted later, or expire. */
  releasedUnconfirmed: number;
  /** Locks that were passed to the next waiter of the process in one round. */
  handedOver: number;
  /** Locks that were detached for another process. */
  detached: number;
  /** Locks that were attached from another process. */
  attached: number;
}

/** The counts, the durations and the windows of one class. */
export class ClassRecord {
  readonly counts: ClassCounts = {
    acquired: 0,
    contended: 0,
    timedOut: 0,
    noQuorum: 0,
    aborted: 0,
    closed: 0,
    refused: 0,
    extended: 0,
    extensionsFailed: 0,
    lost: { expired: 0, taken: 0, closed: 0 },
    releasedConfirmed: 0,
    releasedUnconfirmed: 0,
    handedOver: 0,
    detached: 0,
    attached: 0,
  };
  readonly waits = new Histogram();
  readonly holds = new Histogram();
  readonly waitBuckets = new FixedBuckets(WAIT_BOUNDS_MS);
  readonly holdBuckets = new FixedBuckets(HOLD_BOUNDS_MS);
  readonly window: WindowCounts;
  readonly windowWaits: WindowHistogram;
  readonly windowHolds: WindowHistogram;
  /** The votes of the latest grant. 0 before the first one. */
  votes = 0;
  #active = 0;
  #waiters = 0;
  /** Until when the time of the waiters and of the held locks is in the window, by the monotonic clock. */
  #accountedMs: number;
  /** The time of the first and of the latest grant, in ms since 1970. */
  firstAt: number | undefined;
  lastAt: number | undefined;

  constructor(nowMs: number) {
    this.window = new WindowCounts(nowMs);
    this.windowWaits = new WindowHistogram(nowMs);
    this.windowHolds = new WindowHistogram(nowMs);
    this.#accountedMs = nowMs;
  }

  /** How many locks are held now. */
  get active(): number {
    return this.#active;
  }

  /** How many acquisitions wait now. */
  get waiters(): number {
    return this.#waiters;
  }

  changeActive(nowMs: number, by: 1 | -1): void {
    this.accountTime(nowMs);
    this.#active += by;
  }

  changeWaiters(nowMs: number, by: 1 | -1): void {
    this.accountTime(nowMs);
    this.#waiters += by;
  }

  /** Adds the time since the last call to the window, so that waits and holds count while they last, whatever their end. */
  accountTime(nowMs: number): void {
    if (this.#waiters > 0) this.window.addOver(this.#accountedMs, nowMs, "waitedMs", this.#waiters);
    if (this.#active > 0) this.window.addOver(this.#accountedMs, nowMs, "heldMs", this.#active);
    this.#accountedMs = nowMs;
  }

  recordGrant(nowMs: number, wallMs: number, votes: number): void {
    this.counts.acquired += 1;
    this.votes = votes;
    this.firstAt ??= wallMs;
    this.lastAt = wallMs;
    this.window.add(nowMs, "acquired");
  }

  /** The time from a call to its outcome. */
  recordWait(nowMs: number, waitedMs: number): void {
    this.waits.record(waitedMs);
    this.waitBuckets.record(waitedMs);
    this.windowWaits.record(nowMs, waitedMs);
  }

  /** The time from a grant to the release, the detachment or the loss. */
  recordHold(nowMs: number, heldMs: number): void {
    this.holds.record(heldMs);
    this.holdBuckets.record(heldMs);
    this.windowHolds.record(nowMs, heldMs);
  }

  /** How many numbers the histograms keep. For the test of the bound. */
  get size(): number {
    return this.waits.size + this.holds.size + this.windowWaits.size + this.windowHolds.size;
  }
}
