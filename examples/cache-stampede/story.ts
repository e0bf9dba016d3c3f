import { startRedisServer } from "quorumlock/testing";
import { count, plural } from "../harness/numbers.ts";
import { peakOf } from "../harness/overlaps.ts";
import type { Scene } from "../harness/scene.ts";
import { oneRow } from "../harness/sql.ts";
import type { Check, Story } from "../harness/story.ts";
import type { StoryProcess } from "../harness/story-process.ts";
import { PROCESSES, REQUESTS, type Round, ROUNDS, TABLES, type Task, TTL_MS } from "./tables.ts";

const COMPUTE_MS = { short: 160, full: 1_000 };
const ALL = PROCESSES * REQUESTS;

/** What the database knows of one round. */
interface RoundFacts {
  readonly computations: number;
  /** Computations that have not ended, because their process was killed. */
  readonly unfinished: number;
  /** The most computations at once. */
  readonly peak: number;
  readonly values: number;
  readonly errors: number;
  /** How many different values the callers got. */
  readonly differentValues: number;
}

type Facts = Readonly<Record<Round, RoundFacts>>;

const LABELS: Readonly<Record<Round, string>> = {
  miss: "nothing is cached",
  killed: "first process is killed",
  throws: "it throws",
  slow: "store 200 ms slow",
  down: "store is down",
};

export const cacheStampede: Story<Facts> = {
  name: "cache-stampede",
  summary: `${ALL} requests for a value that is not cached, and what can go wrong then`,
  columns: { ours: "cached", antiPattern: "wait 100 ms, compute" },
  tables: TABLES,
  ttlMs: TTL_MS,

  async run(scene, variant) {
    await using store = await startRedisServer({ signal: scene.signal });
    const task = {
      storeUrl: store.url,
      computeMs: scene.isShort ? COMPUTE_MS.short : COMPUTE_MS.full,
      isCareless: variant === "antiPattern",
    };
    const start = (worker: number, rounds: readonly Round[]): StoryProcess =>
      scene.start(
        `worker-${worker}`,
        import.meta.resolve("./worker.ts"),
        { ...task, worker, rounds } satisfies Task,
        { armed: rounds === ROUNDS ? { half: "kill" } : {} },
      );
    const processes = Array.from({ length: PROCESSES }, (_, worker) => start(worker, ROUNDS));
    await scene.go(processes);

    for (const round of ROUNDS) {
      if (round === "down") await store.kill();
      await scene.sql.change("INSERT INTO rounds VALUES ($1)", [round]);
      if (round === "killed") {
        // The 100 callers of the dead process come again.
        const worker = await scene.orFail(
          Promise.race(processes.map(async (each, n) => (await each.ended, n))),
        );
        const successor = start(worker, ROUNDS.slice(ROUNDS.indexOf(round)));
        processes[worker] = successor;
        await scene.go([successor]);
      }
      await scene.until(
        `the answers of the round "${round}"`,
        async () => (await answersOf(scene, round)) >= ALL,
      );
    }
    await scene.allEnded(processes);
    const facts = await Promise.all(
      ROUNDS.map(async (round) => [round, await readRound(scene, round)] as const),
    );
    return Object.fromEntries(facts) as unknown as Facts;
  },

  figures: (facts) => [
    ["requests in each round", count(ALL)],
    ...ROUNDS.map((round) => [`computations: ${LABELS[round]}`, describeCalls(facts[round])] as const),
    [
      "different values in one round, at most",
      count(Math.max(...(["miss", "killed", "slow"] as const).map((round) => facts[round].differentValues))),
    ],
    ["errors from the computation that throws", count(facts.throws.errors)],
  ],

  judge: (facts) => [
    sameValues(facts.miss, `${LABELS.miss}: 1 computation, ${ALL} times the same value`, 1),
    sameValues(facts.killed, `${LABELS.killed}: 1 more, ${ALL} times the same value`, 2),
    {
      claim: `${LABELS.throws}: ${ALL} errors from 1 computation`,
      holds: facts.throws.computations === 1 && facts.throws.errors === ALL,
      found: `${plural(facts.throws.errors, "error")} from ${plural(facts.throws.computations, "computation")}`,
      needsSteadyTime: true,
    },
    sameValues(facts.slow, `${LABELS.slow}: 1 computation, ${ALL} times the same value`, 1),
    {
      claim: `${LABELS.down}: 1 computation at a time, 1 for each process at most`,
      holds: facts.down.values === ALL && facts.down.peak === 1 && facts.down.computations <= PROCESSES,
      found: describe(facts.down),
      needsSteadyTime: true,
    },
  ],

  damage: ({ miss, down }) =>
    `the source gets ${count(miss.computations)} queries, ${count(miss.peak)} at once, for one value. If the store is down, it gets ${count(down.computations)}.`,
};

function describeCalls({ computations, peak }: RoundFacts): string {
  return computations === 1 ? "1" : `${count(computations)}, ${count(peak)} at once`;
}

function sameValues(facts: RoundFacts, claim: string, computations: number): Check {
  const isSame = facts.values === ALL && facts.differentValues === 1;
  const isComputedOnce = facts.computations === computations && facts.unfinished === computations - 1;
  return { claim, holds: isSame && isComputedOnce, found: describe(facts), needsSteadyTime: true };
}

function describe({ computations, peak, values, errors, differentValues }: RoundFacts): string {
  return `${plural(computations, "computation")}, ${count(peak)} at once; ${plural(values, "value")}, ${count(differentValues)} different; ${plural(errors, "error")}`;
}

async function answersOf({ sql }: Scene, round: Round): Promise<number> {
  const text = "SELECT count(*) AS n FROM answers WHERE round = $1";
  return (await oneRow<{ n: number }>(sql, text, [round])).n;
}

async function readRound({ sql }: Scene, round: Round): Promise<RoundFacts> {
  const calls = await sql.rows<{ started_ms: number; ended_ms: number | null }>(
    "SELECT started_ms, ended_ms FROM calls WHERE round = $1",
    [round],
  );
  const answers = await oneRow<{ values: number; errors: number; different: number }>(
    sql,
    `SELECT count(*) FILTER (WHERE kind = 'value') AS values,
       count(*) FILTER (WHERE kind = 'error') AS errors,
       count(DISTINCT content) FILTER (WHERE kind = 'value') AS different
     FROM answers WHERE round = $1`,
    [round],
  );
  // A computation whose process was killed does no work any more when the next one begins.
  const intervals = calls.flatMap(({ started_ms, ended_ms }) =>
    ended_ms === null ? [] : [{ from: started_ms, to: ended_ms }],
  );
  return {
    computations: calls.length,
    unfinished: calls.length - intervals.length,
    peak: peakOf(intervals),
    values: answers.values,
    errors: answers.errors,
    differentValues: answers.different,
  };
}
