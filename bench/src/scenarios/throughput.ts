import { setTimeout as sleep } from "node:timers/promises";
import type { Contender } from "../contender.ts";
import { bareIoredis, bareNodeRedis, fullSockets, ours, peers, sockets } from "../contenders/index.ts";
import { Referee, tally } from "../referee.ts";
import { decimal, ratio, ratioCells, whole } from "../report/format.ts";
import { atLeast, type Result, type Scenario, type Stage, type Target, verdictOf } from "../scenario.ts";
import { compareTurns, median } from "../statistics.ts";
import { fieldOf, type Player, takeTurns, withPlayers } from "../turns.ts";

const CONTENDERS = [bareIoredis, bareNodeRedis, sockets, fullSockets, ...ours, ...peers];

/** What is promised at so many callers and servers: cycles/s against bare ioredis, and against the best other library. */
const PROMISES: readonly { callers: number; servers: number; bare: number; library?: number }[] = [
  { callers: 128, servers: 5, bare: 5, library: 3.3 },
  { callers: 1024, servers: 5, bare: 5.5, library: 5 },
  { callers: 128, servers: 1, bare: 3.2 },
  { callers: 1024, servers: 1, bare: 3.2 },
];

/** So many errors end a turn: a contender that is refused at once would otherwise ask without a break. */
const MOST_ERRORS = 100;
/** How long those who are on their way at the end of a turn may take; afterwards they are left behind. */
const WIND_DOWN_MS = 5_000;

export interface ThroughputOptions {
  readonly turnMs?: number;
  readonly leastRounds?: number;
}

export function throughput({ turnMs = 200, leastRounds = 2 }: ThroughputOptions = {}): Scenario {
  return {
    name: "throughput",
    about:
      "So many callers acquire and release without a break, each a name of its own: cycles/s, and the CPU time that the Node.js " +
      `process spends on one. Contenders take turns of ${turnMs} ms, after one to warm up. "× bare" is the median of the ` +
      'rounds\' ratios to bare ioredis, with p25–p75; "× library" the same to the best of the other libraries.',
    columns: [
      "servers",
      "callers",
      "contender",
      "cycles/s",
      "× bare",
      "p25–p75",
      "× library",
      "CPU µs/cycle",
      "n",
      "target",
    ],
    servers: [1, 3, 5],
    quickServers: [5],
    leastServers: 1,
    seconds: 45,
    quickSeconds: 4,
    async run(stage) {
      return withPlayers(fieldOf([...CONTENDERS], stage), stage, async (players) => {
        const results: Result[] = [];
        for (const callers of stage.concurrency) {
          const all = new Map<Contender, Series>(players.map(({ contender }) => [contender, new Series()]));
          const ms = stage.quick ? Math.min(turnMs, 150) : turnMs;
          for (const player of players) await play(player, callers, ms, new Series());
          const limits = { seconds: stage.seconds / stage.concurrency.length, leastRounds };
          await takeTurns(players, limits, (player) =>
            play(player, callers, ms, all.get(player.contender) ?? new Series()),
          );
          const best = bestOf(all);
          for (const { contender } of players) results.push(resultOf(contender, all, best, stage, callers));
        }
        return results;
      });
    },
  };
}

/** One entry for each turn of a contender. */
class Series {
  readonly rates: number[] = [];
  readonly cpuMicros: number[] = [];
  readonly errors: string[] = [];
  cycles = 0;
}

async function play(
  { contender, entrant }: Player,
  callers: number,
  turnMs: number,
  series: Series,
): Promise<void> {
  let cycles = 0;
  let errors = 0;
  const referees: Referee[] = [];
  const cpu = process.cpuUsage();
  const began = performance.now();
  const end = began + turnMs;
  const runs = Array.from({ length: callers }, async (_, caller) => {
    const name = `bench:${contender.name}:${caller}`;
    const referee = new Referee();
    referees.push(referee);
    while (performance.now() < end && errors < MOST_ERRORS) {
      try {
        const grant = await entrant.acquire(name);
        referee.enter(grant.fence);
        referee.leave();
        await grant.release();
        cycles += 1;
      } catch (error) {
        errors += 1;
        series.errors.push(error instanceof Error ? error.message : String(error));
      }
    }
  });
  const limit = new AbortController();
  const patience = sleep(turnMs + WIND_DOWN_MS, undefined, { signal: limit.signal });
  await Promise.race([Promise.all(runs), patience.catch(() => undefined)]);
  limit.abort();
  const elapsed = performance.now() - began;
  const { user, system } = process.cpuUsage(cpu);
  series.cycles += cycles;
  series.rates.push(cycles / (elapsed / 1_000));
  series.cpuMicros.push((user + system) / cycles);
  series.errors.push(...referees.flatMap(({ violations }) => violations));
}

function bestOf(all: ReadonlyMap<Contender, Series>): Series | undefined {
  const peersOnly = [...all].filter(([{ kind }]) => kind === "peer").map(([, series]) => series);
  return peersOnly.toSorted((a, b) => median(b.rates) - median(a.rates))[0];
}

function resultOf(
  contender: Contender,
  all: ReadonlyMap<Contender, Series>,
  best: Series | undefined,
  { servers: { length: servers } }: Stage,
  callers: number,
): Result {
  const own = all.get(contender) ?? new Series();
  const bare = contender === bareIoredis ? undefined : all.get(bareIoredis);
  const ratios = bare && compareTurns(own.rates, bare.rates);
  const toBest = best && contender.kind === "ours" ? compareTurns(own.rates, best.rates) : undefined;
  const targets: Target[] = [];
  if (contender.kind === "ours") {
    const promise = PROMISES.find((one) => one.callers === callers && one.servers === servers);
    if (promise !== undefined && ratios !== undefined)
      targets.push(atLeast("× bare", ratios.median, promise.bare, "× bare ioredis"));
    if (promise?.library !== undefined && toBest !== undefined)
      targets.push(atLeast("× library", toBest.median, promise.library, "× the best other library"));
  }
  const rate = median(own.rates);
  const cpu = median(own.cpuMicros.filter(Number.isFinite));
  return {
    cells: [
      String(servers),
      String(callers),
      contender.name,
      whole(rate),
      ...ratioCells(ratios),
      toBest ? ratio(toBest.median) : "",
      decimal(cpu),
      String(own.cycles),
      verdictOf(targets),
    ],
    figures: {
      servers,
      callers,
      contender: contender.name,
      rate,
      ratios,
      toBest,
      cpuMicros: cpu,
      n: own.cycles,
    },
    targets,
    notes: tally(`${contender.name}, N=${servers}, ${callers} callers`, own.errors),
  };
}
