import type { AlertClock } from "../../../src/alerts/index.ts";

interface Pending {
  readonly at: number;
  readonly callback: () => void;
}

/** A clock that only the test moves. */
export class ManualClock implements AlertClock {
  #now = 1_000_000;
  readonly #wallOffset = 1_790_000_000_000;
  readonly #timers = new Set<Pending>();

  monotonic(): number {
    return this.#now;
  }

  wall(): number {
    return this.#now + this.#wallOffset;
  }

  setTimer(delayMs: number, callback: () => void): ReturnType<AlertClock["setTimer"]> {
    const pending = { at: this.#now + Math.max(0, delayMs), callback };
    this.#timers.add(pending);
    return { cancel: () => void this.#timers.delete(pending), setKeepAlive: () => undefined };
  }

  get pending(): number {
    return this.#timers.size;
  }

  /** Stops the process for a time. What was due meanwhile comes afterwards. */
  async pause(ms: number): Promise<void> {
    this.#now += ms;
    await this.advance(0);
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
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) await new Promise<void>((resolve) => setImmediate(resolve));
}
