import type { Contender } from "../contender.ts";
import { quorumlockFair, quorumlockIoredis } from "../contenders/index.ts";
import { type ContentionTurn, runContention } from "../contention-run.ts";
import { countMessages } from "../exclusion-checker.ts";
import { decimal, millis, ratio, ratioCells, whole } from "../report/format.ts";
import { selectContenders } from "../rounds.ts";
import { atLeast, atMost, type Result, type RunSettings, type Scenario, verdictOf } from "../scenario.ts";
import { compareTurns, median, percentile, sum } from "../statistics.ts";
import type { ServedCall } from "../workers/messages.ts";

const CONTENDERS = [quorumlockIoredis, quorumlockFair];

const PROCESSES = 4;
const WAITERS = 25;
const HOLD_MS = 1;
/** A caller that called so much earlier has its place in line before the other one calls, also on a busy machine. */
const ORDER_SLACK_MS = 50;
/** Grants per second against the plain lock. */
const MIN_RATE = 0.5;
export interface FairOptions {
  readonly processes?: number;
  readonly waiters?: number;
  readonly turnMs?: number;
  readonly rounds?: number;
}

export function fair(options: FairOptions = {}): Scenario {
  const { processes = PROCESSES, waiters = WAITERS, turnMs = 2_500, rounds = 4 } = options;
  return {
    name: "fair",
    docsBlock: "kinds",
    about:
      `${processes} processes with ${waiters} waiters each compete for one lock, which each holder holds for ${HOLD_MS} ms, in turns of ${turnMs / 1_000} s. ` +
      `"passes": grants to a caller although another one had called ${ORDER_SLACK_MS} ms earlier and still waited. ` +
      `Target for the fair lock: no passes, and at least ${MIN_RATE}× the grants of the plain lock.`,
    columns: [
      "servers",
      "contender",
      "grants/s",
      "× plain",
      "p25–p75",
      "Jain waiters",
      "wait p50 ms",
      "p99",
      "commands",
      "messages",
      "passes",
      "failed",
      "violations",
      "target",
    ],
    servers: [1, 3],
    quickServers: [3],
    minServers: 1,
    seconds: 1,
    quickSeconds: 1,
    async run(settings) {
      const contenders = selectContenders(CONTENDERS, settings);
      const turns = await runContention(
        { name: "fair", processes, waiters, holdMs: HOLD_MS },
        contenders,
        { rounds: settings.quick ? 1 : rounds, turnMs, warmUpMs: Math.min(700, turnMs) },
        settings,
      );
      return contenders.map((contender) => resultOf(contender, turns, settings));
    },
  };
}

/** Number of grants to a caller although another one had called `ORDER_SLACK_MS` earlier. `periods`: by their start. */
export function countPasses(periods: readonly ServedCall[]): number {
  let passes = 0;
  let earliestLaterCall = Infinity;
  for (const { calledAt } of periods.toReversed()) {
    if (earliestLaterCall + ORDER_SLACK_MS < calledAt) passes += 1;
    earliestLaterCall = Math.min(earliestLaterCall, calledAt);
  }
  return passes;
}

function resultOf(
  contender: Contender,
  all: ReadonlyMap<Contender, readonly ContentionTurn[]>,
  { servers: { length: servers } }: RunSettings,
): Result {
  const own = all.get(contender) ?? [];
  const plain = contender === quorumlockIoredis ? undefined : all.get(quorumlockIoredis);
  const rates = own.map(({ rate }) => rate);
  const plainRates = plain?.map((turn) => turn.rate);
  const ratios = plainRates && compareTurns(rates, plainRates);
  const errors = own.flatMap((turn) => turn.errors);
  const violations = own.flatMap((turn) => turn.violations);
  const waitsMs = own.flatMap(({ inTime }) => inTime.map(({ calledAt, startedAt }) => startedAt - calledAt));
  const passes = sum(own.map(({ periods }) => countPasses(periods)));
  const grants = sum(own.map((turn) => turn.grants));
  const fairness = median(own.map((turn) => turn.fairness));
  const commands = sum(own.map(({ server }) => server.commands)) / grants;
  const messages = sum(own.map(({ server }) => server.published)) / grants;
  const targets =
    ratios === undefined
      ? []
      : [
          atLeast("grants/s", ratios.median, MIN_RATE, "× the plain lock"),
          atMost("passes", passes, 0, "grants out of order"),
          atMost("failed", errors.length, 0, "failed acquisitions"),
        ];
  const rate = median(rates);
  const [waitP50, waitP99] = [median(waitsMs), percentile(waitsMs, 0.99)];
  return {
    cells: [
      String(servers),
      contender.name,
      whole(rate),
      ...ratioCells(ratios),
      ratio(fairness),
      millis(waitP50),
      millis(waitP99),
      decimal(commands),
      decimal(messages),
      String(passes),
      String(errors.length),
      String(violations.length),
      verdictOf(targets),
    ],
    figures: {
      servers,
      contender: contender.name,
      rate,
      ratios,
      fairness,
      waitP50,
      waitP99,
      commands,
      messages,
      passes,
      failed: errors.length,
      violations: violations.length,
    },
    targets,
    notes: countMessages(`${contender.name}, N=${servers}`, [...errors, ...violations]),
  };
}
