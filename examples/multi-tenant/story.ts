import { Redis } from "ioredis";
import { Redlock } from "quorumlock";
import { count, milliseconds, percentile } from "../harness/numbers.ts";
import { type Interval, peakOf, reachedAt } from "../harness/overlaps.ts";
import type { Scene } from "../harness/scene.ts";
import { oneRow } from "../harness/sql.ts";
import type { Story, Variant } from "../harness/story.ts";
import type { StoryProcess } from "../harness/story-process.ts";
import { counterKey, GREEDY, LIMIT, QUIET, TABLES, type Task } from "./tables.ts";

const TTL_MS = 600;
const GREEDY_PROCESSES = 3;
const GREEDY_TASK = { tenant: GREEDY, callers: 4, holdMs: 60 };
const QUIET_TASK = { tenant: QUIET, callers: 1, holdMs: 5 };
/** How many requests of the quiet tenant each phase has. */
const REQUESTS = { short: 40, full: 400 };
const READ_TIMEOUT_MS = 5_000;
/** The permits of the dead must be in use again within a ttl. The rest is for a busy machine. */
const SLACK_MS = 2_000;
const MAX_BACK_MS = TTL_MS + SLACK_MS;
/** The quiet tenant's wait is compared with its wait alone, or with this if it is larger: a turn of the greedy tenant. */
const TURN_MS = GREEDY_TASK.holdMs;

interface Facts {
  readonly greedyPeak: number;
  readonly quietPeak: number;
  readonly permitsOfTheDead: number;
  /** Time from the kill until the greedy tenant's living callers held all permits. `undefined`: never. */
  readonly backAfterMs: number | undefined;
  /** Permits that nobody holds and nobody can get, a ttl after everything ended. */
  readonly permitsGone: number;
  readonly aloneP99Ms: number;
  readonly besideP99Ms: number;
  readonly holds: number;
}

export const multiTenant: Story<Facts> = {
  name: "multi-tenant",
  summary: "two tenants with five locks each; one is greedy, and a holder of it is killed",
  columns: { ours: "redlock.tenant", antiPattern: "counter, one server" },
  tables: TABLES,
  ttlMs: TTL_MS,

  async run(scene, variant) {
    const isCounter = variant === "antiPattern";
    const start = (name: string, task: Omit<Task, "isCounter">): StoryProcess =>
      scene.start(name, import.meta.resolve("./worker.ts"), { ...task, isCounter } satisfies Task);
    const quiet = start("quiet", QUIET_TASK);
    const greedy = Array.from({ length: GREEDY_PROCESSES }, (_, index) =>
      start(`greedy-${index}`, GREEDY_TASK),
    );
    await Promise.all(greedy.map(({ ready }) => ready));
    await scene.go([quiet]);

    const requests = scene.isShort ? REQUESTS.short : REQUESTS.full;
    await scene.until("the quiet tenant has worked alone", () => hasHolds(scene, QUIET, requests));
    await scene.go(greedy);
    await scene.until("the greedy tenant works", () => hasHolds(scene, GREEDY, 3 * LIMIT));
    const besideFrom = await now(scene);
    const [victim] = greedy;
    if (victim === undefined) throw new Error("there is no process to kill");
    await scene.until("the first process holds permits", async () => (await openHolds(scene, victim)) >= 2);
    await victim.kill();
    const killedAt = await now(scene);
    const permitsOfTheDead = await openHolds(scene, victim);
    // The work of the dead ended at the kill. Their permits end later, with their ttl.
    await scene.sql.change("UPDATE holds SET to_ms = $2 WHERE pid = $1 AND to_ms IS NULL", [
      victim.pid,
      killedAt,
    ]);
    await scene.until("the quiet tenant has worked beside", () => hasHolds(scene, QUIET, requests * 2));
    await scene.pause(Math.max(0, killedAt + 2 * TTL_MS - (await now(scene))));
    await Promise.all([quiet, ...greedy].map((each) => each.stop()));
    const permitsGone = await readPermitsGone(scene, variant);
    return {
      permitsOfTheDead,
      permitsGone,
      ...(await readFacts(scene, besideFrom, killedAt, permitsOfTheDead)),
    };
  },

  figures: (facts) => [
    ["locks of both tenants", count(facts.holds)],
    ["most locks of the greedy tenant at once", `${facts.greedyPeak} of ${LIMIT}`],
    ["permits of the killed process", count(facts.permitsOfTheDead)],
    ["all permits in use again after", timeOf(facts)],
    ["permits gone for good", count(facts.permitsGone)],
    ["quiet tenant alone, p99 of the wait", milliseconds(facts.aloneP99Ms)],
    ["quiet tenant beside the greedy one, p99", milliseconds(facts.besideP99Ms)],
  ],

  judge: (facts) => {
    const { greedyPeak, quietPeak, permitsGone, backAfterMs, aloneP99Ms, besideP99Ms } = facts;
    const maxP99Ms = 3 * Math.max(aloneP99Ms, TURN_MS);
    return [
      {
        claim: `no tenant holds more than ${LIMIT} locks at once`,
        holds: greedyPeak <= LIMIT && quietPeak <= LIMIT,
        found: `${greedyPeak} and ${quietPeak}`,
      },
      { claim: "no permit is gone for good", holds: permitsGone === 0, found: `${permitsGone}` },
      {
        claim: `the permits of the dead are in use again within ${count(MAX_BACK_MS)} ms (the ttl is ${TTL_MS} ms)`,
        holds: permitsGone === 0 && backAfterMs !== undefined && backAfterMs <= MAX_BACK_MS,
        found: timeOf(facts),
        needsSteadyTime: true,
      },
      {
        claim: `the quiet tenant's p99 is at most ${milliseconds(maxP99Ms)}: 3 times that of its time alone, or 3 turns of the greedy tenant if that is more`,
        holds: besideP99Ms <= maxP99Ms,
        found: `${milliseconds(besideP99Ms)} after ${milliseconds(aloneP99Ms)}`,
        needsSteadyTime: true,
      },
    ];
  },

  damage: ({ permitsGone, greedyPeak }) =>
    `up to ${greedyPeak} locks at once with a limit of ${LIMIT}, and ${permitsGone} of ${LIMIT} permits are gone until somebody repairs the counter.`,
};

