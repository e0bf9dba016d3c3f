import { setTimeout as sleep } from "node:timers/promises";
import { LockLostError, type Redlock } from "quorumlock";
import { LONGEST_SERVICE_MS, RESOURCE, THINK_MS } from "./options.ts";

/** A worker's way to the store: one number that anybody may read and overwrite. */
export interface Till {
  /** `fence` only tells the observer who comes; the store does not look at it. */
  read(fence: number | undefined): Promise<number>;
  write(stock: number): Promise<void>;
  /** Goes without having written. */
  leave(): Promise<void>;
}

/** Sells one item after another until nothing is left, each under the lock. */
export async function sellLocked(till: Till, redlock: Redlock, autoExtend: boolean): Promise<void> {
  let left = true;
  while (left) {
    try {
      await serve();
      left = await redlock.using(RESOURCE, { wait: Infinity, autoExtend }, (lock, signal) =>
        sellOne(till, lock.fence, signal),
      );
    } catch (error) {
      // The machine froze this worker for longer than the lock lived: it stopped before the write and tries again.
      if (!(error instanceof LockLostError)) throw error;
    }
  }
}

/** The same without any lock. */
export async function sellUnlocked(till: Till): Promise<void> {
  while (await sellOne(till)) await serve();
}

/** The read-modify-write that needs protection. False when nothing is left to sell. */
async function sellOne(till: Till, fence?: number, signal?: AbortSignal): Promise<boolean> {
  const stock = await till.read(fence);
  if (stock > 0) await sleep(THINK_MS);
  if (stock > 0 && signal?.aborted !== true) await till.write(stock - 1);
  else await till.leave();
  return stock > 0;
}

/** What a worker does between two sales. Chance decides who comes back first. */
function serve(): Promise<void> {
  return sleep(Math.random() * LONGEST_SERVICE_MS);
}
