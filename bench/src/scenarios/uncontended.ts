import type { Contender } from "../contender.ts";
import { bareIoredis, bareNodeRedis, fullSockets, ours, peers, sockets } from "../contenders/index.ts";
import { Referee, tally } from "../referee.ts";
import { micros, ratio, ratioCells } from "../report/format.ts";
import { atMost, type Result, type Scenario, verdictOf } from "../scenario.ts";
import { compareTurns, median, percentile } from "../statistics.ts";
import { fieldOf, type Player, takeTurns, withPlayers } from "../turns.ts";

const CONTENDERS = [bareIoredis, bareNodeRedis, sockets, fullSockets, ...ours, ...peers];

const PHASES = ["acquire", "release", "cycle"] as const;
type Phase = (typeof PHASES)[number];

/** What is promised of the cycle's p50 against the bare protocol on the same client. */
const LIMIT = 1.1;

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
  const { cyclesPerTurn = 150, leastRounds = 5, warmUpCycles = 3_000 } = options;
  return {
    name: "uncontended",
    about:
      "Acquire and release of a free lock, one cycle after another. Contenders take turns of " +
      `${cyclesPerTurn} cycles, after ${warmUpCycles} to warm up; p50 is the median of the turns' medians, in µs. "× bare" is the ` +
      "median of the rounds' ratios to the bare protocol on the same client, with p25–p75. " +
      `Target: cycle at most ${LIMIT}× bare.`,
    columns: [
      "servers",
      "contender",
      "cycle p50 µs",
      "p90",
      "× bare",
      "p25–p75",
      "acquire ×",
      "release ×",
      "n",
      "target",
    ],
    servers: [1, 3, 5],
    quickServers: [3],
    leastServers: 1,
    seconds: 20,
    quickSeconds: 2,
    async run(stage) {
      const results = new Map<Contender, Series>();
      return withPlayers(fieldOf(CONTENDERS, stage), stage, async (players) => {
        for (const player of players) {
          results.set(player.contender, new Series());
          await play(player, stage.quick ? warmUpCycles / 4 : warmUpCycles, new Series());
        }
        await takeTurns(players, { seconds: stage.seconds, leastRounds }, (player) =>
          play(player, cyclesPerTurn, results.get(player.contender) ?? new Series()),
        );
        return players.map(({ contender }) => resultOf(contender, results, stage.servers.length));
      });
    },
  };
}

/** The turns of one contender. Times are in milliseconds. */
class Series {
  readonly cycleTimes: number[] = [];
  readonly turnMedians: Readonly<Record<Phase, number[]>> = { acquire: [], release: [], cycle: [] };
  readonly errors: string[] = [];
  readonly violations: string[] = [];
}

async function play({ contender, entrant }: Player, cycles: number, series: Series): Promise<void> {
  const names = Array.from({ length: NAMES }, (_, index) => `bench:${contender.name}:${index}`);
  const referees = names.map(() => new Referee());
  const turn: Record<Phase, number[]> = { acquire: [], release: [], cycle: [] };
  try {
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
  } catch (error) {
    series.errors.push(error instanceof Error ? error.message : String(error));
  }
  series.cycleTimes.push(...turn.cycle);
  for (const phase of PHASES) series.turnMedians[phase].push(median(turn[phase]));
  series.violations.push(...referees.flatMap(({ violations }) => violations));
}

function resultOf(contender: Contender, all: ReadonlyMap<Contender, Series>, servers: number): Result {
  const own = all.get(contender) ?? new Series();
  const bare = contender.baseline && all.get(contender.baseline);
  const [acquire, release, cycle] = PHASES.map(
    (phase) => bare && compareTurns(own.turnMedians[phase], bare.turnMedians[phase]),
  );
  const p50 = Object.fromEntries(
    PHASES.map((phase) => [phase, median(own.turnMedians[phase].filter(Number.isFinite))]),
  );
  const p90 = percentile(own.cycleTimes, 0.9);
  const n = own.cycleTimes.length;
  const targets =
    contender.kind === "ours" ? [atMost("cycle", cycle?.median ?? Number.NaN, LIMIT, "× bare")] : [];
  return {
    cells: [
      String(servers),
      contender.name,
      micros(p50["cycle"] ?? Number.NaN),
      micros(p90),
      ...ratioCells(cycle),
      acquire ? ratio(acquire.median) : "",
      release ? ratio(release.median) : "",
      String(n),
      verdictOf(targets),
    ],
    figures: { servers, contender: contender.name, p50, p90, ratios: { acquire, release, cycle }, n },
    targets,
    notes: tally(`${contender.name}, N=${servers}`, [...own.errors, ...own.violations]),
  };
}
