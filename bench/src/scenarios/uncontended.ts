import type { Contender, Entrant } from "../contender.ts";
import { bareIoredis } from "../contenders/bare-ioredis.ts";
import { bareNodeRedis } from "../contenders/bare-node-redis.ts";
import { quorumlockIoredis } from "../contenders/quorumlock-ioredis.ts";
import { quorumlockNodeRedis } from "../contenders/quorumlock-node-redis.ts";
import { Referee } from "../referee.ts";
import { micros, ratio } from "../report/format.ts";
import { judge, type Result, type Scenario, verdictOf } from "../scenario.ts";
import { median, percentile, type Ratio, ratioOfMedians } from "../statistics.ts";
import { type Player, takeTurns, withPlayers } from "../turns.ts";

const CONTENDERS = [bareIoredis, quorumlockIoredis, bareNodeRedis, quorumlockNodeRedis];

const PHASES = ["acquire", "release", "cycle"] as const;
type Phase = (typeof PHASES)[number];

/** What is promised of p50 against the bare protocol on the same client. */
const PROMISED: readonly Phase[] = ["acquire", "release"];
const LIMIT = 1.5;

/** One after another: what a caller waits for, not how much a process can do. */
const CONCURRENCY = 1;
/** Locks taken in turn: counters and keys are there already, as in a service that runs. */
const NAMES = 16;

export interface UncontendedOptions {
  /** Cycles of one contender before it is the next one's turn. */
  readonly cyclesPerTurn?: number;
  readonly leastRounds?: number;
  /**
   * Cycles of each contender that are not measured. So many that its code is compiled for speed: until then the
   * compiler's own threads compete with the servers for the few cores there are, which a service sees for some seconds
   * of its life.
   */
  readonly warmUpCycles?: number;
}

export function uncontended(options: UncontendedOptions = {}): Scenario {
  const { cyclesPerTurn = 200, leastRounds = 5, warmUpCycles = 6_000 } = options;
  return {
    name: "uncontended",
    about:
      "Acquire and release of a free lock, one cycle after another, in µs. Contenders take turns of " +
      `${cyclesPerTurn} cycles, after ${warmUpCycles} to warm up; p50 is the median of the turns' medians. "× bare" compares it with the bare protocol on ` +
      "the same client; the range is that of single turns. " +
      `Target: p50 of acquire and of release at most ${LIMIT}× bare.`,
    columns: [
      "servers",
      "contender",
      ...PHASES.flatMap((phase) => [`${phase} p50`, "p90", "× bare", "range"]),
      "n",
      "concurrency",
      "target",
    ],
    async run(stage) {
      return withPlayers(CONTENDERS, stage, async (players) => {
        const series = new Map<Contender, Series>(players.map(({ contender }) => [contender, new Series()]));
        for (const player of players) await play(player, warmUpCycles, new Series());
        await takeTurns(players, { seconds: stage.seconds, leastRounds }, (player) =>
          play(player, cyclesPerTurn, series.get(player.contender) ?? new Series()),
        );
        return players.map(({ contender }) => resultOf(contender, series, stage.servers.length));
      });
    },
  };
}

/** The turns of one contender. Times are in milliseconds. */
class Series {
  readonly times: Readonly<Record<Phase, number[]>> = { acquire: [], release: [], cycle: [] };
  readonly turnMedians: Readonly<Record<Phase, number[]>> = { acquire: [], release: [], cycle: [] };

  add(turn: Readonly<Record<Phase, readonly number[]>>): void {
    for (const phase of PHASES) {
      this.times[phase].push(...turn[phase]);
      this.turnMedians[phase].push(median(turn[phase]));
    }
  }
}

async function play({ contender, entrant }: Player, cycles: number, series: Series): Promise<void> {
  const names = Array.from({ length: NAMES }, (_, index) => `bench:${contender.name}:${index}`);
  const referees = names.map(() => new Referee(contender.name));
  series.add(await measure(entrant, names, referees, cycles));
}

async function measure(
  entrant: Entrant,
  names: readonly string[],
  referees: readonly Referee[],
  cycles: number,
): Promise<Readonly<Record<Phase, readonly number[]>>> {
  const turn: Record<Phase, number[]> = { acquire: [], release: [], cycle: [] };
  for (let cycle = 0; cycle < cycles; cycle++) {
    const place = cycle % names.length;
    const began = performance.now();
    const grant = await entrant.acquire(names[place] ?? "");
    const granted = performance.now();
    referees[place]?.enter(grant.fence);
    referees[place]?.leave();
    const releasing = performance.now();
    await grant.release();
    const released = performance.now();
    turn.acquire.push(granted - began);
    turn.release.push(released - releasing);
    turn.cycle.push(granted - began + released - releasing);
  }
  return turn;
}

function resultOf(contender: Contender, series: ReadonlyMap<Contender, Series>, servers: number): Result {
  const own = series.get(contender) ?? new Series();
  const bare = contender.baseline === undefined ? undefined : series.get(contender.baseline);
  const phases = PHASES.map((phase) => {
    const ratios = bare && ratioOfMedians(own.turnMedians[phase], bare.turnMedians[phase]);
    return { phase, p50: median(own.turnMedians[phase]), p90: percentile(own.times[phase], 0.9), ratios };
  });
  const n = own.times.cycle.length;
  const targets = phases.flatMap(({ phase, ratios }) =>
    ratios !== undefined && PROMISED.includes(phase) ? [judge(phase, ratios.ofMedians, LIMIT, "×")] : [],
  );
  return {
    cells: [
      String(servers),
      contender.name,
      ...phases.flatMap(({ p50, p90, ratios }) => [micros(p50), micros(p90), ...ratioCells(ratios)]),
      String(n),
      String(CONCURRENCY),
      verdictOf(targets),
    ],
    figures: {
      servers,
      contender: contender.name,
      ...Object.fromEntries(phases.map(({ phase, ...figures }) => [phase, figures])),
      n,
      turns: own.turnMedians.cycle.length,
      concurrency: CONCURRENCY,
    },
    targets,
    notes: [],
  };
}

function ratioCells(ratios: Ratio | undefined): readonly [string, string] {
  if (ratios === undefined) return ["", ""];
  return [ratio(ratios.ofMedians), `${ratio(ratios.least)}–${ratio(ratios.most)}`];
}
