// Reserves stock for orders: read the stock, think, write the new stock.
import { setTimeout as sleep } from "node:timers/promises";
import { exponential, LockLostError, LockTimeoutError, QuorumError, withRetry } from "quorumlock";
import { runCallers } from "../harness/callers.ts";
import { oneRow } from "../harness/sql.ts";
import { point, runWorker } from "../harness/worker.ts";
import type { Order, Task } from "./tables.ts";

const CALLERS = 2;
/** How long one try waits for the lock, and the pause after the first try. All tries together are shorter than the ttl. */
const WAIT_MS = 150;
const BASE_PAUSE_MS = 50;
const MAX_TRIES = 3;
/** How long the work between the read and the write takes. */
const THINK_MS = 2;

await runWorker<Task>(async ({ task, redlock, sql, signal }) => {
  const waiting = [...task.orders];
  await runCallers(CALLERS, async () => {
    for (let order = waiting.shift(); order && !signal.aborted; order = waiting.shift()) await handle(order);
  });

  /** Up to three tries with growing pauses, and then an honest answer: `lock_timeout`. */
  async function handle(order: Order): Promise<void> {
    const lockable = withRetry(
      redlock.mutex(`inventory:${order.product}`),
      exponential({ base: BASE_PAUSE_MS }),
      { maxAttempts: MAX_TRIES },
    );
    try {
      await lockable.using({ wait: WAIT_MS, signal }, (lock) =>
        reserve(order, task.hasUnlockedFallback ? undefined : lock.fence),
      );
    } catch (error) {
      // The lock was lost, and nobody knows whether before or after the commit. A repetition is harmless.
      if (error instanceof LockLostError) return handle(order);
      if (!(error instanceof LockTimeoutError || error instanceof QuorumError)) throw error;
      // The mistake: without the lock, the order is carried out all the same.
      if (task.hasUnlockedFallback) await reserve(order, undefined);
      else
        await sql.change("INSERT INTO requests VALUES ($1, 'lock_timeout') ON CONFLICT DO NOTHING", [
          order.id,
        ]);
    }
  }

  async function reserve(order: Order, fence: number | undefined): Promise<void> {
    const { stock } = await oneRow<{ stock: number }>(sql, "SELECT stock FROM products WHERE id = $1", [
      order.product,
    ]);
    await sleep(THINK_MS);
    point("read");
    await sql.transaction(async (tx) => {
      const isNew = await tx.change("INSERT INTO requests VALUES ($1, $2) ON CONFLICT DO NOTHING", [
        order.id,
        stock < order.quantity ? "insufficient" : "ok",
      ]);
      if (isNew === 0 || stock < order.quantity) return;
      const changed =
        fence === undefined
          ? await tx.change("UPDATE products SET stock = $2 WHERE id = $1", [
              order.product,
              stock - order.quantity,
            ])
          : await tx.change("UPDATE products SET stock = $2, fence = $3 WHERE id = $1 AND fence <= $3", [
              order.product,
              stock - order.quantity,
              fence,
            ]);
      if (changed === 0) throw new LockLostError([order.product], "a later holder has changed the stock");
      await tx.change("INSERT INTO reservations VALUES ($1, $2, $3)", [
        order.id,
        order.product,
        order.quantity,
      ]);
    });
  }
});
