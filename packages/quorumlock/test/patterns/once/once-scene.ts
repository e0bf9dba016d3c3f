import { Redlock } from "../../../src/index.ts";
import {
  once,
  type OnceOptions,
  type OnceResult,
  type RecordStore,
  type Run,
} from "../../../src/patterns/index.ts";
import { offsetClock } from "../../support/offset-clock.ts";
import { PausableProcess } from "../../support/pausable-process.ts";
import { SeededClock } from "../../support/seeded-clock.ts";
import { WatchedInstance } from "../../support/watched-instance.ts";

export const TTL = 10_000;

/** A process of the scene. `call` calls `once` for the job. */
export interface SceneProcess {
  readonly redlock: Redlock;
  readonly process: PausableProcess;
  call<T = string>(
    options?: Partial<OnceOptions>,
    routine?: (run: Run) => T | Promise<T>,
  ): Promise<OnceResult<T>>;
}

/** Lock servers in virtual time, and processes that call `once` for one instant. */
export class OnceScene {
  readonly clock: SeededClock;
  readonly instances: readonly WatchedInstance[];
  /** The instant of the job: now, when the scene begins. */
  readonly instant: number;
  /** The fencing token of each start of the routine, in order. */
  readonly starts: number[] = [];
  records: ((redlock: Redlock) => RecordStore) | undefined;

  constructor(count = 3, seed = 1) {
    this.clock = new SeededClock(seed);
    this.instances = Array.from(
      { length: count },
      (_, index) => new WatchedInstance({ clock: this.clock, label: `m${index}` }),
    );
    this.instant = this.clock.wall();
  }

  /** A process whose wall clock is ahead by `offsetMs`. */
  start(offsetMs = 0): SceneProcess {
    const process = new PausableProcess();
    const redlock = new Redlock(
      this.instances.map((instance) => process.connect(instance)),
      { clock: offsetClock(process.clock(this.clock), offsetMs), ttl: TTL },
    );
    const record = (run: Run): string => {
      this.starts.push(run.fence);
      return "value";
    };
    return {
      redlock,
      process,
      call: (options = {}, routine = record as never) =>
        once(
          redlock,
          "job",
          {
            ...(options.every === undefined && { scheduledAt: this.instant }),
            ...(this.records && { records: this.records(redlock) }),
            ...options,
          },
          (run) => {
            if ((routine as unknown) !== record) this.starts.push(run.fence);
            return routine(run);
          },
        ),
    };
  }

  /** Calls `then` when the servers have carried out an operation for the `count`-th time. */
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
    let isSettled = false;
    const settled = promise.finally(() => (isSettled = true));
    settled.catch(() => undefined);
    const end = this.clock.monotonic() + limitMs;
    while (!isSettled && this.clock.monotonic() < end) await this.clock.advance(50);
    if (!isSettled) throw new Error(`not settled within ${limitMs} ms`);
    return settled;
  }
}
