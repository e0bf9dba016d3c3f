import type { Sql } from "../harness/sql.ts";
import { type CustomerOrder, fingerprintOf } from "./customer-order.ts";

/**
 * Stores a new order. The same order again is no new order. Another order with the same id is refused and recorded.
 * Returns false if it was refused.
 */
export async function acceptOrder(sql: Sql, order: CustomerOrder): Promise<boolean> {
  const fingerprint = fingerprintOf(order);
  await sql.change(
    "INSERT INTO orders (id, fingerprint, lines, total) VALUES ($1, $2, $3::jsonb, $4) ON CONFLICT DO NOTHING",
    [order.id, fingerprint, JSON.stringify(order.lines), order.total],
  );
  const same = await sql.rows("SELECT 1 FROM orders WHERE id = $1 AND fingerprint = $2", [
    order.id,
    fingerprint,
  ]);
  if (same.length === 1) return true;
  await sql.change("INSERT INTO refusals VALUES ($1)", [order.id]);
  return false;
}
