import type { Clock } from "../../base/clock.ts";

interface Waiter {
  /** The number of the last event that it waits for. */
  readonly number: number;
  readonly end: (isFlushed: boolean) => void;
}

/** Callers that wait until events are sent. Each has a time limit, which keeps the process running, because a caller waits for it. */
export class FlushWaiters {
  readonly #clock: Clock;
  readonly #waiters = new Set<Waiter>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get size(): number {
    return this.#waiters.size;
  }

  /** Resolves to false when the time is up. */
  add(number: number, timeoutMs: number): Promise<boolean> {
    return new Promise((resolve) => {
      const end = (isFlushed: boolean): void => {
        this.#waiters.delete(waiter);
        timer.cancel();
        resolve(isFlushed);
      };
      const waiter: Waiter = { number, end };
      this.#waiters.add(waiter);
      const timer = this.#clock.setTimer(timeoutMs, () => end(false), true);
    });
  }

  /** Ends the waiters whose events were sent or dropped. */
  settle(isFlushed: (number: number) => boolean): void {
    for (const waiter of this.#waiters) if (isFlushed(waiter.number)) waiter.end(true);
  }
}
