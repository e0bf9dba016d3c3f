import { setTimeout as sleep } from "node:timers/promises";
import type { Redis } from "ioredis";
import type { Contender, Entrant } from "../contender.ts";
import { bareIoredis, ours, peers } from "../contenders/index.ts";
import { connectIoredis, disconnectIoredis } from "../contenders/ioredis-clients.ts";
import { tally } from "../referee.ts";
import { millis } from "../report/format.ts";
import { atMost, type Result, type Scenario, type Stage, verdictOf } from "../scenario.ts";
import { median, percentile } from "../statistics.ts";
import { fieldOf, type Player, withPlayers } from "../turns.ts";
import { WallClock } from "../wall-clock.ts";
import { messageOf, TOO_LATE, within } from "../within.ts";
import { Worker } from "../workers/worker.ts";

const CONTENDERS = [bareIoredis, ...ours, ...peers];

/** For how long the holder has its lock. Short, so that many takeovers fit into the time. */
const TTL_MS = 1_000;
/** Between one lock and the next, so that they do not end at the same moment. */
const STAGGER_MS = 15;
/** Who does not have it by then does not get it. */
const PATIENCE_MS = 5_000;
/** What is promised of p50. */
const LIMIT_MS = 5;

export interface TakeoverOptions {
  readonly leastRounds?: number;
}

export function takeover({ leastRounds = 3 }: TakeoverOptions = {}): Scenario {
  return {
    name: "takeover",
    about:
      `A process takes a lock for ${TTL_MS / 1_000} s and is killed (SIGKILL) while another process waits for it: the time from the moment that the lock ` +
      "has expired on a majority of the servers, by their own account, to the next grant, in ms. All contenders wait at the same time, for locks of their own. " +
      `Libraries wait as they do by default. Target: p50 at most ${LIMIT_MS} ms.`,
    columns: ["servers", "contender", "p50 ms", "p90", "largest", "n", "gave up", "target"],
    servers: [3],
    quickServers: [3],
    leastServers: 1,
    seconds: 25,
    quickSeconds: 3,
    async run(stage) {
      const field = fieldOf([...CONTENDERS], stage);
      const admin = await connectIoredis(stage.servers);
      try {
        return await withPlayers(field, stage, async (players) => {
          const all = new Map(field.map((contender) => [contender, new Series()]));
          const end = performance.now() + stage.seconds * 1_000;
          for (let round = 0; round < (stage.quick ? 1 : leastRounds) || performance.now() < end; round++) {
            await play(players, round, stage, admin, all);
          }
          return field.map((contender) => resultOf(contender, all.get(contender) ?? new Series(), stage));
        });
      } finally {
        disconnectIoredis(admin);
      }
    },
  };
}

class Series {
  readonly delaysMs: number[] = [];
  readonly errors: string[] = [];
}

async function play(
  players: readonly Player[],
  round: number,
  { servers }: Stage,
  admin: readonly Redis[],
  all: ReadonlyMap<Contender, Series>,
): Promise<void> {
  const contenders = players.map(({ contender }) => contender.name);
  const holder = await Worker.start({ ports: servers.map(({ port }) => port), contenders, ttlMs: TTL_MS });
  const clock = new WallClock();
  const waits: Promise<void>[] = [];
  try {
    for (let place = 0; place < players.length; place++) {
      const player = players[(round + place) % players.length];
      const series = player && all.get(player.contender);
      if (player === undefined || series === undefined) continue;
      const lock = `bench:takeover:${player.contender.name}:${round}`;
      holder.send({ kind: "hold", contender: player.contender.name, lock });
      const { error } = await holder.answer("held", PATIENCE_MS);
      if (error === undefined) waits.push(wait(player.entrant, lock, admin, clock, series));
      else series.errors.push(`the first holder: ${error}`);
      await sleep(STAGGER_MS);
    }
  } finally {
    await holder.kill();
  }
  await Promise.all(waits);
}

async function wait(
  entrant: Entrant,
  lock: string,
  admin: readonly Redis[],
  clock: WallClock,
  series: Series,
): Promise<void> {
  const key = entrant.keyOf?.(lock) ?? lock;
  const expiries = await Promise.all(admin.map((client) => client.pexpiretime(key)));
  // Where it is not held at all the reply is negative.
  const freeAt = expiries.toSorted((a, b) => a - b)[Math.floor(admin.length / 2)] ?? Number.NaN;
  try {
    const grant = await within(entrant.acquire(lock), PATIENCE_MS);
    const grantedAt = clock.now();
    if (grant === TOO_LATE) return void series.errors.push(`not granted within ${PATIENCE_MS} ms`);
    series.delaysMs.push(grantedAt - freeAt);
    await within(grant.release(), PATIENCE_MS);
  } catch (error) {
    series.errors.push(messageOf(error));
  }
}

function resultOf(
  contender: Contender,
  { delaysMs, errors }: Series,
  { servers: { length: servers } }: Stage,
): Result {
  const p50 = median(delaysMs);
  const [p90, largest] = [percentile(delaysMs, 0.9), percentile(delaysMs, 1)];
  const targets = contender.kind === "ours" ? [atMost("p50", p50, LIMIT_MS, "ms")] : [];
  return {
    cells: [
      String(servers),
      contender.name,
      millis(p50),
      millis(p90),
      millis(largest),
      String(delaysMs.length),
      String(errors.length),
      verdictOf(targets),
    ],
    figures: {
      servers,
      contender: contender.name,
      p50,
      p90,
      largest,
      n: delaysMs.length,
      gaveUp: errors.length,
    },
    targets,
    notes: tally(`${contender.name}, N=${servers}`, errors),
  };
}
