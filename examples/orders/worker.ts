// One process of the shop: it serves customers, and finishes orders whose process has died.
import { setTimeout as sleep } from "node:timers/promises";
import { LockError } from "quorumlock";
import { runCallers } from "../harness/callers.ts";
import { oneRow } from "../harness/sql.ts";
import { point, runWorker } from "../harness/worker.ts";
import { acceptOrder } from "./accept-order.ts";
import { carelessOrder } from "./careless-order.ts";
import { type CustomerOrder, customerOrder } from "./customer-order.ts";
import { Provider } from "./provider.ts";
import { recoverOrders } from "./recover-orders.ts";
import { resume } from "./resume.ts";
import { FINAL_STATES } from "./tables.ts";
import type { Task } from "./task.ts";

const MAX_PAUSE_MS = 60;
const WAIT_MS = 2_000;
const FAULTY_ONE_OF = 40;
/** How many customers send their orders again when a process has been replaced. */
const REPEATED_ORDERS = 3;

await runWorker<Task>(async (worker) => {
  const { task, redlock, sql, signal, random, ttlMs } = worker;
  const shop = { redlock, sql, provider: new Provider(task.providerUrl, task.limitMs) };
  const place = task.isCareless ? placeCarelessly : placeOrder;
  let next = task.first;
  const recovery = task.isCareless ? undefined : recoverOrders(shop, ttlMs, signal);
  // The customers whose process has died got no answer, so they send their orders again.
  for (const number of await unansweredNumbers()) await place(customerOrder(task.seed, number));
  await runCallers(task.customers, async () => {
    while (!signal.aborted && (await isOpen())) {
      const order = customerOrder(task.seed, next);
      next += 1;
      await place(order);
      // A faulty browser repeats the id with another content. This must be refused.
      if (random.whole(1, FAULTY_ONE_OF) === 1) await place({ ...order, total: order.total + 1 });
      await sleep(random.whole(0, MAX_PAUSE_MS));
    }
  });
  await recovery;

  async function placeOrder(order: CustomerOrder): Promise<void> {
    if (!(await acceptOrder(sql, order))) return;
    point("K1");
    if (order.isCancelled)
      await sql.change("UPDATE orders SET is_cancel_requested = true WHERE id = $1", [order.id]);
    try {
      await redlock.using(`order:${order.id}`, { wait: WAIT_MS, signal }, async (lock) => {
        await resume(shop, order.id, lock);
        point("K14");
      });
    } catch (error) {
      // Another process has the order, or no lock was to be had. Nothing is undone: the order is resumed later.
      if (!(error instanceof LockError)) throw error;
    }
  }

  async function placeCarelessly(order: CustomerOrder): Promise<void> {
    if (await acceptOrder(sql, order)) await carelessOrder(shop, order, signal);
  }

  async function unansweredNumbers(): Promise<readonly number[]> {
    const rows = await sql.rows<{ number: number }>(
      `SELECT substring(id FROM 7)::bigint AS number FROM orders WHERE state <> ALL ($1)
       ORDER BY created_ms DESC LIMIT ${REPEATED_ORDERS}`,
      [[...FINAL_STATES]],
    );
    return rows.map(({ number }) => number);
  }

  async function isOpen(): Promise<boolean> {
    return (await oneRow<{ is_open: boolean }>(sql, "SELECT is_open FROM shop")).is_open;
  }
});
