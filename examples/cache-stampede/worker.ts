// One of five processes in front of a slow source. In each round, all of them get 100 requests for the same key at once.
import { setTimeout as sleep } from "node:timers/promises";
import { cached } from "quorumlock/patterns";
import { oneRow } from "../harness/sql.ts";
import { point, runWorker } from "../harness/worker.ts";
import { carelessCache } from "./careless.ts";
import { Source } from "./source.ts";
import { openStore } from "./store.ts";
import { PROCESSES, REQUESTS, type Round, type Task, TTL_MS } from "./tables.ts";

const SLOW_STORE_MS = 200;
const STORE_TIMEOUT_MS = 500;
const CACHE_TTL_MS = 60_000;
const LOOK_MS = 5;

await runWorker<Task>(async ({ task, redlock, sql, signal }) => {
  const store = await openStore(task.storeUrl);
  const cache = task.isCareless
    ? carelessCache(redlock, store, { ttl: CACHE_TTL_MS })
    : cached(redlock, store, { ttl: CACHE_TTL_MS, lockTtl: TTL_MS, storeTimeout: STORE_TIMEOUT_MS });

  const source = new Source(sql, task.computeMs);
  let isVictim: Promise<boolean> | undefined;
  const arrivals = new Map<Round, Promise<void>>();

  for (const round of task.rounds) {
    await until("SELECT count(*) AS n FROM rounds WHERE name = $1", round, 1);
    store.delayMs = round === "slow" ? SLOW_STORE_MS : 0;
    const answers = Promise.allSettled(
      Array.from({ length: REQUESTS }, () => cache.get(`report:${round}`, () => compute(round))),
    );
    await sql.change("INSERT INTO arrivals VALUES ($1, $2) ON CONFLICT DO NOTHING", [round, task.worker]);
    await record(round, await answers);
  }
  await cache.close();
  store.close();

  function compute(round: Round): Promise<{ readonly total: number }> {
    const onHalf = async (): Promise<void> => {
      if (round === "killed" && (await (isVictim ??= becomeVictim()))) point("half");
    };
    return source.compute(round, { allArrived: allArrived(round), onHalf });
  }

  /** The first process of all that gets here is the one that is killed. */
  async function becomeVictim(): Promise<boolean> {
    return (await sql.change("INSERT INTO victim VALUES (true) ON CONFLICT DO NOTHING")) === 1;
  }

  /** All computations of a process share the look at the database. */
  function allArrived(round: Round): Promise<void> {
    const text = "SELECT count(*) AS n FROM arrivals WHERE round = $1";
    const arrived = arrivals.get(round) ?? until(text, round, PROCESSES);
    arrivals.set(round, arrived);
    return arrived;
  }

  async function until(text: string, round: Round, wanted: number): Promise<void> {
    while ((await oneRow<{ n: number }>(sql, text, [round])).n < wanted)
      await sleep(LOOK_MS, undefined, { signal });
  }

  async function record(round: Round, answers: readonly PromiseSettledResult<unknown>[]): Promise<void> {
    const kinds = answers.map(({ status }) => (status === "fulfilled" ? "value" : "error"));
    const contents = answers.map((answer) =>
      answer.status === "fulfilled" ? JSON.stringify(answer.value) : String(answer.reason),
    );
    await sql.change("INSERT INTO answers SELECT $1, * FROM unnest($2::text[], $3::text[])", [
      round,
      kinds,
      contents,
    ]);
  }
});
