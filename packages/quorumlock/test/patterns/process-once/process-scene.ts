import type { Redlock } from "../../../src/index.ts";
import {
  processOnce,
  type ProcessOptions,
  type ProcessResult,
  type RecordStore,
  type Task,
} from "../../../src/patterns/index.ts";
import { LockScene } from "../../support/lock-scene.ts";
import type { PausableProcess } from "../../support/pausable-process.ts";

export { TTL } from "../../support/lock-scene.ts";

/** A worker of the scene. `call` processes the one task. */
export interface SceneWorker {
  readonly redlock: Redlock;
  readonly process: PausableProcess;
  call<T = string>(
    this: void,
    options?: ProcessOptions,
    routine?: (task: Task) => T | Promise<T>,
    id?: string,
  ): Promise<ProcessResult<T>>;
}

/** Lock servers in virtual time, and workers that process one task. */
export class ProcessScene extends LockScene {
  /** The fencing token of each start of the routine, in order. */
  readonly starts: number[] = [];
  records: ((redlock: Redlock) => RecordStore) | undefined;

  /** A worker whose wall clock is ahead by `offsetMs`. */
  start(offsetMs = 0): SceneWorker {
    const { process, redlock } = this.connect(offsetMs);
    const ordinary = ({ fence }: Task): string => `by ${fence}`;
    return {
      redlock,
      process,
      call: (options = {}, routine = ordinary as never, id = "order-1") =>
        processOnce(
          redlock,
          id,
          { createdAt: this.instant, ...(this.records && { records: this.records(redlock) }), ...options },
          (task) => {
            this.starts.push(task.fence);
            return routine(task);
          },
        ),
    };
  }
}
