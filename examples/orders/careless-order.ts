import { LockError } from "quorumlock";
import { oneRow } from "../harness/sql.ts";
import type { CustomerOrder } from "./customer-order.ts";
import { paymentKey } from "./provider-protocol.ts";
import type { Shop } from "./resume.ts";
import type { State } from "./tables.ts";

const WAIT_MS = 5_000;

/**
 * The mistakes. The payment runs under the lock of the stock, so everybody waits for the provider. No answer is taken as "not
 * charged", and any error rolls everything back. There is no recovery.
 */
export async function carelessOrder(
  { redlock, sql, provider }: Shop,
  order: CustomerOrder,
  signal: AbortSignal,
): Promise<void> {
  const { id, lines, total } = order;
  try {
    await redlock.using(`order:${id}`, { wait: WAIT_MS, signal }, async () => {
      const { state } = await oneRow<{ state: State }>(sql, "SELECT state FROM orders WHERE id = $1", [id]);
      if (state !== "new") return;
      const names = lines.map(({ product }) => `inventory:${product}`);
      await redlock.using(names, { wait: WAIT_MS, signal }, async () => {
        if (!(await takeStock())) return setState("cancelled");
        await setState("paying");
        const answer = await provider.charge(paymentKey(id), total, signal);
        if (answer === "charged") return complete();
        await rollBack();
      });
    });
  } catch (error) {
    if (!(error instanceof LockError)) throw error;
    await rollBack();
  }

  async function takeStock(): Promise<boolean> {
    for (const { product, quantity } of lines) {
      const { stock } = await oneRow<{ stock: number }>(sql, "SELECT stock FROM products WHERE id = $1", [
        product,
      ]);
      if (stock < quantity) return false;
      await sql.change("UPDATE products SET stock = $2 WHERE id = $1", [product, stock - quantity]);
      await sql.change("INSERT INTO reservations VALUES ($1, $2, $3, 'held') ON CONFLICT DO NOTHING", [
        id,
        product,
        quantity,
      ]);
    }
    return true;
  }

  async function complete(): Promise<void> {
    await setState("completed");
    await sql.change("UPDATE reservations SET state = 'used' WHERE order_id = $1", [id]);
    await sql.change("INSERT INTO outbox VALUES ($1, $2, 'confirmation', now_ms())", [`${id}:mail`, id]);
    await provider.sendMail(`${id}:mail`, signal);
  }

  async function rollBack(): Promise<void> {
    for (const { product, quantity } of lines)
      await sql.change("UPDATE products SET stock = stock + $2 WHERE id = $1", [product, quantity]);
    await sql.change("UPDATE reservations SET state = 'freed' WHERE order_id = $1", [id]);
    await setState("cancelled");
  }

  async function setState(state: State): Promise<void> {
    await sql.change("UPDATE orders SET state = $2, updated_ms = now_ms() WHERE id = $1", [id, state]);
  }
}
