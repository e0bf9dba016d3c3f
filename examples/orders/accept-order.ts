import type { Sql } from "../harness/sql.ts";
import { type CustomerOrder, fingerprintOf } from "./customer-order.ts";
import type { State } from "./tables.ts";

/**
 * Stores a new order. The same order again is no new order: its state is the answer. Another order with the same id is refused,
 * and that is recorded.
 */
export async function acceptOrder(sql: Sql, order: CustomerOrder): Promise<State | "refused"> {
  const fingerprint = fingerprintOf(order);
  await sql.change(
    "INSERT INTO orders (id, fingerprint, lines, total) VALUES ($1, $2, $3::jsonb, $4) ON CONFLICT DO NOTHING",
    [order.id, fingerprint, JSON.stringify(order.lines), order.total],
  );
  const [same] = await sql.rows<{ state: State }>(
    "SELECT state FROM orders WHERE id = $1 AND fingerprint = $2",
    [order.id, fingerprint],
  );
  if (same !== undefined) return same.state;
  await sql.change("INSERT INTO refusals VALUES ($1)", [order.id]);
  return "refused";
}
