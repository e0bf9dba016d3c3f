import { LockLostError } from "quorumlock";
import { oneRow, type Query } from "../harness/sql.ts";
import type { OrderLine } from "./customer-order.ts";
import type { State } from "./tables.ts";

/** An order as the database has it. */
export interface OrderRow {
  readonly id: string;
  readonly lines: readonly OrderLine[];
  readonly total: number;
  readonly state: State;
  readonly is_cancel_requested: boolean;
}

export function readOrder(sql: Query, id: string): Promise<OrderRow> {
  return oneRow<OrderRow>(
    sql,
    "SELECT id, lines, total, state, is_cancel_requested FROM orders WHERE id = $1",
    [id],
  );
}

/**
 * Locks the row of an order for this transaction, and records the fencing token. It comes before everything else in a transaction,
 * so that a late holder changes nothing.
 *
 * @returns whether the customer has asked to cancel the order by now.
 * @throws LockLostError as `moveOrder`.
 */
export async function claimOrder(tx: Query, order: OrderRow, fence: number): Promise<boolean> {
  const [claimed] = await tx.rows<{ is_cancel_requested: boolean }>(
    "UPDATE orders SET fence = $3 WHERE id = $1 AND state = $2 AND fence <= $3 RETURNING is_cancel_requested",
    [order.id, order.state, fence],
  );
  if (claimed === undefined) throw lost(order);
  return claimed.is_cancel_requested;
}

/**
 * Moves an order to its next state.
 * @throws LockLostError if another process has moved it, or has written with a larger fencing token. Then nothing may be written.
 */
export async function moveOrder(tx: Query, order: OrderRow, next: State, fence: number): Promise<void> {
  const changed = await tx.change(
    `UPDATE orders SET state = $3, fence = $4, updated_ms = now_ms()
     WHERE id = $1 AND state = $2 AND fence <= $4`,
    [order.id, order.state, next, fence],
  );
  if (changed === 0) throw lost(order);
}

function lost({ id }: OrderRow): LockLostError {
  return new LockLostError([`order:${id}`], "a later holder has moved the order on");
}
