import { runTurn, Series, type ServersState, TIMEOUT_MS } from "../acquire-turns.ts";
import type { Contender } from "../contender.ts";
import { bareIoredis, bareNodeRedis, defaultPeers, ours } from "../contenders/index.ts";
import { countMessages } from "../exclusion-checker.ts";
import { micros, millis, ratioCells } from "../report/format.ts";
import { rotate, selectContenders, withConnections } from "../rounds.ts";
import { atMost, type Result, type RunSettings, type Scenario, type Target, verdictOf } from "../scenario.ts";
import { compareTurns, median, percentile } from "../statistics.ts";

const CONTENDERS = [bareIoredis, bareNodeRedis, ...ours, ...defaultPeers];

/** The largest ratio of p50 with all but a quorum of the servers dead to p50 with all servers healthy. */
const LIMIT = 1.3;

export interface KilledServersOptions {
  readonly cyclesPerTurn?: number;
  readonly rounds?: number;
  readonly warmUpCycles?: number;
}

export function killedServers(options: KilledServersOptions = {}): Scenario {
  const { cyclesPerTurn = 120, rounds = 6, warmUpCycles = 3_000 } = options;
  return {
    name: "killed-servers",
    docsBlock: "kinds",
    about:
      "Acquire of a free lock with the default options of clients and libraries, in µs. First in some rounds with all servers healthy, and then in as many rounds after " +
      "all but a quorum of them were killed (SIGKILL: 2 of 5), on the same connections. They start again at the end, because the restart guard would keep them from voting. " +
      `Turns of ${cyclesPerTurn} cycles after ${warmUpCycles} cycles of warm-up, because otherwise the later rounds would run warmer code. A call that takes longer than ${TIMEOUT_MS / 1_000} s has stalled. Target: p50 at most ${LIMIT}× of all healthy.`,
    columns: [
      "servers",
      "contender",
      "healthy p50 µs",
      "killed p50 µs",
      "largest ms",
      "killed × healthy",
      "p25–p75",
      "stalls",
      "target",
    ],
    servers: [5],
    quickServers: [5],
    minServers: 3,
    seconds: 1,
    quickSeconds: 1,
    async run(settings) {
      const contenders = selectContenders(CONTENDERS, settings);
      const { servers, quick } = settings;
      const victims = servers.slice(Math.floor(servers.length / 2) + 1);
      return withConnections(contenders, settings, async (participants) => {
        const all = new Map(contenders.map((contender) => [contender, new Series()]));
        const runRounds = async (state: ServersState): Promise<void> => {
          for (let round = 0; round < (quick ? Math.min(2, rounds) : rounds); round++) {
            for (const participant of rotate(participants, round)) {
              const series = all.get(participant.contender);
              if (series === undefined || series.hasFailed) continue;
              series.add(state, await runTurn(participant, `${state}:${round}`, cyclesPerTurn));
            }
          }
        };
        const warmUp = async (what: string, cycles: number): Promise<void> => {
          for (const participant of participants) await runTurn(participant, what, cycles);
        };
        await warmUp("warm-up", quick ? warmUpCycles / 4 : warmUpCycles);
        await runRounds("healthy");
        try {
          for (const victim of victims) await victim.kill();
          // The clients notice the broken connections.
          await warmUp("after", 10);
          await runRounds("faulty");
        } finally {
          for (const victim of victims) await victim.restart();
        }
        return contenders.map((contender) => resultOf(contender, all, settings));
      });
    },
  };
}

function resultOf(
  contender: Contender,
  all: ReadonlyMap<Contender, Series>,
  { servers: { length: servers } }: RunSettings,
): Result {
  const series = all.get(contender) ?? new Series();
  const ratios = series.hasFailed ? undefined : compareTurns(series.medians.faulty, series.medians.healthy);
  const healthy = median(series.times.healthy);
  const killed = series.hasFailed ? Number.NaN : median(series.times.faulty);
  const targets: Target[] =
    contender.kind === "ours"
      ? [atMost("acquire", ratios?.median ?? Number.NaN, LIMIT, "× all healthy")]
      : [];
  return {
    cells: [
      String(servers),
      contender.name,
      micros(healthy),
      micros(killed),
      millis(percentile(series.times.faulty, 1)),
      ...ratioCells(ratios),
      String(series.stalls),
      verdictOf(targets),
    ],
    figures: {
      servers,
      contender: contender.name,
      healthy,
      killed,
      ratios,
      stalls: series.stalls,
      errors: series.errors.length,
    },
    targets,
    notes: countMessages(`${contender.name}, N=${servers}`, series.errors),
  };
}
