import { percentile } from "../harness/numbers.ts";
import type { Scene } from "../harness/scene.ts";
import { oneRow, type Query } from "../harness/sql.ts";
import { FINAL_STATES, type ShopState } from "./tables.ts";

/** How fast the shop is. All times come from the clock of the database. */
export interface Speed {
  /** Orders that reached their last state, per second. */
  readonly perSecond: number;
  /** The 99th percentile of the time from the arrival of an order to its last state, in ms. `undefined`: no orders. */
  readonly p99Ms: number | undefined;
}

/**
 * Measures the open shop for some time. Then the shop has a break, in which all orders that are left reach their last state.
 *
 * @param warmUpOrders the first orders wait for connections, so the time begins when so many orders are decided.
 */
export async function measureSpeed(scene: Scene, forMs: number, warmUpOrders: number): Promise<Speed> {
  const { sql } = scene;
  await scene.until(`${warmUpOrders} decided orders`, async () => (await countDecided(sql)) >= warmUpOrders);
  const from = await now(sql);
  await scene.pause(forMs);
  const to = await now(sql);
  await setShop(sql, "break");
  await scene.until("all orders are decided", async () => (await countUnfinished(sql)) === 0);
  const { decided } = await oneRow<{ decided: number }>(
    sql,
    "SELECT count(*) AS decided FROM orders WHERE updated_ms BETWEEN $1 AND $2",
    [from, to],
  );
  const arrived = await sql.rows<{ took: number }>(
    "SELECT updated_ms - created_ms AS took FROM orders WHERE created_ms BETWEEN $1 AND $2",
    [from, to],
  );
  return {
    perSecond: decided / ((to - from) / 1_000),
    p99Ms: percentile(
      arrived.map(({ took }) => took),
      0.99,
    ),
  };
}

async function countDecided(sql: Query): Promise<number> {
  const { decided } = await oneRow<{ decided: number }>(
    sql,
    "SELECT count(*) AS decided FROM orders WHERE state = ANY ($1)",
    [[...FINAL_STATES]],
  );
  return decided;
}

export async function setShop(sql: Query, state: ShopState): Promise<void> {
  await sql.change("UPDATE shop SET state = $1", [state]);
}

export async function countUnfinished(sql: Query): Promise<number> {
  const { unfinished } = await oneRow<{ unfinished: number }>(
    sql,
    "SELECT count(*) AS unfinished FROM orders WHERE state <> ALL ($1)",
    [[...FINAL_STATES]],
  );
  return unfinished;
}

async function now(sql: Query): Promise<number> {
  return (await oneRow<{ now: number }>(sql, "SELECT now_ms() AS now")).now;
}
