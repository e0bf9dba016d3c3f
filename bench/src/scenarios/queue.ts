import { setTimeout as sleep } from "node:timers/promises";
import type { Contender, Entrant } from "../contender.ts";
import { bareIoredis, ours, peers, queuedBareIoredis, queuedSockets } from "../contenders/index.ts";
import { Referee, tally, type Violation } from "../referee.ts";
import { ratio, whole } from "../report/format.ts";
import { atMost, type Result, type Scenario, type Stage, verdictOf } from "../scenario.ts";
import { median, percentile, sum } from "../statistics.ts";
import { fieldOf, takeTurns, withPlayers } from "../turns.ts";
import { messageOf, within } from "../within.ts";

const CONTENDERS = [bareIoredis, queuedBareIoredis, queuedSockets, ...ours, ...peers];

const WAITERS = 500;
const HOLD_MS = 1;
/** What is promised against the sum of all holds and rounds. */
const LIMIT = 1.3;
/** Rounds of bare ioredis before each turn, that tell what one takes. */
const SAMPLE = 60;
/** How long those who were not served may take to give up; afterwards they are left behind. */
const WIND_DOWN_MS = 1_000;

export interface QueueOptions {
  readonly waiters?: number;
  readonly rounds?: number;
  /** Who is not served by then is not served. */
  readonly timeMs?: number;
}

interface Turn {
  readonly served: number;
  readonly totalMs: number;
  readonly holdsMs: number;
  readonly errors: readonly string[];
  readonly violations: readonly Violation[];
}

export function queue({ waiters = WAITERS, rounds = 2, timeMs = 4_000 }: QueueOptions = {}): Scenario {
  return {
    name: "queue",
    about:
      `${waiters} callers of one process come for one lock at the same moment, each holds it once for ${HOLD_MS} ms: the time until ` +
      `the last one has let go, against the sum of all holds as they turned out and of ${waiters} rounds of bare ioredis, sampled between the turns. ` +
      `Libraries wait as they do by default; who is not served within ${timeMs / 1_000} s is not waited for. Target: at most ${LIMIT}× that sum, all served.`,
    columns: [
      "servers",
      "contender",
      "served",
      "gave up",
      "total ms",
      "ideal ms",
      "× ideal",
      "violations",
      "target",
    ],
    servers: [3],
    quickServers: [3],
    leastServers: 1,
    seconds: 0.1,
    quickSeconds: 0.1,
    async run(stage) {
      const field = fieldOf([...CONTENDERS], stage);
      return withPlayers(field, stage, async (players) => {
        const turns = new Map<Contender, Turn[]>(field.map((contender) => [contender, []]));
        const roundsMs: number[] = [];
        const bare = await bareIoredis.connect(stage.servers);
        try {
          const limits = { seconds: stage.seconds, leastRounds: stage.quick ? 1 : rounds };
          await takeTurns(players, limits, async ({ contender, entrant }, round) => {
            const name = `bench:queue:${contender.name}:${round}`;
            roundsMs.push(await timeOfRound(bare));
            turns
              .get(contender)
              ?.push(await serve(entrant, name, waiters, stage.quick ? timeMs / 3 : timeMs));
          });
        } finally {
          await bare[Symbol.asyncDispose]();
        }
        const allRoundsMs = median(roundsMs) * waiters;
        return field.map((contender) =>
          resultOf(contender, turns.get(contender) ?? [], stage, { waiters, allRoundsMs }),
        );
      });
    },
  };
}

async function timeOfRound(bare: Entrant): Promise<number> {
  const times: number[] = [];
  for (let sample = 0; sample < SAMPLE; sample++) {
    const began = performance.now();
    const grant = await bare.acquire("bench:queue:round");
    times.push(performance.now() - began);
    await grant.release();
  }
  return median(times);
}

async function serve(entrant: Entrant, name: string, waiters: number, timeMs: number): Promise<Turn> {
  const referee = new Referee();
  const errors: string[] = [];
  const holdsMs: number[] = [];
  const began = performance.now();
  let lastAt = began;
  let over = false;
  const callers = Array.from({ length: waiters }, async () => {
    try {
      const grant = await entrant.acquire(name);
      // It came too late to count; the others may be let through.
      if (over) return void (await grant.release());
      referee.enter(grant.fence);
      const entered = performance.now();
      await sleep(HOLD_MS);
      const left = performance.now();
      referee.leave();
      await grant.release();
      if (over) return;
      holdsMs.push(left - entered);
      lastAt = performance.now();
    } catch (error) {
      if (!over) errors.push(messageOf(error));
    }
  });
  await within(Promise.all(callers), timeMs);
  over = true;
  await within(Promise.all(callers), WIND_DOWN_MS);
  const { violations } = referee;
  return { served: holdsMs.length, totalMs: lastAt - began, holdsMs: sum(holdsMs), errors, violations };
}

function resultOf(
  contender: Contender,
  turns: readonly Turn[],
  stage: Stage,
  { waiters, allRoundsMs }: { readonly waiters: number; readonly allRoundsMs: number },
): Result {
  const servers = stage.servers.length;
  const served = Math.min(...turns.map((turn) => turn.served));
  const errors = turns.flatMap((turn) => turn.errors);
  const violations = turns.flatMap((turn) => turn.violations);
  const ideals = turns.map(({ holdsMs }) => holdsMs + allRoundsMs);
  const ratios = turns.map(({ totalMs }, index) => totalMs / (ideals[index] ?? Number.NaN));
  const all = served === waiters;
  const toIdeal = all ? median(ratios) : Number.NaN;
  const totalMs = all ? median(turns.map((turn) => turn.totalMs)) : Number.NaN;
  const targets =
    contender.kind === "ours" ? [atMost("time", toIdeal, LIMIT, "× the sum of holds and rounds")] : [];
  return {
    cells: [
      String(servers),
      contender.name,
      `${served}/${waiters}`,
      whole(errors.length / turns.length),
      whole(totalMs),
      all ? whole(median(ideals)) : "–",
      ratio(toIdeal),
      String(violations.length),
      verdictOf(targets),
    ],
    figures: {
      servers,
      contender: contender.name,
      waiters,
      served,
      gaveUp: errors.length / turns.length,
      totalMs,
      ratios: { median: toIdeal, p25: percentile(ratios, 0.25), p75: percentile(ratios, 0.75) },
      violations: violations.length,
    },
    targets,
    notes: tally(`${contender.name}, N=${servers}`, [...errors, ...violations]),
  };
}
