import { postJson } from "../harness/json-http.ts";
import { count, milliseconds, plural } from "../harness/numbers.ts";
import type { Scene } from "../harness/scene.ts";
import { oneRow } from "../harness/sql.ts";
import type { Check, Story, Variant } from "../harness/story.ts";
import { BookReader, type Books } from "./books.ts";
import { Crew } from "./crew.ts";
import { type Fault, planFaults, planRandomKills } from "./fault-plan.ts";
import { countKills, type FaultsMade, makeFaults } from "./faults.ts";
import { chargedAndCancelled, type Invariant } from "./invariants.ts";
import { KILL_POINTS } from "./kill-points.ts";
import { countUnfinished, measureSpeed, setShop, type Speed } from "./measure.ts";
import { TABLES } from "./tables.ts";
import type { ProviderTask } from "./task.ts";
import { Watch } from "./watch.ts";

const TTL_MS = 600;
/** After the last fault, everything must be decided within this time. */
const REST_LIMIT_MS = 4 * TTL_MS + 5_000;
/** How long a payment usually takes. Real providers need longer. */
const PAYMENT_MS = 150;
/** How many kills come with one freeze. */
const KILLS_PER_FREEZE = 15;

interface Size {
  readonly places: number;
  readonly customers: number;
  /** How long the first part is measured, which has no faults, in ms. */
  readonly measureMs: number;
  readonly kills: number;
  /** How many kills the anti-pattern gets. It has no recovery, so each of them leaves orders behind. */
  readonly antiPatternKills: number;
  /** How many orders at least the second part has. */
  readonly minOrders: number;
  /** How long the anti-pattern has to decide its orders, in ms. Nobody decides those that are left. */
  readonly antiPatternRestMs: number;
  /** The time limit of one request to the provider, in ms. */
  readonly limitMs: number;
}

const SIZES: { readonly short: Size; readonly full: Size } = {
  short: {
    places: 3,
    customers: 3,
    measureMs: 1_000,
    kills: 4,
    antiPatternKills: 1,
    minOrders: 15,
    antiPatternRestMs: 600,
    limitMs: 300,
  },
  full: {
    places: 4,
    customers: 3,
    measureMs: 5_000,
    kills: 56,
    antiPatternKills: 10,
    minOrders: 100,
    antiPatternRestMs: 3_000,
    limitMs: 400,
  },
};

interface Facts {
  readonly variant: Variant;
  /** The first part, without faults. */
  readonly speed: Speed;
  readonly plannedKills: number;
  readonly faults: FaultsMade;
  readonly watch: Watch;
  /** Both ledgers at the end. */
  readonly books: Books;
  readonly refused: number;
  /** How long it took after the last fault until all orders were decided. `undefined`: some never were. */
  readonly restMs: number | undefined;
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
    const providerUrl = await startProvider(scene, size);
    const crew = new Crew(scene, size.places, {
      providerUrl,
      limitMs: size.limitMs,
      seed: scene.seed,
      customers: size.customers,
      isCareless: variant === "antiPattern",
    });
    await crew.open();
    const speed = await measureSpeed(scene, size.measureMs, size.places * size.customers);

