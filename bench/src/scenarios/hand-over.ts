import type { Contender } from "../contender.ts";
import { bareIoredis, ours, waitingPeers, queuedBareIoredis, queuedSockets } from "../contenders/index.ts";
import { countMessages } from "../exclusion-checker.ts";
import { type HandOverResult, runHandOvers } from "../hand-over-run.ts";
import { decimal, millis, ratio, ratioCells, whole } from "../report/format.ts";
import { atMost, type Result, type Scenario, type RunSettings, type Target, verdictOf } from "../scenario.ts";
import { recordedOf, TOLERANCE } from "../recorded-figures.ts";
import { ServerStatistics, type ServerWork } from "../server-statistics.ts";
import { compareTurns, median, percentile, sum } from "../statistics.ts";
import { selectContenders, runRounds, withConnections } from "../rounds.ts";

const CONTENDERS = [bareIoredis, queuedBareIoredis, queuedSockets, ...ours, ...waitingPeers];

const WAITERS = 100;
const HOLD_MS = 1;

/** Commands per hand-over and server. */
const MAX_COMMANDS = 1.2;

export interface HandOverOptions {
  readonly waiters?: number;
  /** A turn ends after this many hand-overs, or after `turnMs`. */
  readonly handOversPerTurn?: number;
  readonly turnMs?: number;
  readonly minRounds?: number;
}

interface Turn {
  readonly run: HandOverResult;
  readonly server: ServerWork;
}

export function handOver(options: HandOverOptions = {}): Scenario {
  const { waiters = WAITERS, handOversPerTurn = 250, turnMs = 400, minRounds = 2 } = options;
  return {
    name: "hand-over",
    about:
      `${waiters} callers in one process wait for one lock, which each holder holds for ${HOLD_MS} ms: from the call of release() to the ` +
      "next grant, in ms. A caller that released waits for the lock again after the next grant. " +
      "Bare ioredis retries after 1 to 6 ms, or has a local queue. Errors are acquisitions that failed. " +
      '"× queue" is the median of the rounds\' ratios of p50 to bare ioredis with the local queue. Commands: the number that clients sent to all servers, per ' +
      "grant; messages: the number published, per grant. " +
      '"library ×" is the p50 of the fastest other library divided by the own p50. ' +
      `Target: "× queue" at most ${TOLERANCE}× of the recorded one; commands at most ${MAX_COMMANDS} N.`,
    columns: [
      "servers",
      "contender",
      "p50 ms",
      "p99",
      "× queue",
      "p25–p75",
      "library ×",
      "commands",
      "messages",
      "n",
      "errors",
      "violations",
      "target",
    ],
    servers: [1, 3, 5],
    quickServers: [3],
    minServers: 1,
    seconds: 12,
    quickSeconds: 1,
    async run(settings) {
      const contenders = selectContenders(CONTENDERS, settings);
      await using statistics = await ServerStatistics.connect(settings.servers);
      return await withConnections(contenders, settings, async (participants) => {
        const turns = new Map<Contender, Turn[]>(contenders.map((contender) => [contender, []]));
        const limits = { handOvers: handOversPerTurn, timeMs: settings.quick ? turnMs / 2 : turnMs };
        for (const participant of participants) {
          const lock = { name: `bench:hand-over:${participant.contender.name}`, waiters, holdMs: 0 };
          await runHandOvers(participant, lock, { handOvers: 2 * handOversPerTurn, timeMs: turnMs / 3 });
        }
        await runRounds(
          participants,
          { seconds: settings.seconds, minRounds: settings.quick ? 1 : minRounds },
          async (participant, round) => {
            // A new name for each turn, because waiters of the turn before may still be retrying.
            const lock = {
              name: `bench:hand-over:${participant.contender.name}:${round}`,
              waiters,
              holdMs: HOLD_MS,
            };
            const { result, server } = await statistics.measure(participant.contender, () =>
              runHandOvers(participant, lock, limits),
            );
            turns.get(participant.contender)?.push({ run: result, server });
          },
        );
        return contenders.map((contender) => resultOf(contender, turns, settings));
      });
    },
  };
}

function p50s(turns: readonly Turn[] | undefined): readonly number[] {
  return (turns ?? []).map(({ run }) => median(run.latenciesMs));
}

/** The smallest p50 of the other libraries, in ms. */
function fastestPeer(all: ReadonlyMap<Contender, readonly Turn[]>): number {
  const p50sOfPeers = [...all]
    .filter(([{ kind }]) => kind === "peer")
    .map(([, turns]) => median(turns.flatMap(({ run }) => run.latenciesMs)));
  return Math.min(...p50sOfPeers.filter(Number.isFinite));
}

function resultOf(
  contender: Contender,
  all: ReadonlyMap<Contender, readonly Turn[]>,
  { servers: { length: servers } }: RunSettings,
): Result {
  const own = all.get(contender) ?? [];
  const queue = all.get(queuedBareIoredis);
  const latencies = own.flatMap(({ run }) => run.latenciesMs);
  const errors = own.flatMap(({ run }) => run.errors);
  const violations = own.flatMap(({ run }) => run.violations);
  const grants = sum(own.map(({ run }) => run.grants));
  const commands = sum(own.map(({ server }) => server.commands)) / grants;
  const published = sum(own.map(({ server }) => server.published)) / grants;
  const reads = sum(own.map(({ server }) => server.reads)) / grants;
  const p50 = median(latencies);
  const p99 = percentile(latencies, 0.99);
  const ratios = contender === queuedBareIoredis ? undefined : queue && compareTurns(p50s(own), p50s(queue));
  const lead = contender.kind === "ours" ? fastestPeer(all) / p50 : Number.NaN;
  const targets: Target[] = [];
  if (contender.kind === "ours") {
    const recorded = recordedOf(contender.name)?.handOverToQueue[servers];
    if (recorded !== undefined && ratios !== undefined)
      targets.push(atMost("p50", ratios.median, recorded * TOLERANCE, "× bare ioredis with a local queue"));
    targets.push(atMost("commands", commands, MAX_COMMANDS * servers, "commands per hand-over"));
  }
  return {
    cells: [
      String(servers),
      contender.name,
      millis(p50),
      millis(p99),
      ...ratioCells(ratios),
      Number.isFinite(lead) ? ratio(lead) : "",
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
      lead,
      commands,
      published,
      reads,
      n: latencies.length,
      errors: errors.length,
      violations: violations.length,
      waiters: WAITERS,
    },
    targets,
    notes: countMessages(`${contender.name}, N=${servers}`, [...errors, ...violations]),
  };
}
