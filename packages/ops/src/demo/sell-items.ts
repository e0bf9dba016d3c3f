import { setTimeout as sleep } from "node:timers/promises";
import { LockLostError, type Redlock } from "quorumlock";
import { MAX_IDLE_MS, READ_TO_WRITE_MS, RESOURCE } from "./options.ts";

/** A worker's access to the store. */
export interface StoreClient {
  /** @param fence fencing token for the observer. The store ignores it. */
  read(fence: number | undefined): Promise<number>;
  write(stock: number): Promise<void>;
  /** Reports that no write follows the last read. */
  leave(): Promise<void>;
}

/** Sells one item after another, each under the lock, until no items are left. */
export async function sellWithLock(store: StoreClient, redlock: Redlock, autoExtend: boolean): Promise<void> {
  let hasItems = true;
  while (hasItems) {
    try {
      await idle();
      hasItems = await redlock.using(RESOURCE, { wait: Infinity, autoExtend }, (lock, signal) =>
        sellOne(store, lock.fence, signal),
      );
    } catch (error) {
      // The process did not run for longer than its lease. It did not write, so it tries again.
      if (!(error instanceof LockLostError)) throw error;
    }
  }
}

/** Sells one item after another without a lock, until no items are left. */
export async function sellWithoutLock(store: StoreClient): Promise<void> {
  while (await sellOne(store)) await idle();
}

/** Reads the stock and writes it back, reduced by one. Returns false if no items are left. */
async function sellOne(store: StoreClient, fence?: number, signal?: AbortSignal): Promise<boolean> {
  const stock = await store.read(fence);
  if (stock > 0) await sleep(READ_TO_WRITE_MS);
  if (stock > 0 && signal?.aborted !== true) await store.write(stock - 1);
  else await store.leave();
  return stock > 0;
}

/** Waits a random time, so that the order of the workers is random. */
function idle(): Promise<void> {
  return sleep(Math.random() * MAX_IDLE_MS);
}
