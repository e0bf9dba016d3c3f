import { count, milliseconds, percentile } from "../harness/numbers.ts";
import type { Scene } from "../harness/scene.ts";
import { oneRow } from "../harness/sql.ts";
import type { Story, Variant } from "../harness/story.ts";
import { Crew } from "./crew.ts";
import { FREEZE_POINTS, freezeAtPoints, KILL_POINTS, killAtPoints, killAtRandom } from "./faults.ts";
import { type AtRest, judgeAtRest, readLedger } from "./invariants.ts";
import { FINAL_STATES, TABLES } from "./tables.ts";
import type { ProviderTask } from "./task.ts";
import { type Seen, watchInvariants } from "./watch.ts";

const TTL_MS = 600;
/** After the last kill, everything must be decided within this time. */
const REST_LIMIT_MS = 4 * TTL_MS + 5_000;

interface Size {
  readonly places: number;
  readonly customers: number;
  readonly killPoints: number;
  readonly freezePoints: number;
  readonly kills: number;
  /** How many kills the anti-pattern gets. It has no recovery, so each of them leaves orders behind. */
  readonly antiPatternKills: number;
  /** The least time of the load, in ms. */
  readonly loadMs: number;
  /** The time limit of one request to the provider, in ms. */
  readonly limitMs: number;
}

const SIZES: { readonly short: Size; readonly full: Size } = {
  short: {
    places: 3,
    customers: 3,
    killPoints: 4,
    freezePoints: 1,
    kills: 1,
    antiPatternKills: 2,
    loadMs: 1_000,
    limitMs: 200,
  },
  full: {
    places: 4,
    customers: 4,
    killPoints: KILL_POINTS.length,
    freezePoints: FREEZE_POINTS.length,
    kills: 40,
    antiPatternKills: 20,
    loadMs: 10_000,
    limitMs: 400,
  },
};

interface Facts extends AtRest {
  readonly variant: Variant;
  readonly orders: number;
  readonly completed: number;
  readonly cancelled: number;
  readonly refused: number;
  readonly kills: number;
  readonly freezes: number;
  readonly perSecond: number;
  readonly p99Ms: number | undefined;
  readonly mails: number;
  readonly seen: Seen;
  readonly restMs: number;
}

export const orders: Story<Facts> = {
  name: "orders",
  summary: "orders with stock, payment and mail, while processes are killed and frozen",
  columns: { ours: "recorded steps", antiPattern: "pay under stock lock" },
  tables: TABLES,
  ttlMs: TTL_MS,
  hasKills: true,

  async run(scene, variant) {
    const size = scene.isShort ? SIZES.short : SIZES.full;
    const task: ProviderTask = { lateMs: Math.round(1.75 * size.limitMs) };
    const double = scene.start("provider", import.meta.resolve("./double.ts"), task, { connections: 1 });
    const listening = double.until("listening");
    await scene.go([double]);
    const providerUrl = String((await scene.orFail(listening))["url"]);
    const crew = new Crew(scene, size.places, {
      providerUrl,
      limitMs: size.limitMs,
      seed: scene.seed,
      customers: size.customers,
      isCareless: variant === "antiPattern",
    });
    await crew.open();
    const openedAt = await now(scene);

    let faults = { kills: 0, freezes: 0 };
    let closedAt = openedAt;
    let restAt = openedAt;
    const seen = await watchInvariants(scene, providerUrl, async () => {
      faults = await makeFaults(scene, crew, size, variant);
      await scene.pause(Math.max(0, openedAt + size.loadMs - (await now(scene))));
      await scene.sql.change("UPDATE shop SET is_open = false");
      closedAt = await now(scene);
      await untilRest(scene, variant);
      restAt = await now(scene);
    });
    const ledger = await readLedger(providerUrl);
    const atRest = await judgeAtRest(scene.sql, ledger);
    await crew.stop();
    return {
      ...atRest,
      ...faults,
      variant,
      seen,
      restMs: restAt - closedAt,
      mails: ledger.mails.length,
      ...(await readFigures(scene, closedAt - openedAt)),
    };
  },

  figures: (facts) => [
    ["orders", count(facts.orders)],
    ["  completed", count(facts.completed)],
    ["  cancelled", count(facts.cancelled)],
    ["  neither, at the end", count(facts.unfinished)],
    ["repeated with other content, refused", count(facts.refused)],
    ["processes killed · frozen", `${count(facts.kills)} · ${count(facts.freezes)}`],
    ["charged and cancelled", count(facts.chargedAndCancelled)],
    ["products that did not add up at a moment", count(facts.seen.wrongProducts)],
    ["orders per second", count(facts.perSecond)],
    ["p99 of an order", milliseconds(facts.p99Ms)],
    ["all decided after the load", facts.unfinished > 0 ? "never" : milliseconds(facts.restMs)],
  ],

  judge: ({ seen, wrongOrders, unfinished, restMs, wrongMails, completed }) => [
    {
      claim: `I1 stock + held + used = stock at the start, in each of ${count(seen.looks)} looks`,
      holds: seen.wrongProducts === 0,
      found: `${count(seen.wrongProducts)} products`,
    },
    {
      claim: "I2 no order is charged twice, refunds subtracted",
      holds: seen.doubleCharges === 0,
      found: `${count(seen.doubleCharges)} orders`,
    },
    {
      claim: "I3 money is taken only on the way to a decision, or after `paid`",
      holds: seen.moneyInWrongState === 0,
      found: `${count(seen.moneyInWrongState)} orders`,
    },
    {
      claim: "I4 completed: exactly the total charged, all lines used; cancelled: nothing kept",
      holds: wrongOrders === 0 && completed > 0,
      found: `${count(wrongOrders)} wrong orders, ${count(completed)} completed`,
    },
    {
      claim: `I5 nothing is left in between, ${REST_LIMIT_MS / 1_000} s after the load`,
      holds: unfinished === 0 && restMs <= REST_LIMIT_MS,
      found: `${count(unfinished)} orders after ${milliseconds(restMs)}`,
    },
    {
      claim: "I6 one mail in the outbox for each paid order, none for others",
      holds: wrongMails === 0,
      found: `${count(wrongMails)} orders`,
    },
  ],

  damage: ({ chargedAndCancelled, unfinished, perSecond, p99Ms }) =>
    `${count(chargedAndCancelled)} customers paid for a cancelled order, and ${count(unfinished)} orders are stuck. ${count(perSecond)} orders per second, p99 ${milliseconds(p99Ms)}.`,
};

