import { runChildTask } from "../child-task.ts";
import type { Contender } from "../contender.ts";
import { bareIoredis, bareNodeRedis, fencedSockets, ours, peers, sockets } from "../contenders/index.ts";
import { countMessages } from "../exclusion-checker.ts";
import { micros, ratio, ratioCells } from "../report/format.ts";
import { runRounds, selectContenders, withConnections } from "../rounds.ts";
import { atMost, type Result, type RunSettings, type Scenario, verdictOf, type WarmUp } from "../scenario.ts";
import { compareTurns, median, percentile } from "../statistics.ts";
import type { CoolAnswer, CoolTask } from "../workers/cool-task.ts";
import { addSeries, emptySeries, PHASES, runTurn, type TurnSeries } from "./uncontended-turn.ts";

const CONTENDERS = [bareIoredis, bareNodeRedis, sockets, fencedSockets, ...ours, ...peers];
const COOL_TIMEOUT_MS = 60_000;

/** The largest ratio of the cycle's p50 to bare ioredis, by number of servers if warm. */
const WARM_LIMITS: ReadonlyMap<number, number> = new Map([
  [1, 1.25],
  [3, 1.25],
  [5, 1.35],
]);
const COOL_LIMIT = 1.6;

export interface UncontendedOptions {
  /** Cycles of one turn. */
  readonly cyclesPerTurn?: number;
  readonly minRounds?: number;
  /**
   * Cycles of each contender before the measurement. Warm means that V8 has optimized the code. Before that, V8's compiler
   * threads compete with the servers for the cores.
   */
  readonly warmUpCycles?: number;
  readonly coolWarmUpCycles?: number;
  /** New processes of a cool measurement. */
  readonly coolProcesses?: number;
}

interface Plan {
  readonly cyclesPerTurn: number;
  readonly minRounds: number;
  readonly warmUpCycles: number;
  readonly coolWarmUpCycles: number;
  readonly coolProcesses: number;
}

type AllSeries = ReadonlyMap<Contender, TurnSeries>;

const DEFAULTS: Plan = {
  cyclesPerTurn: 150,
  minRounds: 5,
  warmUpCycles: 3_000,
  coolWarmUpCycles: 300,
  coolProcesses: 5,
};

/** A cool turn is short, because the measured cycles warm the code up too. */
const COOL_TURN_CYCLES = 50;
const COOL_ROUNDS = 2;

export function uncontended(options: UncontendedOptions = {}): Scenario {
  const plan = { ...DEFAULTS, ...options };
  return {
    name: "uncontended",
    about:
      `Acquire and release of a free lock, one cycle after another, in turns. Warm: turns of ${plan.cyclesPerTurn} cycles after ` +
      `${plan.warmUpCycles} cycles of warm-up. Cool: ${COOL_ROUNDS} turns of ${COOL_TURN_CYCLES} cycles after ${plan.coolWarmUpCycles} cycles, in each of ` +
      `${plan.coolProcesses} new processes, as in a service that takes a few locks per second. p50 is the median of the turns' medians, in µs. ` +
      '"× bare" is the median of the rounds\' ratios to the bare commands on the same client, with p25–p75. Target of quorumlock on ioredis: at most ' +
      `${[...WARM_LIMITS].map(([servers, limit]) => `${limit}× (N=${servers})`).join(", ")} warm, ${COOL_LIMIT}× cool.`,
    columns: [
      "servers",
      "names",
      "warm-up",
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
    minServers: 1,
    seconds: 14,
    quickSeconds: 2,
    varies: ["names", "warmUp"],
    async run(settings) {
      const contenders = selectContenders(CONTENDERS, settings);
      const all =
        settings.warmUp === "warm"
          ? await measureWarm(contenders, settings, plan)
          : await measureCool(contenders, settings, plan);
      return contenders.map((contender) => resultOf(contender, all, settings));
    },
  };
}

async function measureWarm(
  contenders: readonly Contender[],
  settings: RunSettings,
  { cyclesPerTurn, minRounds, warmUpCycles }: Plan,
): Promise<AllSeries> {
  const all = new Map(contenders.map((contender) => [contender, emptySeries()]));
  await withConnections(contenders, settings, async (participants) => {
    const cycles = settings.quick ? warmUpCycles / 4 : warmUpCycles;
    for (const participant of participants) await runTurn(participant, cycles, settings.names, emptySeries());
    await runRounds(participants, { seconds: settings.seconds, minRounds }, (participant) =>
      runTurn(participant, cyclesPerTurn, settings.names, all.get(participant.contender) ?? emptySeries()),
    );
  });
  return all;
}

/** Each process measures all contenders, so that their turns still alternate. */
async function measureCool(
  contenders: readonly Contender[],
  { servers, names, quick }: RunSettings,
  { coolWarmUpCycles, coolProcesses }: Plan,
): Promise<AllSeries> {
  const all = new Map(contenders.map((contender) => [contender, emptySeries()]));
  for (let round = 0; round < (quick ? 2 : coolProcesses); round++) {
    const task: CoolTask = {
      ports: servers.map(({ port }) => port),
      contenders: contenders.map(({ name }) => name),
      names,
      warmUpCycles: coolWarmUpCycles,
      cyclesPerTurn: COOL_TURN_CYCLES,
      rounds: COOL_ROUNDS,
      firstContender: round * 3,
    };
    const answer = await runChildTask<CoolAnswer>("cool", task, { timeoutMs: COOL_TIMEOUT_MS });
    for (const [contender, series] of all) {
      const added = answer.series[contender.name];
      if (added !== undefined) addSeries(series, added);
    }
  }
  return all;
}

function limitOf(contender: Contender, warmUp: WarmUp, servers: number): number | undefined {
  if (contender.kind !== "ours" || contender.baseline !== bareIoredis) return undefined;
  return warmUp === "cool" ? COOL_LIMIT : WARM_LIMITS.get(servers);
}

function resultOf(
  contender: Contender,
  all: AllSeries,
  { servers: { length: servers }, names, warmUp }: RunSettings,
): Result {
  const own = all.get(contender) ?? emptySeries();
  const bare = contender.baseline && all.get(contender.baseline);
  const [acquire, release, cycle] = PHASES.map(
    (phase) => bare && compareTurns(own.turnMedians[phase], bare.turnMedians[phase]),
  );
  const p50 = Object.fromEntries(
    PHASES.map((phase) => [phase, median(own.turnMedians[phase].filter(Number.isFinite))]),
  );
  const p90 = percentile(own.cycleTimes, 0.9);
  const n = own.cycleTimes.length;
  const limit = limitOf(contender, warmUp, servers);
  const targets =
    limit === undefined
      ? []
      : [atMost("cycle", cycle?.median ?? Number.NaN, limit, `× bare ioredis, ${warmUp}`)];
  return {
    cells: [
      String(servers),
      names,
      warmUp,
      contender.name,
      micros(p50["cycle"] ?? Number.NaN),
      micros(p90),
      ...ratioCells(cycle),
      acquire ? ratio(acquire.median) : "",
      release ? ratio(release.median) : "",
      String(n),
      verdictOf(targets),
    ],
    figures: {
      servers,
      names,
      warmUp,
      contender: contender.name,
      p50,
      p90,
      ratios: { acquire, release, cycle },
      n,
    },
    targets,
    notes: countMessages(`${contender.name}, N=${servers}, ${warmUp}`, [...own.errors, ...own.violations]),
  };
}
