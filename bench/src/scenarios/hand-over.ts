import { CommandCounts, type Traffic } from "../command-counts.ts";
import type { Contender } from "../contender.ts";
import { bareIoredis, ours, peers, queuedBareIoredis, queuedSockets } from "../contenders/index.ts";
import { tally } from "../referee.ts";
import { type RelayResult, runRelay } from "../relay.ts";
import { decimal, millis, ratio, ratioCells, whole } from "../report/format.ts";
import {
  atLeast,
  atMost,
  type Result,
  type Scenario,
  type Stage,
  type Target,
  verdictOf,
} from "../scenario.ts";
import { compareTurns, median, percentile, sum } from "../statistics.ts";
import { fieldOf, takeTurns, withPlayers } from "../turns.ts";

const CONTENDERS = [bareIoredis, queuedBareIoredis, queuedSockets, ...ours, ...peers];

const WAITERS = 100;
const HOLD_MS = 1;

/** What is promised of p50 against the local queue over bare ioredis, by the number of servers. */
const LIMITS: ReadonlyMap<number, number> = new Map([
  [1, 0.75],
  [3, 0.9],
]);
/** How much faster than the best other library at least. */
const LEAD = 5;
/** Commands for each hand-over and server. */
const COMMANDS = 1.2;

export interface HandOverOptions {
  readonly waiters?: number;
  /** A turn ends after so many hand-overs, or when its time is over. */
  readonly handOversPerTurn?: number;
  readonly turnMs?: number;
  readonly leastRounds?: number;
}

interface Turn {
  readonly relay: RelayResult;
  readonly traffic: Traffic;
}

export function handOver(options: HandOverOptions = {}): Scenario {
  const { waiters = WAITERS, handOversPerTurn = 250, turnMs = 500, leastRounds = 3 } = options;
  return {
    name: "hand-over",
    about:
      `${waiters} waiters in one process on one lock that is held for ${HOLD_MS} ms: from the call of release() to the ` +
      "moment the next waiter has the lock, in ms. Who released joins the waiters again when the next one has it. " +
      "Libraries wait as they do by default; bare ioredis retries after 1 to 6 ms, or stands behind a local queue; errors are those of " +
      'acquisitions that gave up. "× queue" is the median of the rounds\' ratios of p50 to that queue. Commands are those that clients send to all servers together, for ' +
      "each grant; messages those published. " +
      `Target: p50 at most ${[...LIMITS].map(([servers, limit]) => `${limit}× (N=${servers})`).join(", ")} of the local queue, ` +
      `${LEAD}× below the best library; commands at most ${COMMANDS} N.`,
    columns: [
      "servers",
      "contender",
      "p50 ms",
      "p99",
      "× queue",
      "p25–p75",
      "commands",
      "messages",
      "n",
      "errors",
      "violations",
      "target",
    ],
    servers: [1, 3, 5],
    quickServers: [3],
    leastServers: 1,
    seconds: 16,
    quickSeconds: 1,
    async run(stage) {
      const field = fieldOf([...CONTENDERS], stage);
      await using counts = await CommandCounts.of(stage.servers);
      return await withPlayers(field, stage, async (players) => {
        const turns = new Map<Contender, Turn[]>(field.map((contender) => [contender, []]));
        const limits = { handOvers: handOversPerTurn, timeMs: stage.quick ? turnMs / 2 : turnMs };
        for (const player of players) {
          const lock = { name: `bench:hand-over:${player.contender.name}`, waiters, holdMs: 0 };
          await runRelay(player, lock, { handOvers: 2 * handOversPerTurn, timeMs: turnMs / 3 });
        }
        await takeTurns(
          players,
          { seconds: stage.seconds, leastRounds: stage.quick ? 1 : leastRounds },
          async (player, round) => {
            // A new lock for each turn: what a turn left behind must not burden the next.
            const lock = {
              name: `bench:hand-over:${player.contender.name}:${round}`,
              waiters,
              holdMs: HOLD_MS,
            };
            const { result, traffic } = await counts.during(player.contender, () =>
              runRelay(player, lock, limits),
            );
            turns.get(player.contender)?.push({ relay: result, traffic });
          },
        );
        return field.map((contender) => resultOf(contender, turns, stage));
      });
    },
  };
}

function p50s(turns: readonly Turn[] | undefined): readonly number[] {
  return (turns ?? []).map(({ relay }) => median(relay.latenciesMs));
}

function resultOf(
  contender: Contender,
  all: ReadonlyMap<Contender, readonly Turn[]>,
  { servers: { length: servers } }: Stage,
): Result {
  const own = all.get(contender) ?? [];
  const queue = all.get(queuedBareIoredis);
  const latencies = own.flatMap(({ relay }) => relay.latenciesMs);
  const errors = own.flatMap(({ relay }) => relay.errors);
  const violations = own.flatMap(({ relay }) => relay.violations);
  const grants = sum(own.map(({ relay }) => relay.grants));
  const commands = sum(own.map(({ traffic }) => traffic.commands)) / grants;
  const published = sum(own.map(({ traffic }) => traffic.published)) / grants;
  const reads = sum(own.map(({ traffic }) => traffic.reads)) / grants;
  const p50 = median(latencies);
  const p99 = percentile(latencies, 0.99);
  const ratios = contender === queuedBareIoredis ? undefined : queue && compareTurns(p50s(own), p50s(queue));
  const targets: Target[] = [];
  if (contender.kind === "ours") {
    const limit = LIMITS.get(servers);
    if (limit !== undefined && ratios !== undefined)
      targets.push(atMost("p50", ratios.median, limit, "× local queue over bare ioredis"));
    const library = Math.min(
      ...[...all]
        .filter(([{ kind }]) => kind === "peer")
        .map(([, turns]) => median(turns.flatMap(({ relay }) => relay.latenciesMs)))
        .filter(Number.isFinite),
    );
    if (Number.isFinite(library))
      targets.push(atLeast("lead", library / p50, LEAD, "× faster than the best library"));
    targets.push(atMost("commands", commands, COMMANDS * servers, "commands for each hand-over"));
  }
  return {
    cells: [
      String(servers),
      contender.name,
      millis(p50),
      millis(p99),
      ...ratioCells(ratios),
      decimal(commands),
      ratio(published),
      String(latencies.length),
      String(errors.length),
      whole(violations.length),
      verdictOf(targets),
    ],
    figures: {
      servers,
      contender: contender.name,
      p50,
      p99,
      ratios,
      commands,
      published,
      reads,
      n: latencies.length,
      errors: errors.length,
      violations: violations.length,
      waiters: WAITERS,
    },
    targets,
    notes: tally(`${contender.name}, N=${servers}`, [...errors, ...violations]),
  };
}
