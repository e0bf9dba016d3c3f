import { runTurn, Series, TIMEOUT_MS } from "../acquire-turns.ts";
import type { Contender } from "../contender.ts";
import { bareIoredis, bareNodeRedis, defaultPeers, ours } from "../contenders/index.ts";
import { countMessages } from "../exclusion-checker.ts";
import { micros, millis, ratio, ratioCells } from "../report/format.ts";
import { atMost, type Result, type RunSettings, type Scenario, type Target, verdictOf } from "../scenario.ts";
import { recordedOf, TOLERANCE } from "../recorded-figures.ts";
import { compareTurns, median, percentile } from "../statistics.ts";
import { rotate, selectContenders, withConnections } from "../rounds.ts";

const CONTENDERS = [bareIoredis, bareNodeRedis, ...ours, ...defaultPeers];

/** The largest ratio of p50 with one server hung to p50 with all servers healthy. */
const LIMIT = 1.15;
export interface HungServerOptions {
  readonly cyclesPerTurn?: number;
  readonly rounds?: number;
  readonly warmUpCycles?: number;
}

export function hungServer(options: HungServerOptions = {}): Scenario {
  const { cyclesPerTurn = 120, rounds = 6, warmUpCycles = 400 } = options;
  return {
    name: "hung-server",
    about:
      "Acquire of a free lock with the default options of clients and libraries, in µs. In each round once all servers are healthy, and once the last one is " +
      `stopped (SIGSTOP: its connections stay open, but it answers nothing). Turns of ${cyclesPerTurn} cycles. A call that takes longer than ` +
      `${TIMEOUT_MS / 1_000} s has stalled, and its contender takes no further turn. "hung × bare" compares p50 with the bare commands on the same client, one server hung. ` +
      `Target: p50 at most ${LIMIT}× of all healthy, and "hung × bare" at most ${TOLERANCE}× of the recorded one.`,
    columns: [
      "servers",
      "contender",
      "healthy p50 µs",
      "hung p50 µs",
      "largest ms",
      "hung × healthy",
      "p25–p75",
      "hung × bare",
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
      const last = settings.servers.at(-1);
      if (last === undefined) return [];
      return withConnections(contenders, settings, async (participants) => {
        const all = new Map(contenders.map((contender) => [contender, new Series()]));
        for (const participant of participants)
          await runTurn(participant, "warm-up", settings.quick ? warmUpCycles / 4 : warmUpCycles);
        for (let round = 0; round < (settings.quick ? Math.min(2, rounds) : rounds); round++) {
          for (const state of ["healthy", "faulty"] as const) {
            if (state === "faulty") last.pause();
            try {
              for (const participant of rotate(participants, round)) {
                const series = all.get(participant.contender);
                if (series === undefined || series.hasFailed) continue;
                series.add(state, await runTurn(participant, `${state}:${round}`, cyclesPerTurn));
              }
            } finally {
              last.resume();
            }
          }
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
  const bare = contender.baseline && all.get(contender.baseline);
  const ratios = series.hasFailed ? undefined : compareTurns(series.medians.faulty, series.medians.healthy);
  const toBare =
    bare && !series.hasFailed ? compareTurns(series.medians.faulty, bare.medians.faulty) : undefined;
  const healthy = median(series.times.healthy);
  const hung = series.hasFailed ? Number.NaN : median(series.times.faulty);
  const targets: Target[] = [];
  if (contender.kind === "ours") {
    targets.push(atMost("acquire", ratios?.median ?? Number.NaN, LIMIT, "× all healthy"));
    const recorded = recordedOf(contender.name)?.hungToBare;
    if (recorded !== undefined && servers === 5)
      targets.push(atMost("hung × bare", toBare?.median ?? Number.NaN, recorded * TOLERANCE, "× bare"));
  }
  return {
    cells: [
      String(servers),
      contender.name,
      micros(healthy),
      micros(hung),
      millis(percentile(series.times.faulty, 1)),
      ...ratioCells(ratios),
      toBare ? ratio(toBare.median) : "",
      String(series.stalls),
      verdictOf(targets),
    ],
    figures: {
      servers,
      contender: contender.name,
      healthy,
      hung,
      ratios,
      toBare,
      stalls: series.stalls,
      errors: series.errors.length,
    },
    targets,
    notes: [
      ...(series.stalls > 0
        ? [
            `${contender.name}, N=${servers}: a call took longer than ${TIMEOUT_MS / 1_000} s while one server hung`,
          ]
        : []),
      ...countMessages(`${contender.name}, N=${servers}`, series.errors),
    ],
  };
}
