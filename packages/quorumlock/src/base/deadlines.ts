import { type Clock, LONGEST_TIMER_MS, type Timer } from "./clock.ts";

/** A callback due at a moment of the monotonic clock. */
export interface Deadline {
  cancel(): void;
}

/** What is called when a deadline has come: a function, or an object that needs none of its own for that. */
export type Due = (() => void) | { due(): void };

class Entry implements Deadline {
  readonly at: number;
  readonly callback: Due;
  readonly #owner: Deadlines;
  /** Place in the heap; −1 once it fired or was cancelled. */
  position = -1;

  constructor(owner: Deadlines, at: number, callback: Due) {
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
   * Longest sleep between two looks at the clock, in ms. Finite where a sleeping machine must be noticed
   * soon.
   */
  readonly longestSleepMs?: number;
  /** Called after every look at the clock, also when nothing was due. */
  readonly onLook?: () => void;
}

/**
 * Any number of deadlines on one timer: a binary heap by due time. The timer is set for the earliest
 * deadline, and is left alone when that one is cancelled: it then fires once for nothing, which is cheaper
 * than resetting it each time.
 */
export class Deadlines {
  readonly #clock: Clock;
  #keepAlive: boolean;
  readonly #longestSleepMs: number;
  readonly #heap: Entry[] = [];
  readonly #onLook: (() => void) | undefined;
  #timer: Timer | undefined;
  #timerAt = Infinity;

  constructor(clock: Clock, options: DeadlinesOptions) {
    this.#clock = clock;
    this.#keepAlive = options.keepAlive;
    this.#longestSleepMs = options.longestSleepMs ?? LONGEST_TIMER_MS;
    this.#onLook = options.onLook;
  }

  /** From now on a pending deadline keeps the process running, or does not. */
  keepAlive(yes: boolean): void {
    this.#keepAlive = yes;
    this.#timer?.keepAlive(yes && this.#heap.length > 0);
  }

  get size(): number {
    return this.#heap.length;
  }

  /** `at` is a moment of the monotonic clock; one in the past fires at the next turn of the event loop. */
  add(at: number, callback: Due): Deadline {
    // It could not be ordered, and would keep all the others from firing.
    if (Number.isNaN(at)) throw new RangeError("a deadline is not a number");
    const entry = new Entry(this, at, callback);
    entry.position = this.#heap.length;
    this.#heap.push(entry);
    this.#up(entry);
    if (entry.position === 0) this.#arm();
    return entry;
  }

  /** Calls off everything; the object can be used again. */
  clear(): void {
    for (const entry of this.#heap) entry.position = -1;
    this.#heap.length = 0;
    this.#disarm();
  }

  remove(entry: Entry): void {
    const hole = entry.position;
    if (hole < 0) return;
    entry.position = -1;
    const last = this.#heap.pop();
    if (last !== undefined && last !== entry) {
      this.#place(last, hole);
      this.#up(last);
      this.#down(last);
    }
    // The timer stays, for the next deadline is seldom far; but it must not keep the process alive for nothing.
    if (this.#heap.length === 0 && this.#keepAlive) this.#timer?.keepAlive(false);
  }

  #disarm(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#timerAt = Infinity;
  }

  #arm(): void {
    const first = this.#heap[0];
    if (first === undefined) return;
    const now = this.#clock.monotonic();
    const at = Math.min(first.at, now + this.#longestSleepMs);
    if (this.#timer !== undefined && this.#timerAt <= at) {
      if (this.#keepAlive) this.#timer.keepAlive(true);
      return;
    }
    this.#timer?.cancel();
    this.#timerAt = at;
    this.#timer = this.#clock.timer(Math.max(0, Math.ceil(at - now)), this.#fire, this.#keepAlive);
  }

  readonly #fire = (): void => {
    this.#timer = undefined;
    this.#timerAt = Infinity;
    const now = this.#clock.monotonic();
    for (let first = this.#heap[0]; first !== undefined && first.at <= now; first = this.#heap[0]) {
      this.remove(first);
      const { callback } = first;
      if (typeof callback === "function") callback();
      else callback.due();
    }
    this.#onLook?.();
    this.#arm();
  };

  #place(entry: Entry, position: number): void {
    this.#heap[position] = entry;
    entry.position = position;
  }

  #up(entry: Entry): void {
    while (entry.position > 0) {
      const above = (entry.position - 1) >> 1;
      const parent = this.#heap[above];
      if (parent === undefined || parent.at <= entry.at) return;
      this.#place(parent, entry.position);
      this.#place(entry, above);
    }
  }

  #down(entry: Entry): void {
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
