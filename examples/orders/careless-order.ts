import { LockError } from "quorumlock";
import { oneRow } from "../harness/sql.ts";
import type { CustomerOrder } from "./customer-order.ts";
import { mailId, paymentKey } from "./provider-protocol.ts";
import type { Shop } from "./resume.ts";
import type { State } from "./tables.ts";

const WAIT_MS = 5_000;

/**
 * The mistakes. The payment runs under the lock of the stock, so everybody waits for the provider. No answer is taken as "not
 * charged", and any error rolls everything back. What was done so far is known to this process only, so nobody can go on with an
 * order after a crash. Everything else is right: the locks, the order of the steps, the transactions.
 */
export async function carelessOrder(
  { redlock, sql, provider }: Shop,
  { id, lines, total }: CustomerOrder,
  signal: AbortSignal,
): Promise<void> {
  const names = lines.map(({ product }) => `inventory:${product}`);
  try {
    await redlock.using(`order:${id}`, { wait: WAIT_MS, signal }, async () => {
      const { state } = await oneRow<{ state: State }>(sql, "SELECT state FROM orders WHERE id = $1", [id]);
      if (state !== "new") return;
      await redlock.using(names, { wait: WAIT_MS, signal }, async () => {
        if (!(await reserve())) return;
        // The mistake: everybody else who wants one of these products waits here.
        if ((await provider.charge(paymentKey(id), total, signal)) === "charged") await complete();
        else await rollBack();
      });
    });
  } catch (error) {
    if (!(error instanceof LockError)) throw error;
    await rollBack();
  }

  /** new → paying, or cancelled if there is not enough. */
  function reserve(): Promise<boolean> {
    return sql.transaction(async (tx) => {
      const products = await tx.rows<{ id: string; stock: number }>(
        "SELECT id, stock FROM products WHERE id = ANY ($1) ORDER BY id FOR UPDATE",
        [lines.map(({ product }) => product)],
      );
      const stockOf = new Map(products.map((product) => [product.id, product.stock]));
      const isEnough = lines.every(({ product, quantity }) => (stockOf.get(product) ?? 0) >= quantity);
      await tx.change("UPDATE orders SET state = $2, updated_ms = now_ms() WHERE id = $1", [
        id,
        isEnough ? "paying" : "cancelled",
      ]);
      if (!isEnough) return false;
      for (const { product, quantity } of lines) {
        await tx.change("UPDATE products SET stock = stock - $2 WHERE id = $1", [product, quantity]);
        await tx.change("INSERT INTO reservations VALUES ($1, $2, $3, 'held')", [id, product, quantity]);
      }
      await tx.change("INSERT INTO payments VALUES ($1, $2, $3, 'requested')", [paymentKey(id), id, total]);
      return true;
    });
  }

  async function complete(): Promise<void> {
    await sql.transaction(async (tx) => {
      await tx.change("UPDATE orders SET state = 'completed', updated_ms = now_ms() WHERE id = $1", [id]);
      await tx.change("UPDATE reservations SET state = 'used' WHERE order_id = $1", [id]);
      await tx.change("UPDATE payments SET state = 'charged' WHERE order_id = $1", [id]);
      await tx.change("INSERT INTO outbox VALUES ($1, $2, 'confirmation', now_ms())", [mailId(id), id]);
    });
    await provider.sendMail(mailId(id), signal);
  }

  async function rollBack(): Promise<void> {
    await sql.transaction(async (tx) => {
      const cancelled = await tx.change(
        `UPDATE orders SET state = 'cancelled', updated_ms = now_ms()
         WHERE id = $1 AND state IN ('new', 'paying')`,
        [id],
      );
      if (cancelled === 0) return;
      const freed = await tx.rows<{ product: string; quantity: number }>(
        "UPDATE reservations SET state = 'freed' WHERE order_id = $1 RETURNING product, quantity",
        [id],
      );
      const sorted = freed.toSorted((a, b) => (a.product < b.product ? -1 : 1));
      for (const { product, quantity } of sorted)
        await tx.change("UPDATE products SET stock = stock + $2 WHERE id = $1", [product, quantity]);
      await tx.change("UPDATE payments SET state = 'declined' WHERE order_id = $1", [id]);
    });
  }
}