    const plan = planOf(scene, size, variant);
    const watch = new Watch(scene, new BookReader(scene.sql, providerUrl));
    await postJson(`${providerUrl}/faults`, {});
    const ordersBefore = await countOrders(scene);
    await setShop(scene.sql, "open");
    const faults = await makeFaults(scene, crew, plan, () => watch.look());
    const isEnough = async (): Promise<boolean> =>
      (await countOrders(scene)) >= ordersBefore + size.minOrders;
    await scene.until(`${size.minOrders} orders`, isEnough);
    await setShop(scene.sql, "closed");
    const restMs = await untilRest(scene, variant === "ours" ? 2 * REST_LIMIT_MS : size.antiPatternRestMs);
    const books = await watch.stop();
    await crew.stop();
    const { refused } = await oneRow<{ refused: number }>(
      scene.sql,
      "SELECT count(*) AS refused FROM refusals",
    );
    const plannedKills = plan.filter(({ kind }) => kind === "kill").length;
    return { variant, speed, plannedKills, faults, watch, books, refused, restMs };
  },

  figures: ({ speed, books, refused, faults, restMs }) => {
    const inState = (state: string): number => books.orders.filter((order) => order.state === state).length;
    const [completed, cancelled] = [inState("completed"), inState("cancelled")];
    return [
      ["without faults: orders per second", count(speed.perSecond)],
      ["without faults: p99 of an order", milliseconds(speed.p99Ms)],
      ["orders, those with faults included", count(books.orders.length)],
      ["  completed", count(completed)],
      ["  cancelled", count(cancelled)],
      ["  neither, at the end", count(books.orders.length - completed - cancelled)],
      ["repeated with other content, refused", count(refused)],
      ["processes killed · frozen", `${count(countKills(faults))} · ${count(faults.freezes)}`],
      ["charged and cancelled", count(chargedAndCancelled(books).length)],
      ["all decided after the last fault", restMs === undefined ? "never" : milliseconds(restMs)],
    ];
  },

  judge(facts) {
    const { watch, restMs, plannedKills, faults, books } = facts;
    const kills = countKills(faults);
    const check = (invariant: Invariant, claim: string, holds = true): Check => {
      const [first, ...others] = watch.violationsOf(invariant);
      return {
        claim: `${invariant} ${claim}`,
        holds: holds && first === undefined,
        found:
          first === undefined
            ? milliseconds(restMs)
            : `${first.id} ${first.what}, and ${plural(others.length, "other")}`,
      };
    };
    const isInTime = restMs !== undefined && restMs <= REST_LIMIT_MS;
    return [
      {
        claim: `${describeKills(faults)}; both ledgers were read after each kill, ${plural(watch.looks, "time")} in all`,
        holds: kills === plannedKills && books.orders.some(({ state }) => state === "completed"),
        found: `${count(kills)} of ${plural(plannedKills, "kill")}, ${plural(books.orders.length, "order")}`,
      },
      check("I1", "stock + held + used = stock at the start, at every look"),
      check("I2", "no order was ever charged twice, refunds subtracted"),
      check("I3", "money is taken only on the way to a decision, or after `paid`"),
      check("I4", "completed: exactly the total charged, all lines used; cancelled: nothing kept"),
      check("I5", `nothing is left in between, ${REST_LIMIT_MS / 1_000} s after the last fault`, isInTime),
      check("I6", "one mail for each paid order, none for others"),
    ];
  },

  damage: ({ speed, books, watch }) =>
    `${count(chargedAndCancelled(books).length)} customers paid for a cancelled order, and ` +
    `${count(watch.violationsOf("I5").length)} orders are stuck. Without faults ${count(speed.perSecond)} orders ` +
    `per second, p99 ${milliseconds(speed.p99Ms)}.`,
};

/** @returns the URL of the provider. */
async function startProvider(scene: Scene, { limitMs }: Size): Promise<string> {
  const task: ProviderTask = { promptMs: PAYMENT_MS, lateMs: Math.round(1.75 * limitMs) };
  const provider = scene.start("provider", import.meta.resolve("./double.ts"), task, { connections: 1 });
  const listening = provider.until("listening");
  await scene.go([provider]);
  return String((await scene.orFail(listening))["url"]);
}

function planOf({ random, kills }: Scene, size: Size, variant: Variant): readonly Fault[] {
  if (variant === "antiPattern") return planRandomKills(random, size.antiPatternKills);
  const number = kills ?? size.kills;
  return planFaults(random, number, Math.ceil(number / KILLS_PER_FREEZE));
}

/** "12 kills at random times, 13 at K1 to K14 (K1 1, K2 1, …), 4 freezes" */
function describeKills({ killsAt, randomKills, freezes }: FaultsMade): string {
  const named = KILL_POINTS.filter((point) => killsAt.has(point));
  const sum = named.reduce((total, point) => total + (killsAt.get(point) ?? 0), 0);
  const parts = named.map((point) => `${point} ${killsAt.get(point)}`);
  const at = sum === 0 ? [] : [`${sum} at named points (${parts.join(", ")})`];
  return [`${plural(randomKills, "kill")} at random times`, ...at, plural(freezes, "freeze")].join(", ");
}

async function countOrders({ sql }: Scene): Promise<number> {
  return (await oneRow<{ orders: number }>(sql, "SELECT count(*) AS orders FROM orders")).orders;
}

/** Waits until all orders are decided. Returns how long that took, or `undefined` if the time was too short. */
async function untilRest(scene: Scene, withinMs: number): Promise<number | undefined> {
  const startedAt = performance.now();
  for (;;) {
    if ((await countUnfinished(scene.sql)) === 0) return performance.now() - startedAt;
    if (performance.now() - startedAt > withinMs) return undefined;
    await scene.pause(20);
  }
}
