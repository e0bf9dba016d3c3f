import { count } from "../harness/numbers.ts";
import type { Scene } from "../harness/scene.ts";
import { oneRow } from "../harness/sql.ts";
import type { Story } from "../harness/story.ts";
import { type Order, PRODUCTS, TABLES, type Task } from "./tables.ts";

const TTL_MS = 800;
const PROCESSES = 6;
const ORDERS = { short: 120, full: 1_200 };
const MAX_QUANTITY = 4;
/** After so many of its reads a process is frozen. */
const FREEZE_AFTER = 4;
/** Which share of the demand is in stock. */
const STOCK_SHARE = 0.6;

/** How many percent of the orders must be carried out, so that a shop that only says no does not pass. */
const MIN_OK_PERCENT = 33;

interface Facts {
  readonly requests: number;
  readonly outcomes: Readonly<Record<string, number>>;
  readonly startStock: number;
  readonly stock: number;
  readonly reserved: number;
  /** Units that were promised although there were none, over all products. */
  readonly oversold: number;
  /** Products whose stock and reservations do not add up. */
  readonly wrongProducts: number;
}

export const inventory: Story<Facts> = {
  name: "inventory",
  summary: "many orders for three products, while a holder is frozen and a server is killed",
  columns: { ours: "try, then say no", antiPattern: "unlocked fallback" },
  tables: TABLES,
  ttlMs: TTL_MS,

  async run(scene, variant) {
    const orders = makeOrders(scene, scene.isShort ? ORDERS.short : ORDERS.full);
    await putIntoStock(scene, orders);
    const processes = Array.from({ length: PROCESSES }, (_, index) => {
      const own = orders.filter(({ id }) => id % PROCESSES === index);
      const task: Task = { orders: own, hasUnlockedFallback: variant === "antiPattern" };
      return scene.start(`shop-${index}`, import.meta.resolve("./worker.ts"), task);
    });
    const [frozen] = processes;
    if (frozen === undefined) throw new Error("there is no process to freeze");
    const isFrozen = frozen.reach("read", "stop", FREEZE_AFTER);
    await scene.go(processes);
    await scene.orFail(isFrozen);
    const [, , server] = scene.servers;
    await server?.kill();
    await scene.pause(2 * TTL_MS);
    frozen.resume();
    const answered = async (): Promise<number> =>
      (await oneRow<{ n: number }>(scene.sql, "SELECT count(*) AS n FROM requests")).n;
    const reached = (share: number): Promise<void> =>
      scene.until("the load goes on", async () => (await answered()) >= orders.length * share);
    await reached(0.7);
    await server?.restart();
    await scene.allEnded(processes);
    return { requests: orders.length, ...(await readFacts(scene)) };
  },

  figures: ({ requests, outcomes, startStock, reserved, stock, oversold }) => [
    ["orders", count(requests)],
    ["  reserved", count(outcomes["ok"] ?? 0)],
    ["  refused: insufficient stock", count(outcomes["insufficient"] ?? 0)],
    ["  refused: lock_timeout", count(outcomes["lock_timeout"] ?? 0)],
    ["units in stock at the start", count(startStock)],
    ["units in stock at the end", count(stock)],
    ["units reserved", count(reserved)],
    ["units oversold", count(oversold)],
  ],

  judge: ({ requests, outcomes, startStock, stock, reserved, oversold, wrongProducts }) => {
    const answers = Object.values(outcomes).reduce((sum, each) => sum + each, 0);
    return [
      {
        claim: "stock + reserved = stock at the start, for each product",
        holds: wrongProducts === 0 && stock + reserved === startStock,
        found: `${wrongProducts} wrong products, a difference of ${count(stock + reserved - startStock)}`,
      },
      { claim: "no unit is oversold", holds: oversold === 0, found: `${count(oversold)} units` },
      {
        claim: `at least ${MIN_OK_PERCENT} % of the orders are carried out`,
        holds: (outcomes["ok"] ?? 0) >= (MIN_OK_PERCENT / 100) * requests,
        found: `${count(outcomes["ok"] ?? 0)} of ${count(requests)}`,
        needsSteadyTime: true,
      },
      {
        claim: "ok + insufficient + lock_timeout = orders",
        holds: answers === requests,
        found: `${count(answers)} answers to ${count(requests)} orders`,
      },
    ];
  },

  damage: ({ oversold, startStock, reserved }) =>
    `${count(reserved)} units are promised and ${count(startStock)} were there: ${count(oversold)} oversold.`,
};

function makeOrders({ random }: Scene, length: number): readonly Order[] {
  return Array.from({ length }, (_, id) => ({
    id,
    product: random.pick(PRODUCTS),
    quantity: random.whole(1, MAX_QUANTITY),
  }));
}

async function putIntoStock({ sql }: Scene, orders: readonly Order[]): Promise<void> {
  for (const product of PRODUCTS) {
    const demand = orders
      .filter((order) => order.product === product)
      .reduce((sum, { quantity }) => sum + quantity, 0);
    await sql.change("UPDATE products SET start_stock = $2, stock = $2 WHERE id = $1", [
      product,
      Math.floor(demand * STOCK_SHARE),
    ]);
  }
}

async function readFacts({ sql }: Scene): Promise<Omit<Facts, "requests">> {
  const outcomes = await sql.rows<{ outcome: string; n: number }>(
    "SELECT outcome, count(*) AS n FROM requests GROUP BY outcome",
  );
  const products = await sql.rows<{ start_stock: number; stock: number; reserved: number }>(`
    SELECT start_stock, stock, coalesce(sum(quantity), 0) AS reserved
    FROM products LEFT JOIN reservations ON product = products.id
    GROUP BY products.id`);
  const sum = (valueOf: (product: (typeof products)[number]) => number): number =>
    products.reduce((total, product) => total + valueOf(product), 0);
  return {
    outcomes: Object.fromEntries(outcomes.map(({ outcome, n }) => [outcome, n])),
    startStock: sum((product) => product.start_stock),
    stock: sum((product) => product.stock),
    reserved: sum((product) => product.reserved),
    oversold: sum(({ reserved, start_stock }) => Math.max(0, reserved - start_stock)),
    wrongProducts: products.filter((product) => product.stock + product.reserved !== product.start_stock)
      .length,
  };
}
