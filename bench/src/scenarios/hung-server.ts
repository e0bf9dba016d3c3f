import type { Contender, Entrant } from "../contender.ts";
import { bareIoredis, bareNodeRedis, ours, peers } from "../contenders/index.ts";
import { tally } from "../referee.ts";
import { micros, millis, ratioCells } from "../report/format.ts";
import { atMost, type Result, type Scenario, type Stage, verdictOf } from "../scenario.ts";
import { compareTurns, median, percentile } from "../statistics.ts";
import { fieldOf, type Player, withPlayers } from "../turns.ts";
import { messageOf, TOO_LATE, within } from "../within.ts";

const CONTENDERS = [bareIoredis, bareNodeRedis, ...ours, ...peers];

/** What is promised of p50 with one server hung, against all of them healthy. */
const LIMIT = 1.15;
/** An acquisition or release that takes longer has failed, and ends the turn: nobody waits so long for a free lock. */
const PATIENCE_MS = 2_500;

export interface HungServerOptions {
  readonly cyclesPerTurn?: number;
  readonly rounds?: number;
  readonly warmUpCycles?: number;
}

type State = "healthy" | "hung";

export function hungServer(options: HungServerOptions = {}): Scenario {
  const { cyclesPerTurn = 120, rounds = 6, warmUpCycles = 400 } = options;
  return {
    name: "hung-server",
    about:
      "Acquire of a free lock with the settings that clients and libraries come with, in µs: all servers healthy, and the last one of them stopped " +
      `(SIGSTOP: connections stay open, nothing is answered). Turns of ${cyclesPerTurn} cycles, in rounds of both. What takes longer than ` +
      `${PATIENCE_MS / 1_000} s has stalled and ends the turn; who stalled is not asked again. Target: p50 at most ${LIMIT}× that of all healthy.`,
    columns: [
      "servers",
      "contender",
      "healthy p50 µs",
      "hung p50 µs",
      "largest ms",
      "hung × healthy",
      "p25–p75",
      "stalls",
      "target",
    ],
    servers: [5],
    quickServers: [5],
    leastServers: 3,
    seconds: 1,
    quickSeconds: 1,
    async run(stage) {
      const field = fieldOf([...CONTENDERS], stage);
      const last = stage.servers.at(-1);
      if (last === undefined) return [];
      return withPlayers(field, stage, async (players) => {
        const all = new Map(field.map((contender) => [contender, new Series()]));
        for (const player of players)
          await play(player, "warm-up", stage.quick ? warmUpCycles / 4 : warmUpCycles);
        for (let round = 0; round < (stage.quick ? Math.min(2, rounds) : rounds); round++) {
          for (const state of ["healthy", "hung"] as const) {
            if (state === "hung") last.pause();
            try {
              for (let place = 0; place < players.length; place++) {
                const player = players[(round + place) % players.length];
                const series = player && all.get(player.contender);
                if (player === undefined || series === undefined) continue;
                if (series.stalls > 0 || series.errors.length > 0) continue;
                series.add(state, await play(player, `${state}:${round}`, cyclesPerTurn));
              }
            } finally {
              last.resume();
            }
          }
        }
        return field.map((contender) => resultOf(contender, all.get(contender) ?? new Series(), stage));
      });
    },
  };
}

interface Turn {
  readonly acquireMs: readonly number[];
  readonly stalled: boolean;
  readonly error: string | undefined;
}

class Series {
  readonly medians: Readonly<Record<State, number[]>> = { healthy: [], hung: [] };
  readonly times: Readonly<Record<State, number[]>> = { healthy: [], hung: [] };
  readonly errors: string[] = [];
  stalls = 0;

  add(state: State, { acquireMs, stalled, error }: Turn): void {
    this.medians[state].push(median(acquireMs));
    this.times[state].push(...acquireMs);
    if (stalled) this.stalls += 1;
    if (error !== undefined) this.errors.push(`${state}: ${error}`);
  }
}

/** Names are used once: what a stalled turn leaves behind must not be met again. */
async function play({ contender, entrant }: Player, what: string, cycles: number): Promise<Turn> {
  const acquireMs: number[] = [];
  try {
    for (let cycle = 0; cycle < cycles; cycle++) {
      const taken = await acquireAndRelease(entrant, `bench:hung:${contender.name}:${what}:${cycle}`);
      if (taken === TOO_LATE)
        return { acquireMs: [...acquireMs, PATIENCE_MS], stalled: true, error: undefined };
      acquireMs.push(taken);
    }
    return { acquireMs, stalled: false, error: undefined };
  } catch (error) {
    return { acquireMs, stalled: false, error: messageOf(error) };
  }
}

async function acquireAndRelease(entrant: Entrant, name: string): Promise<number | typeof TOO_LATE> {
  const began = performance.now();
  const grant = await within(entrant.acquire(name), PATIENCE_MS);
  const tookMs = performance.now() - began;
  if (grant === TOO_LATE) return TOO_LATE;
  return (await within(grant.release(), PATIENCE_MS)) === TOO_LATE ? TOO_LATE : tookMs;
}

function resultOf(contender: Contender, series: Series, { servers: { length: servers } }: Stage): Result {
  const broken = series.stalls > 0 || series.errors.length > 0;
  const ratios = compareTurns(series.medians.hung, series.medians.healthy);
  const [healthy, hung] = [median(series.times.healthy), broken ? Number.NaN : median(series.times.hung)];
  const targets =
    contender.kind === "ours"
      ? [atMost("acquire", broken ? Number.NaN : ratios.median, LIMIT, "× all healthy")]
      : [];
  return {
    cells: [
      String(servers),
      contender.name,
      micros(healthy),
      micros(hung),
      millis(percentile(series.times.hung, 1)),
      ...ratioCells(broken ? undefined : ratios),
      String(series.stalls),
      verdictOf(targets),
    ],
    figures: {
      servers,
      contender: contender.name,
      healthy,
      hung,
      ratios: broken ? undefined : ratios,
      stalls: series.stalls,
      errors: series.errors.length,
    },
    targets,
    notes: [
      ...(series.stalls > 0
        ? [
            `${contender.name}, N=${servers}: a call took longer than ${PATIENCE_MS / 1_000} s while one server hung`,
          ]
        : []),
      ...tally(`${contender.name}, N=${servers}`, series.errors),
    ],
  };
}
