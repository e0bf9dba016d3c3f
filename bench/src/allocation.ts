import { PerformanceObserver } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** Bytes that were allocated, whether they are still in use or not. */
export interface Allocation {
  /** On V8's heap. */
  readonly heapBytes: number;
  /** In `ArrayBuffer`s and therefore in `Buffer`s, outside of the heap. */
  readonly bufferBytes: number;
}

/** Flags of Node.js for a young generation of this size. Until it is full, V8 collects no garbage. */
export function youngGenerationFlags(mebibytes: number): readonly string[] {
  return [`--min-semi-space-size=${mebibytes}`, `--max-semi-space-size=${mebibytes}`];
}

/**
 * Counts the bytes that `work` allocates. As long as no garbage is collected the used heap only grows, so its growth is the exact
 * amount. The young generation must therefore be larger than the amount (`youngGenerationFlags`).
 *
 * @returns `undefined` if garbage was collected during `work`.
 */
export async function measureAllocation(work: () => Promise<unknown>): Promise<Allocation | undefined> {
  let collections = 0;
  const observer = new PerformanceObserver((list) => void (collections += list.getEntries().length));
  collectGarbage();
  await letObserverRun();
  observer.observe({ entryTypes: ["gc"] });
  try {
    const before = process.memoryUsage();
    await work();
    const after = process.memoryUsage();
    await letObserverRun();
    collections += observer.takeRecords().length;
    if (collections > 0) return undefined;
    return {
      heapBytes: after.heapUsed - before.heapUsed,
      bufferBytes: after.arrayBuffers - before.arrayBuffers,
    };
  } finally {
    observer.disconnect();
  }
}

/** Runs a full garbage collection, without a flag on the command line. */
export function collectGarbage(): void {
  gc ??= exposedGc();
  gc();
}

let gc: (() => void) | undefined;

function exposedGc(): () => void {
  setFlagsFromString("--expose-gc");
  return runInNewContext("gc") as () => void;
}

/** Node.js reports collections to observers a little later. */
function letObserverRun(): Promise<void> {
  return sleep(20);
}
