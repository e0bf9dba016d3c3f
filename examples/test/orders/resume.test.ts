import { type Lock, LockLostError, Redlock } from "quorumlock";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type Database, openDatabase } from "../../harness/postgres.ts";
import { Reaper } from "../../harness/reaper.ts";
import { dropSchema, resetSchema } from "../../harness/schema.ts";
import { Sql } from "../../harness/sql.ts";
import { acceptOrder } from "../../orders/accept-order.ts";
import { BookReader, type Books } from "../../orders/books.ts";
import type { CustomerOrder } from "../../orders/customer-order.ts";
import { judgeBooks } from "../../orders/invariants.ts";
import { type Manner, serveProvider } from "../../orders/provider-double.ts";
import { Provider } from "../../orders/provider.ts";
import { resume, type Shop } from "../../orders/resume.ts";
import { type State, TABLES } from "../../orders/tables.ts";

const SCHEMA = `ql_orders_test_${process.pid}`;
/** The time limit of a request. A request that shall be late is late by far more. */
const LIMIT_MS = 150;
const LATE_MS = 400;
const ORDER: CustomerOrder = {
  id: "order-1",
  lines: [
    { product: "p2", quantity: 2 },
    { product: "p3", quantity: 1 },
  ],
  total: 30,
  isCancelled: false,
};

const reaper = new Reaper();
let database: Database;
let sql: Sql;
let manner: Manner;
let provider: Awaited<ReturnType<typeof serveProvider>>;
let shop: Shop;
let reader: BookReader;

beforeAll(async () => {
  database = await openDatabase(reaper, new AbortController().signal);
  sql = new Sql(database.url, SCHEMA);
});
afterAll(async () => {
  await dropSchema(sql, SCHEMA);
  await sql[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
  reaper[Symbol.dispose]();
});

beforeEach(async () => {
  await resetSchema(sql, SCHEMA, TABLES);
  const double = await serveProvider({ mannerOf: () => manner, promptMs: 2, lateMs: LATE_MS });
  provider = double;
  await fetch(`${double.url}/faults`, { method: "POST" });
  const redlock = Redlock.memory({ ttl: 5_000 });
  shop = { redlock, sql, provider: new Provider(double.url, LIMIT_MS) };
  reader = new BookReader(sql, double.url);
  return async () => {
    await redlock.close();
    await double[Symbol.asyncDispose]();
  };
});

/** Places the order and works on it under its lock. Returns its state, which both ledgers must confirm. */
async function place(how: Manner): Promise<{ readonly state: State; readonly books: Books }> {
  manner = how;
  await acceptOrder(sql, ORDER);
  await shop.redlock.using(`order:${ORDER.id}`, (lock) => resume(shop, ORDER.id, lock));
  const books = await reader.read();
  expect(judgeBooks(books, { isAtRest: true })).toEqual([]);
  return { state: books.orders[0]!.state, books };
}

test.each<readonly [Manner, State, readonly string[]]>([
  ["prompt", "completed", ["charge"]],
  ["declined", "cancelled", []],
  ["fails before charging", "completed", ["charge"]],
  ["charges, answer lost", "completed", ["charge"]],
  ["charges late", "completed", ["charge"]],
  ["never answers, charges nothing", "cancelled", []],
])("a provider that is %j: the order is %s", async (how, expected, movements) => {
  const { state, books } = await place(how);
  expect(state).toBe(expected);
  expect(books.entries.map(({ kind }) => kind)).toEqual(movements);
});

test("a charge that arrives after the order was given up takes no money", async () => {
  const { state } = await place("never answers, charges late");
  expect(state).toBe("cancelled");
  // The key is barred, so the answer to the late request is that of the bar.
  const late = new Provider(provider.url, 10 * LATE_MS);
  expect(await late.find(`${ORDER.id}:1`, AbortSignal.timeout(10_000))).toBe("voided");
  manner = "prompt";
  expect(await late.charge(`${ORDER.id}:1`, ORDER.total, AbortSignal.timeout(10_000))).toBe("voided");
  expect(judgeBooks(await reader.read(), { isAtRest: true })).toEqual([]);
});

test("an order whose customer has cancelled it is refunded, even if it was charged before", async () => {
  manner = "prompt";
  await acceptOrder(sql, ORDER);
  await sql.change("UPDATE orders SET is_cancel_requested = true");
  const { state } = await place("prompt");
  expect(state).toBe("cancelled");
});

test("without enough stock nothing is taken and nothing is charged", async () => {
  await sql.change("UPDATE products SET start_stock = 0, stock = 0 WHERE id = 'p3'");
  const { state, books } = await place("prompt");
  expect(state).toBe("cancelled");
  expect(books.entries).toEqual([]);
  expect(books.products.every(({ start, stock }) => start === stock)).toBe(true);
});

test("the same order again changes nothing, and other content is refused", async () => {
  expect((await place("prompt")).state).toBe("completed");
  expect((await place("prompt")).books.entries).toHaveLength(1);
  expect(await acceptOrder(sql, ORDER)).toBe("completed");
  expect(await acceptOrder(sql, { ...ORDER, total: 31 })).toBe("refused");
});

test("a holder with an older fencing token writes nothing", async () => {
  manner = "prompt";
  await acceptOrder(sql, ORDER);
  await sql.change("UPDATE orders SET fence = $1", [Number.MAX_SAFE_INTEGER]);
  const work = shop.redlock.using(`order:${ORDER.id}`, (lock: Lock) => resume(shop, ORDER.id, lock));
  await expect(work).rejects.toThrow(LockLostError);
  const { orders, products, entries } = await reader.read();
  expect(orders.map(({ state, held }) => [state, held])).toEqual([["new", 0]]);
  expect(products.every(({ start, stock }) => start === stock)).toBe(true);
  expect(entries).toEqual([]);
});
