import { setTimeout as sleep } from "node:timers/promises";
import { LockError } from "quorumlock";
import { resume, type Shop } from "./resume.ts";
import { FINAL_STATES } from "./tables.ts";

const INTERVAL_MS = 1_000;
const MAX_ORDERS = 100;
/** How many orders one process resumes at a time. */
const PARALLEL = 8;

/**
 * Looks at its start and once a second for orders that are not final and have not moved for two ttls. If the lock of such an order is held, its
 * process is alive. If it is free, its process has died or lost it, so this process goes on with the order. Every process does
 * this, so there is no leader to wait for.
 */
export async function recoverOrders(shop: Shop, ttlMs: number, signal: AbortSignal): Promise<void> {
  for (; !signal.aborted; await sleep(INTERVAL_MS, undefined, { signal }).catch(() => undefined)) {
    const rows = await shop.sql.rows<{ id: string }>(
      `SELECT id FROM orders WHERE state <> ALL ($1) AND updated_ms < now_ms() - $2
       ORDER BY random() LIMIT ${MAX_ORDERS}`,
      [[...FINAL_STATES], 2 * ttlMs],
    );
    const waiting = rows.map(({ id }) => id);
    await Promise.all(
      Array.from({ length: PARALLEL }, async () => {
        for (let id = waiting.pop(); id !== undefined && !signal.aborted; id = waiting.pop())
          await recoverOrder(shop, id, signal);
      }),
    );
  }
}

async function recoverOrder(shop: Shop, id: string, signal: AbortSignal): Promise<void> {
  try {
    await shop.redlock.tryUsing(`order:${id}`, { signal }, (lock) => resume(shop, id, lock));
  } catch (error) {
    if (!(error instanceof LockError)) throw error;
  }
}
