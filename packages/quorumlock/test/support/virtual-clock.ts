import type { Clock, Timer } from "../../src/index.ts";

interface Pending {
  readonly at: number;
  readonly callback: () => void;
  keepsAlive: boolean;
}

/** A clock that only a test moves. Monotonic and wall time advance together, but a test can also step the wall time. */
export class VirtualClock implements Clock {
  #now = 1_000;
  #wallOffset = 1_790_000_000_000;
  #tokens = 0;
  readonly #timers = new Set<Pending>();
  /** The result of `random()`. */
  nextRandom = 0.5;
  /** Number of timers that were set so far. */
  timersSetCount = 0;

  monotonic(): number {
    return this.#now;
  }

  wall(): number {
    return this.#now + this.#wallOffset;
  }

  setTimer(delayMs: number, callback: () => void, keepAlive: boolean): Timer {
    this.timersSetCount += 1;
    const pending = { at: this.#now + Math.max(0, delayMs), callback, keepsAlive: keepAlive };
    this.#timers.add(pending);
    return {
      cancel: () => void this.#timers.delete(pending),
      setKeepAlive: (yes) => void (pending.keepsAlive = yes),
    };
  }

  nextTick(callback: () => void): void {
    process.nextTick(callback);
  }

  afterIo(callback: () => void): void {
    setImmediate(callback);
  }

  random(): number {
    return this.nextRandom;
  }

  /** Tokens differ in the first digits, because clients use these digits as their id. */
  randomToken(): string {
    this.#tokens += 1;
    return this.#tokens.toString(16).padStart(8, "0").padEnd(32, "0");
  }

  /** Number of timers that are set and have not fired. */
  get pending(): number {
    return this.#timers.size;
  }

  /** Number of timers that keep the process running. */
  get keepAliveTimers(): number {
    return [...this.#timers].filter(({ keepsAlive: keptAlive }) => keptAlive).length;
  }

  /** Steps the wall clock forward or back. The monotonic clock does not change. */
  stepWall(ms: number): void {
    this.#wallOffset += ms;
  }

  /** Advances the time. Each timer fires at its moment, and its consequences run before the next timer. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    await settle();
    for (;;) {
      const next = [...this.#timers].toSorted((a, b) => a.at - b.at)[0];
      if (next === undefined || next.at > end) break;
      this.#timers.delete(next);
      this.#now = Math.max(this.#now, next.at);
      next.callback();
      await settle();
    }
    this.#now = end;
    await settle();
  }

  /** Advances the time without firing timers, as if the process was paused. */
  pause(ms: number): void {
    this.#now += ms;
  }
}

/** Waits until all promises, ticks and immediates have run, also those that they cause. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
}