function timeOf({ backAfterMs, permitsGone }: Facts): string {
  return backAfterMs === undefined || permitsGone > 0 ? "never" : milliseconds(backAfterMs);
}

async function now({ sql }: Scene): Promise<number> {
  return (await oneRow<{ now: number }>(sql, "SELECT now_ms() AS now")).now;
}

async function hasHolds({ sql }: Scene, tenant: string, wanted: number): Promise<boolean> {
  const text = "SELECT count(*) AS n FROM holds WHERE tenant = $1";
  return (await oneRow<{ n: number }>(sql, text, [tenant])).n >= wanted;
}

async function openHolds({ sql }: Scene, { pid }: StoryProcess): Promise<number> {
  const text = "SELECT count(*) AS n FROM holds WHERE pid = $1 AND to_ms IS NULL";
  return (await oneRow<{ n: number }>(sql, text, [pid])).n;
}

/** Asks the lock servers what is still taken, although nobody works any more. */
async function readPermitsGone(scene: Scene, variant: Variant): Promise<number> {
  if (variant === "antiPattern") {
    const client = new Redis(scene.redisUrls[0] ?? "");
    const value = Number(await client.get(counterKey(scene.prefix, GREEDY)));
    client.disconnect();
    return Math.max(0, value);
  }
  // A client that only reads may wait for answers for long.
  const redlock = new Redlock([...scene.redisUrls], {
    requestTimeout: READ_TIMEOUT_MS,
    prefix: scene.prefix,
  });
  const { held } = await redlock.tenant(GREEDY, { maxLocks: LIMIT }).usage();
  await redlock.close();
  return held;
}

async function readFacts(
  { sql }: Scene,
  besideFrom: number,
  killedAt: number,
  permitsOfTheDead: number,
): Promise<Omit<Facts, "permitsOfTheDead" | "permitsGone">> {
  const rows = await sql.rows<{ tenant: string; asked_ms: number; from_ms: number; to_ms: number | null }>(
    "SELECT tenant, asked_ms, from_ms, to_ms FROM holds",
  );
  const intervalsOf = (tenant: string): readonly Interval[] =>
    rows
      .filter((row) => row.tenant === tenant)
      .map(({ from_ms, to_ms }) => ({ from: from_ms, to: to_ms ?? Infinity }));
  // Directly after the kill the living hold at most what the dead have left, until the permits of the dead end.
  const later = intervalsOf(GREEDY).filter(({ to }) => to > killedAt);
  const backAt = permitsOfTheDead === 0 ? killedAt : reachedAt(later, LIMIT);
  const waitsOf = (isIn: (asked: number) => boolean): number =>
    percentile(
      rows
        .filter(({ tenant, asked_ms }) => tenant === QUIET && isIn(asked_ms))
        .map(({ asked_ms, from_ms }) => from_ms - asked_ms),
      0.99,
    ) ?? Number.NaN;
  return {
    holds: rows.length,
    greedyPeak: peakOf(intervalsOf(GREEDY)),
    quietPeak: peakOf(intervalsOf(QUIET)),
    backAfterMs: backAt === undefined ? undefined : Math.max(0, backAt - killedAt),
    aloneP99Ms: waitsOf((asked) => asked < besideFrom),
    besideP99Ms: waitsOf((asked) => asked >= besideFrom),
  };
}
