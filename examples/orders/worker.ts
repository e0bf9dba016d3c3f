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
import { FINAL_STATES, type ShopState } from "./tables.ts";
import type { Task } from "./task.ts";

const MAX_PAUSE_MS = 20;
const BREAK_PAUSE_MS = 20;
const WAIT_MS = 2_000;
const FAULTY_ONE_OF = 40;
/** A customer who cancels does so within this time. The payment may not have begun, or may be over. */
const MAX_CANCEL_MS = 300;
/** How many customers send their orders again when a process has been replaced. */
const REPEATED_ORDERS = 3;

await runWorker<Task>(async (worker) => {
  const { task, redlock, sql, signal, random, ttlMs } = worker;
  const shop = { redlock, sql, provider: new Provider(task.providerUrl, task.limitMs) };
  const place = task.isCareless ? placeCarelessly : placeOrder;
  let next = task.first;
  const recovery = task.isCareless ? undefined : recoverOrders(shop, ttlMs, signal);
  await Promise.all([recovery, sendAgain(), runCallers(task.customers, serveCustomers)]);

  async function serveCustomers(): Promise<void> {
    for (let state = await shopState(); state !== "closed" && !signal.aborted; state = await shopState()) {
      if (state === "break") {
        await sleep(BREAK_PAUSE_MS);
        continue;
      }
      const order = customerOrder(task.seed, next);
      next += 1;
      await place(order);
      // A faulty browser repeats the id with another content. This must be refused.
      if (random.whole(1, FAULTY_ONE_OF) === 1) await place({ ...order, total: order.total + 1 });
      await sleep(random.whole(0, MAX_PAUSE_MS));
    }
  }

  async function placeOrder(order: CustomerOrder): Promise<void> {
    const answer = await acceptOrder(sql, order);
    if (answer === "refused" || FINAL_STATES.includes(answer)) return;
    point("K1");
    const cancelling = order.isCancelled ? cancelSoon(order) : undefined;
    // Its error is thrown when the order has ended. Until then it is no unhandled rejection.
    cancelling?.catch(() => undefined);
    try {
      await redlock.using(`order:${order.id}`, { wait: WAIT_MS, signal }, (lock) =>
        resume(shop, order.id, lock),
      );
    } catch (error) {
      // Another process has the order, or no lock was to be had. Nothing is undone: the order is resumed later.
      if (!(error instanceof LockError)) throw error;
    } finally {
      await cancelling;
    }
  }

  async function cancelSoon({ id }: CustomerOrder): Promise<void> {
    await sleep(random.whole(0, MAX_CANCEL_MS));
    await sql.change("UPDATE orders SET is_cancel_requested = true WHERE id = $1", [id]);
  }

  async function placeCarelessly(order: CustomerOrder): Promise<void> {
    if ((await acceptOrder(sql, order)) !== "refused") await carelessOrder(shop, order, signal);
  }

  /** Customers whose process has died got no answer, so they send their orders again. */
  async function sendAgain(): Promise<void> {
    const rows = await sql.rows<{ number: number }>(
      `SELECT substring(id FROM 7)::bigint AS number FROM orders WHERE state <> ALL ($1)
       ORDER BY created_ms DESC LIMIT ${REPEATED_ORDERS}`,
      [[...FINAL_STATES]],
    );
    await Promise.all(rows.map(({ number }) => place(customerOrder(task.seed, number))));
  }

  async function shopState(): Promise<ShopState> {
    return (await oneRow<{ state: ShopState }>(sql, "SELECT state FROM shop")).state;
  }
});
