import { quorumlockIoredis } from "../contenders/quorumlock-ioredis.ts";
import { redlock5Beta } from "../contenders/redlock5-beta.ts";
import type { Contender } from "../contender.ts";
import { type RelayResult, runRelay } from "../relay.ts";
import { millis } from "../report/format.ts";
import { judge, type Result, type Scenario, verdictOf } from "../scenario.ts";
import { percentile } from "../statistics.ts";
import { takeTurns, withPlayers } from "../turns.ts";

const CONTENDERS = [quorumlockIoredis, redlock5Beta];

const WAITERS = 10;
const HOLD_MS = 1;
/** Whose p50 is promised to stay below the limit. */
const PROMISED: readonly Contender[] = [quorumlockIoredis];
const LIMIT_MS = 3;

export interface HandOverOptions {
  /** A turn ends after so many hand-overs, or when its time is over. */
  readonly handOversPerTurn?: number;
  /** The seconds of the stage are shared by so many turns of each contender. */
  readonly rounds?: number;
}

export function handOver({ handOversPerTurn = 500, rounds = 2 }: HandOverOptions = {}): Scenario {
  return {
    name: "hand-over",
    about:
      `${WAITERS} waiters in one process on one lock that is held for ${HOLD_MS} ms: from the call of release() to the ` +
      "moment the next waiter has the lock, in ms. Who released joins the waiters again when the next one has it. " +
      "Exclusion and the order of fencing tokens are checked. Libraries wait as they do by default; errors are those of " +
      `acquisitions that gave up. Target: p50 below ${LIMIT_MS} ms.`,
    columns: ["servers", "contender", "p50", "p99", "largest", "n", "errors", "concurrency", "target"],
    async run(stage) {
      return withPlayers(CONTENDERS, stage, async (players) => {
        const relays = new Map<Contender, RelayResult[]>();
        const limits = {
          handOvers: handOversPerTurn,
          timeMs: (stage.seconds * 1_000) / (rounds * CONTENDERS.length),
        };
        await takeTurns(players, { seconds: 0, leastRounds: rounds }, async (player, round) => {
          // A new lock for each turn: what a turn left behind must not burden the next.
          const lock = { name: `bench:hand-over:${round}`, waiters: WAITERS, holdMs: HOLD_MS };
          const relay = await runRelay(player, lock, limits);
          relays.set(player.contender, [...(relays.get(player.contender) ?? []), relay]);
        });
        return players.map(({ contender }) =>
          resultOf(contender, relays.get(contender) ?? [], stage.servers.length),
        );
      });
    },
  };
}

function resultOf(contender: Contender, relays: readonly RelayResult[], servers: number): Result {
  const latencies = relays.flatMap((relay) => relay.latenciesMs);
  const errors = relays.flatMap((relay) => relay.errors);
  const p50 = percentile(latencies, 0.5);
  const p99 = percentile(latencies, 0.99);
  const largest = percentile(latencies, 1);
  const targets = PROMISED.includes(contender) ? [judge("p50", p50, LIMIT_MS, "ms")] : [];
  return {
    cells: [
      String(servers),
      contender.name,
      millis(p50),
      millis(p99),
      millis(largest),
      String(latencies.length),
      String(errors.length),
      String(WAITERS),
      verdictOf(targets),
    ],
    figures: {
      servers,
      contender: contender.name,
      p50,
      p99,
      largest,
      n: latencies.length,
      errors: errors.length,
      concurrency: WAITERS,
    },
    targets,
    notes: [...new Set(errors)].map((error) => `${contender.name}, ${servers} servers: ${error}`),
  };
}
