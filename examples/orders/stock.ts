import { exponential, type Lock, LockLostError, LockTimeoutError, type Redlock, withRetry } from "quorumlock";
import type { Query, Sql } from "../harness/sql.ts";
import type { OrderRow } from "./order-row.ts";

const WAIT_MS = 500;
const BASE_PAUSE_MS = 50;
const MAX_TRIES = 3;

/**
 * Runs one transaction under the lock on the stock of all products of an order. One lock for all lines, so two orders never
 * wait for each other. Returns false if others kept it: `lock_timeout`.
 */
export async function underStockLock(
  redlock: Redlock,
  sql: Sql,
  order: OrderRow,
  signal: AbortSignal,
  work: (tx: Query, lock: Lock) => Promise<void>,
): Promise<boolean> {
  const names = order.lines.map(({ product }) => `inventory:${product}`);
  const lockable = withRetry(redlock.mutex(names), exponential({ base: BASE_PAUSE_MS }), {
    maxAttempts: MAX_TRIES,
  });
  try {
    await lockable.using({ wait: WAIT_MS, signal }, (lock) => sql.transaction((tx) => work(tx, lock)));
    return true;
  } catch (error) {
    if (error instanceof LockTimeoutError) return false;
    throw error;
  }
}

/** Takes the stock of all lines, or nothing. Returns whether there was enough. */
export async function takeStock(tx: Query, { id, lines }: OrderRow, fence: number): Promise<boolean> {
  const products = await tx.rows<{ id: string; stock: number; fence: number }>(
    "SELECT id, stock, fence FROM products WHERE id = ANY ($1) ORDER BY id FOR UPDATE",
    [lines.map(({ product }) => product)],
  );
  if (products.some((product) => product.fence > fence))
    throw new LockLostError(
      lines.map(({ product }) => `inventory:${product}`),
      "a later holder has changed the stock",
    );
  const stockOf = new Map(products.map(({ id: product, stock }) => [product, stock]));
  if (lines.some(({ product, quantity }) => (stockOf.get(product) ?? 0) < quantity)) return false;
  for (const { product, quantity } of lines) {
    await changeStock(tx, product, -quantity, fence);
    await tx.change("INSERT INTO reservations VALUES ($1, $2, $3, 'held')", [id, product, quantity]);
  }
  return true;
}

/** Gives back what an order holds. */
export async function freeStock(tx: Query, { id }: OrderRow, fence: number): Promise<void> {
  const freed = await tx.rows<{ product: string; quantity: number }>(
    "UPDATE reservations SET state = 'freed' WHERE order_id = $1 AND state = 'held' RETURNING product, quantity",
    [id],
  );
  const sorted = freed.toSorted((a, b) => (a.product < b.product ? -1 : 1));
  for (const { product, quantity } of sorted) await changeStock(tx, product, quantity, fence);
}

async function changeStock(tx: Query, product: string, by: number, fence: number): Promise<void> {
  const changed = await tx.change(
    "UPDATE products SET stock = stock + $2, fence = $3 WHERE id = $1 AND fence <= $3",
    [product, by, fence],
  );
  if (changed === 0)
    throw new LockLostError([`inventory:${product}`], "a later holder has changed the stock");
}
