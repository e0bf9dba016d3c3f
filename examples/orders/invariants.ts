import { postJson } from "../harness/json-http.ts";
import { oneRow, type Query } from "../harness/sql.ts";
import { orderOfKey, type ProviderLedger } from "./provider-protocol.ts";
import { FINAL_STATES, type State } from "./tables.ts";

/** What the two ledgers say when nothing is in progress any more. */
export interface AtRest {
  /** I4: completed orders without exactly their total and all lines used, and cancelled orders that kept something. */
  readonly wrongOrders: number;
  /** Cancelled orders whose customer has paid. */
  readonly chargedAndCancelled: number;
  /** I5: orders that are neither completed nor cancelled. */
  readonly unfinished: number;
  /** I6: paid orders without exactly one mail in the outbox, and other orders with one. */
  readonly wrongMails: number;
}

export async function readLedger(providerUrl: string): Promise<ProviderLedger> {
  return (await postJson(`${providerUrl}/ledger`, {})).body as ProviderLedger;
}

/** The number of charges and the kept money of each order, by the provider's ledger. */
function moneyOf(ledger: ProviderLedger): ReadonlyMap<string, { charges: number; kept: number }> {
  const money = new Map<string, { charges: number; kept: number }>();
  for (const { kind, key, amount } of ledger.entries) {
    const order = orderOfKey(key);
    const entry = money.get(order) ?? { charges: 0, kept: 0 };
    const sign = kind === "charge" ? 1 : -1;
    money.set(order, { charges: entry.charges + sign, kept: entry.kept + sign * amount });
  }
  return money;
}

/** I1 at this moment: products whose stock and reservations do not add up, or whose stock is below 0. */
export async function wrongProducts(sql: Query): Promise<number> {
  const { wrong } = await oneRow<{ wrong: number }>(
    sql,
    `SELECT count(*) AS wrong FROM products
     WHERE stock < 0 OR start_stock <> stock + coalesce(
       (SELECT sum(quantity) FROM reservations WHERE product = products.id AND state IN ('held', 'used')), 0)`,
  );
  return wrong;
}

/** I2 at this moment: orders that were charged more than once, refunds subtracted. */
export function doubleCharges(ledger: ProviderLedger): number {
  return [...moneyOf(ledger).values()].filter(({ charges }) => charges > 1).length;
}

const MAY_KEEP_MONEY: readonly State[] = ["paying", "voiding", "paid", "completed"];

/**
 * I3 at this moment: orders whose money was taken, and which are neither paid nor on the way to a decision. The ledgers cannot be
 * read at the same moment. So the provider is read before the database and after it.
 */
export async function moneyInWrongState(sql: Query, providerUrl: string): Promise<number> {
  const chargedIn = async (): Promise<readonly string[]> =>
    [...moneyOf(await readLedger(providerUrl))].filter(([, { kept }]) => kept > 0).map(([order]) => order);
  const before = await chargedIn();
  const rows = await sql.rows<{ id: string }>(
    "SELECT id FROM orders WHERE id = ANY ($1) AND state <> ALL ($2)",
    [before, [...MAY_KEEP_MONEY]],
  );
  if (rows.length === 0) return 0;
  const after = new Set(await chargedIn());
  return rows.filter(({ id }) => after.has(id)).length;
}

export async function judgeAtRest(sql: Query, ledger: ProviderLedger): Promise<AtRest> {
  const orders = await sql.rows<{
    id: string;
    state: State;
    total: number;
    lines: number;
    used: number;
    held: number;
    mails: number;
  }>(`
    SELECT id, state, total, jsonb_array_length(lines) AS lines,
      (SELECT count(*) FROM reservations r WHERE r.order_id = o.id AND r.state = 'used') AS used,
      (SELECT count(*) FROM reservations r WHERE r.order_id = o.id AND r.state = 'held') AS held,
      (SELECT count(*) FROM outbox m WHERE m.order_id = o.id) AS mails
    FROM orders o`);
  const money = moneyOf(ledger);
  const keptOf = (id: string): number => money.get(id)?.kept ?? 0;
  const isWrong = ({ id, state, total, lines, used, held }: (typeof orders)[number]): boolean => {
    if (state === "completed") return keptOf(id) !== total || used !== lines || held !== 0;
    if (state === "cancelled") return keptOf(id) !== 0 || used !== 0 || held !== 0;
    return false;
  };
  return {
    wrongOrders: orders.filter(isWrong).length,
    chargedAndCancelled: orders.filter(({ id, state }) => state === "cancelled" && keptOf(id) > 0).length,
    unfinished: orders.filter(({ state }) => !FINAL_STATES.includes(state)).length,
    wrongMails: orders.filter(
      ({ state, mails }) => FINAL_STATES.includes(state) && mails !== (state === "completed" ? 1 : 0),
    ).length,
  };
}
