import { Redlock } from "../../src/index.ts";
import { offsetClock } from "./offset-clock.ts";
import { PausableProcess } from "./pausable-process.ts";
import { SeededClock } from "./seeded-clock.ts";
import { WatchedInstance } from "./watched-instance.ts";

/** The ttl of all clients of a scene, in ms. */
export const TTL = 10_000;

/** Lock servers in virtual time, and processes that can be paused. */
export class LockScene {
  readonly clock: SeededClock;
  readonly instances: readonly WatchedInstance[];
  /** When the scene begins, in ms since 1970. */
  readonly instant: number;

  constructor(count = 3, seed = 1) {
    this.clock = new SeededClock(seed);
    this.instances = Array.from(
      { length: count },
      (_, index) => new WatchedInstance({ clock: this.clock, label: `m${index}` }),
    );
    this.instant = this.clock.wall();
  }

  /** A process with a client, whose wall clock is ahead by `offsetMs`. */
  connect(offsetMs = 0): { readonly process: PausableProcess; readonly redlock: Redlock } {
    const process = new PausableProcess();
    const redlock = new Redlock(
      this.instances.map((instance) => process.connect(instance)),
      { clock: offsetClock(process.clock(this.clock), offsetMs), ttl: TTL },
    );
    return { process, redlock };
  }

  /** Calls `then` when the servers carry out an operation for the `count`-th time. */
  after(operation: string, count: number, then: () => void): void {
    const [first] = this.instances;
    let seen = 0;
    first!.onOperation = (name) => {
      if (name !== operation) return;
      seen += 1;
      if (seen === count) then();
    };
  }

  /** Advances the time until the promise is settled, and at most by `limitMs`. */
  async settle<T>(promise: Promise<T>, limitMs = 3_600_000): Promise<T> {
    const state = { isSettled: false };
    const settled = promise.finally(() => (state.isSettled = true));
    settled.catch(() => undefined);
    const end = this.clock.monotonic() + limitMs;
    while (!state.isSettled && this.clock.monotonic() < end) await this.clock.advance(50);
    if (!state.isSettled) throw new Error(`not settled within ${limitMs} ms`);
    return settled;
  }
}
