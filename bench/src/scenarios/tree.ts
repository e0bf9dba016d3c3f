import type { Contender } from "../contender.ts";
import { quorumlockTree } from "../contenders/index.ts";
import { countMessages } from "../exclusion-checker.ts";
import { LoadRun, type LoadTurn } from "../load-run.ts";
import { decimal, micros, whole } from "../report/format.ts";
import type { Result, RunSettings, Scenario } from "../scenario.ts";
import { median, percentile } from "../statistics.ts";

const PROCESSES = 2;
const LOCKS_PER_SECOND = 500;
/** How long each lock is held, in ms. The longer, the more locks the nodes above have at a time. */
const HOLDS_MS = [0, 10];

/** V8 has optimized the code after these calls. */
const WARM_UP_MS = 1_500;

export interface TreeOptions {
  readonly perSecond?: number;
  readonly turnMs?: number;
  readonly rounds?: number;
}

export function tree(options: TreeOptions = {}): Scenario {
  const { perSecond = LOCKS_PER_SECOND, turnMs = 3_000, rounds = 2 } = options;
  return {
    name: "tree",
    docsBlock: "kinds",
    about:
      `${PROCESSES} processes each lock ${perSecond} new leaves of one tree per second, at random moments and at a depth of 3, for ${turnMs / 1_000} s. ` +
      "If two of them reach the servers in a different order, the servers count different fencing tokens, and a second round commits one. " +
      "The share of locks that needed it, the time of an acquisition, and commands to all servers per lock.",
    columns: [
      "servers",
      "contender",
      "hold ms",
      "locks/s",
      "second round %",
      "acquire p50 µs",
      "p99",
      "commands",
      "failed",
      "n",
    ],
    servers: [1, 3],
    quickServers: [3],
    minServers: 1,
    seconds: 1,
    quickSeconds: 1,
    async run(settings) {
      const contenders = [quorumlockTree].filter(settings.includes);
      await using run = await LoadRun.start(settings, { processes: PROCESSES, contenders });
      const results: Result[] = [];
      const timeMs = settings.quick ? turnMs / 3 : turnMs;
      for (const contender of contenders) {
        for (const holdMs of HOLDS_MS) {
          const turns: LoadTurn[] = [];
          const groups = Array.from({ length: PROCESSES }, () => [{ callers: 0, holdMs, perSecond }]);
          await run.turn(contender, groups, Math.min(WARM_UP_MS, timeMs));
          for (let round = 0; round < (settings.quick ? 1 : rounds); round++)
            turns.push(await run.turn(contender, groups, timeMs));
          results.push(resultOf(contender, { holdMs, turnMs: timeMs }, turns, settings));
        }
      }
      return results;
    },
  };
}

function resultOf(
  contender: Contender,
  { holdMs, turnMs }: { readonly holdMs: number; readonly turnMs: number },
  turns: readonly LoadTurn[],
  { servers: { length: servers } }: RunSettings,
): Result {
  const calls = turns.flatMap((turn) => turn.calls.flat());
  const errors = turns.flatMap((turn) => turn.errors);
  const times = calls.map(({ calledAt, grantedAt }) => grantedAt - calledAt);
  const n = calls.length;
  const rate = n / ((turns.length * turnMs) / 1_000);
  const secondRounds = calls.filter(({ rounds = 0 }) => rounds > 1).length / n;
  const commands = turns.reduce((sum, { server }) => sum + server.commands, 0) / n;
  const [p50, p99] = [median(times), percentile(times, 0.99)];
  return {
    cells: [
      String(servers),
      contender.name,
      String(holdMs),
      whole(rate),
      decimal(100 * secondRounds),
      micros(p50),
      micros(p99),
      decimal(commands),
      String(errors.length),
      String(n),
    ],
    figures: {
      servers,
      contender: contender.name,
      holdMs,
      rate,
      secondRounds,
      p50,
      p99,
      commands,
      failed: errors.length,
      n,
    },
    targets: [],
    notes: countMessages(`${contender.name}, N=${servers}`, errors),
  };
}
