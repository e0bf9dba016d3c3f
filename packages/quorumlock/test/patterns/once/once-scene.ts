import type { Redlock } from "../../../src/index.ts";
import {
  once,
  type OnceOptions,
  type OnceResult,
  type RecordStore,
  type Run,
} from "../../../src/patterns/index.ts";
import { LockScene } from "../../support/lock-scene.ts";
import type { PausableProcess } from "../../support/pausable-process.ts";

export { TTL } from "../../support/lock-scene.ts";

/** A process of the scene. `call` calls `once` for the job. */
export interface SceneProcess {
  readonly redlock: Redlock;
  readonly process: PausableProcess;
  call<T = string>(
    options?: Partial<OnceOptions>,
    routine?: (run: Run) => T | Promise<T>,
  ): Promise<OnceResult<T>>;
}

/** Lock servers in virtual time, and processes that call `once` for one instant: now, when the scene begins. */
export class OnceScene extends LockScene {
  /** The fencing token of each start of the routine, in order. */
  readonly starts: number[] = [];
  records: ((redlock: Redlock) => RecordStore) | undefined;

  /** A process whose wall clock is ahead by `offsetMs`. */
  start(offsetMs = 0): SceneProcess {
    const { process, redlock } = this.connect(offsetMs);
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
}
