import type { Clock, Timer } from "../../src/index.ts";

interface Pending {
  readonly at: number;
  readonly callback: () => void;
  keptAlive: boolean;
}

/** Time that passes only when a test says so. Monotonic and wall time advance together; the wall can be stepped. */
export class VirtualClock implements Clock {
  #now = 1_000;
  #wallOffset = 1_790_000_000_000;
  #tokens = 0;
  readonly #timers = new Set<Pending>();
  /** What `random()` gives. */
  luck = 0.5;
  /** How often a timer was set. */
  timersSet = 0;

  monotonic(): number {
    return this.#now;
  }

  wall(): number {
    return this.#now + this.#wallOffset;
  }

  timer(delayMs: number, callback: () => void, keepAlive: boolean): Timer {
    this.timersSet += 1;
    const pending = { at: this.#now + Math.max(0, delayMs), callback, keptAlive: keepAlive };
    this.#timers.add(pending);
    return {
      cancel: () => void this.#timers.delete(pending),
      keepAlive: (yes) => void (pending.keptAlive = yes),
    };
  }

  nextTick(callback: () => void): void {
    process.nextTick(callback);
  }

  afterIo(callback: () => void): void {
    setImmediate(callback);
  }

  random(): number {
    return this.luck;
  }

  /** They differ in their first digits, which clients are called by. */
  randomToken(): string {
    this.#tokens += 1;
    return this.#tokens.toString(16).padStart(8, "0").padEnd(32, "0");
  }

  /** Timers that are set and have not fired. */
  get pending(): number {
    return this.#timers.size;
  }

  /** Timers that would keep a process running. */
  get keptAlive(): number {
    return [...this.#timers].filter(({ keptAlive }) => keptAlive).length;
  }

  /** Lets the wall clock alone jump, forward or back. */
  stepWall(ms: number): void {
    this.#wallOffset += ms;
  }

  /** Lets time pass, firing every timer at its moment, and all that follows from it before the next. */
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

  /** Lets time pass without firing anything: what a paused process sees when it runs again. */
  pause(ms: number): void {
    this.#now += ms;
  }
}

/** Until promises, ticks and immediates that follow from each other are through. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
}
