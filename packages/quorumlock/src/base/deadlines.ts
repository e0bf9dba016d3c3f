import { type Clock, MAX_TIMER_MS, type Timer } from "./clock.ts";

/** A callback that is scheduled for a moment of the monotonic clock. */
export interface Deadline {
  /** Does nothing if the deadline has fired or was cancelled. */
  cancel(): void;
}

/** The callback of a deadline: a function, or an object with a method. The object saves the memory of a closure. */
export type DeadlineCallback = (() => void) | { onDeadline(): void };

class Entry implements Deadline {
  readonly at: number;
  readonly callback: DeadlineCallback;
  readonly #owner: Deadlines;
  /** Index in the heap; −1 after the deadline fired or was cancelled. */
  position = -1;

  constructor(owner: Deadlines, at: number, callback: DeadlineCallback) {
    this.#owner = owner;
    this.at = at;
    this.callback = callback;
  }

  cancel(): void {
    this.#owner.remove(this);
  }
}

export interface DeadlinesOptions {
  /** Whether a pending deadline keeps the process running. */
  readonly keepAlive: boolean;
  /**
   * Maximum time between two readings of the clock while a deadline is pending, in ms. A low value detects soon that the machine
   * was asleep.
   * @default 2^31−1
   */
  readonly maxSleepMs?: number;
  /** Called when the timer has fired, after the deadlines that have passed. Also called if none has passed. */
  readonly onClockRead?: () => void;
}

/**
 * Runs any number of deadlines on one timer. The deadlines are in a binary heap, ordered by time.
 *
 * The timer is set for the earliest deadline. If that deadline is cancelled, the timer is not reset: one superfluous call is
 * cheaper than a reset for every cancellation.
 */
export class Deadlines {
  readonly #clock: Clock;
  #keepAlive: boolean;
  readonly #maxSleepMs: number;
  readonly #heap: Entry[] = [];
  readonly #afterTimer: (() => void) | undefined;
  #timer: Timer | undefined;
  #timerAt = Infinity;

  constructor(clock: Clock, options: DeadlinesOptions) {
    this.#clock = clock;
    this.#keepAlive = options.keepAlive;
    this.#maxSleepMs = options.maxSleepMs ?? MAX_TIMER_MS;
    this.#afterTimer = options.onClockRead;
  }

  /** Sets whether a pending deadline keeps the process running from now on. */
  setKeepAlive(yes: boolean): void {
    this.#keepAlive = yes;
    this.#timer?.setKeepAlive(yes && this.#heap.length > 0);
  }

  /** Number of pending deadlines. */
  get size(): number {
    return this.#heap.length;
  }

  /**
   * Schedules `callback` for `at`, a moment of the monotonic clock in ms. A moment in the past fires in the next turn of the
   * event loop.
   * @throws RangeError if `at` is NaN.
   */
  add(at: number, callback: DeadlineCallback): Deadline {
    // NaN has no place in the order, so it would prevent the other deadlines from firing.
    if (Number.isNaN(at)) throw new RangeError("deadline: NaN must be a moment in milliseconds");
    const entry = new Entry(this, at, callback);
    entry.position = this.#heap.length;
    this.#heap.push(entry);
    this.#moveUp(entry);
    if (entry.position === 0) this.#setTimer();
    return entry;
  }

  /** Cancels every deadline. Deadlines can be added again afterwards. */
  clear(): void {
    for (const entry of this.#heap) entry.position = -1;
    this.#heap.length = 0;
    this.#clearTimer();
  }

  remove(entry: Entry): void {
    const hole = entry.position;
    if (hole < 0) return;
    entry.position = -1;
    const last = this.#heap.pop();
    if (last !== undefined && last !== entry) {
      this.#place(last, hole);
      this.#moveUp(last);
      this.#moveDown(last);
    }
    // The timer stays set for the next deadline, but a timer without a deadline must not keep the process running.
    if (this.#heap.length === 0 && this.#keepAlive) this.#timer?.setKeepAlive(false);
  }

  #clearTimer(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#timerAt = Infinity;
  }

  #setTimer(): void {
    const first = this.#heap[0];
    if (first === undefined) return;
    const now = this.#clock.monotonic();
    const at = Math.min(first.at, now + this.#maxSleepMs);
    if (this.#timer !== undefined && this.#timerAt <= at) {
      if (this.#keepAlive) this.#timer.setKeepAlive(true);
      return;
    }
    this.#timer?.cancel();
    this.#timerAt = at;
    this.#timer = this.#clock.setTimer(Math.max(0, Math.ceil(at - now)), this.#onTimer, this.#keepAlive);
  }

  readonly #onTimer = (): void => {
    this.#timer = undefined;
    this.#timerAt = Infinity;
    const now = this.#clock.monotonic();
    try {
      for (let first = this.#heap[0]; first !== undefined && first.at <= now; first = this.#heap[0]) {
        this.remove(first);
        const { callback } = first;
        if (typeof callback === "function") callback();
        else callback.onDeadline();
      }
      this.#afterTimer?.();
    } finally {
      // A callback that throws must not stop the others.
      this.#setTimer();
    }
  };

  #place(entry: Entry, position: number): void {
    this.#heap[position] = entry;
    entry.position = position;
  }

  #moveUp(entry: Entry): void {
    while (entry.position > 0) {
      const above = (entry.position - 1) >> 1;
      const parent = this.#heap[above];
      if (parent === undefined || parent.at <= entry.at) return;
      this.#place(parent, entry.position);
      this.#place(entry, above);
    }
  }

  #moveDown(entry: Entry): void {
    for (;;) {
      const left = this.#heap[2 * entry.position + 1];
      const right = this.#heap[2 * entry.position + 2];
      const least = right !== undefined && left !== undefined && right.at < left.at ? right : left;
      if (least === undefined || least.at >= entry.at) return;
      const below = least.position;
      this.#place(least, entry.position);
      this.#place(entry, below);
    }
  }
}