async function makeFaults(
  scene: Scene,
  crew: Crew,
  size: Size,
  variant: Variant,
): Promise<{ readonly kills: number; readonly freezes: number }> {
  const { random } = scene;
  const places = Array.from({ length: size.places }, (_, index) => index);
  if (variant === "antiPattern") {
    await killAtRandom(scene, crew, places, size.antiPatternKills, random);
    return { kills: size.antiPatternKills, freezes: 0 };
  }
  const [frozenPlace = 0, ...others] = places;
  const killPoints = sample(KILL_POINTS, size.killPoints, () => random.next());
  const freezePoints = sample(FREEZE_POINTS, size.freezePoints, () => random.next());
  await Promise.all([
    freezeAtPoints(scene, crew, frozenPlace, freezePoints),
    killAtPoints(scene, crew, others, killPoints),
  ]);
  const kills = scene.kills ?? size.kills;
  await killAtRandom(scene, crew, places, kills, random);
  return { kills: killPoints.length + kills, freezes: freezePoints.length };
}

/** So many of the items, in random order. */
function sample<T>(items: readonly T[], size: number, random: () => number): readonly T[] {
  return items
    .map((item) => ({ item, rank: random() }))
    .toSorted((a, b) => a.rank - b.rank)
    .slice(0, size)
    .map(({ item }) => item);
}

/** Waits until all orders are decided, or until it is clear that they will not be. */
async function untilRest(scene: Scene, variant: Variant): Promise<void> {
  const limitMs = variant === "ours" ? 2 * REST_LIMIT_MS : 2_000;
  const deadline = performance.now() + limitMs;
  const unfinished = async (): Promise<number> =>
    (
      await oneRow<{ n: number }>(scene.sql, "SELECT count(*) AS n FROM orders WHERE state <> ALL ($1)", [
        [...FINAL_STATES],
      ])
    ).n;
  while ((await unfinished()) > 0 && performance.now() < deadline) await scene.pause(50);
}

async function now({ sql }: Scene): Promise<number> {
  return (await oneRow<{ now: number }>(sql, "SELECT now_ms() AS now")).now;
}

async function readFigures(
  { sql }: Scene,
  loadMs: number,
): Promise<Pick<Facts, "orders" | "completed" | "cancelled" | "refused" | "perSecond" | "p99Ms">> {
  const rows = await sql.rows<{ state: string; took: number }>(
    "SELECT state, updated_ms - created_ms AS took FROM orders",
  );
  const { refused } = await oneRow<{ refused: number }>(sql, "SELECT count(*) AS refused FROM refusals");
  const final = rows.filter(({ state }) => (FINAL_STATES as readonly string[]).includes(state));
  return {
    orders: rows.length,
    completed: rows.filter(({ state }) => state === "completed").length,
    cancelled: rows.filter(({ state }) => state === "cancelled").length,
    refused,
    perSecond: final.length / (loadMs / 1_000),
    p99Ms: percentile(
      final.map(({ took }) => took),
      0.99,
    ),
  };
}
