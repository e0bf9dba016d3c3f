import { type Contender, TTL_MS } from "../contender.ts";
import { quorumlockFair, quorumlockIoredis } from "../contenders/index.ts";
import { countMessages, findViolations, type Violation } from "../exclusion-checker.ts";
import { decimal, millis, ratio, ratioCells, whole } from "../report/format.ts";
import { rotate, selectContenders } from "../rounds.ts";
import { atLeast, atMost, type Result, type RunSettings, type Scenario, verdictOf } from "../scenario.ts";
import { ServerStatistics, type ServerWork } from "../server-statistics.ts";
import { compareTurns, jain, median, percentile, sum } from "../statistics.ts";
import type { Contended, ServedCall } from "../workers/messages.ts";
import { Worker } from "../workers/worker.ts";

const CONTENDERS = [quorumlockIoredis, quorumlockFair];

const PROCESSES = 4;
const WAITERS = 25;
const HOLD_MS = 1;
/** A caller that called so much earlier has its place in line before the other one calls, also on a busy machine. */
const ORDER_SLACK_MS = 50;
/** Grants per second against the plain lock. */
const MIN_RATE = 0.5;
/** How long a worker process may take after the end of a turn. */
const END_TIMEOUT_MS = 20_000;

export interface FairOptions {
  readonly processes?: number;
  readonly waiters?: number;
  readonly turnMs?: number;
  readonly rounds?: number;
}

interface Turn {
  readonly rate: number;
  readonly grants: number;
  readonly fairness: number;
  readonly waitsMs: readonly number[];
  /** Number of grants to a caller although another one had called `ORDER_SLACK_MS` earlier. */
  readonly passes: number;
  readonly errors: readonly string[];
  readonly violations: readonly Violation[];
  readonly server: ServerWork;
}

export function fair(options: FairOptions = {}): Scenario {
  const { processes = PROCESSES, waiters = WAITERS, turnMs = 2_500, rounds = 4 } = options;
  return {
    name: "fair",
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
      await using statistics = await ServerStatistics.connect(settings.servers);
      const task = {
        ports: settings.servers.map(({ port }) => port),
        contenders: contenders.map(({ name }) => name),
        ttlMs: TTL_MS,
      };
      const workers = await Promise.all(Array.from({ length: processes }, () => Worker.start(task)));
      try {
        const turns = new Map<Contender, Turn[]>(contenders.map((contender) => [contender, []]));
        const runTurn = async (contender: Contender, round: number, timeMs: number): Promise<Turn> => {
          const lock = `bench:fair:${contender.name}:${round}`;
          const { name } = contender;
          const contend = {
            kind: "contend",
            contender: name,
            lock,
            waiters,
            holdMs: HOLD_MS,
            timeMs,
          } as const;
          const { result, server } = await statistics.measure(contender, () =>
            Promise.all(
              workers.map((worker) => {
                worker.send(contend);
                return worker.answer("contended", timeMs + END_TIMEOUT_MS);
              }),
            ),
          );
          return summarize(result, server, timeMs);
        };
        for (const contender of contenders) await runTurn(contender, -1, Math.min(700, turnMs));
        for (let round = 0; round < (settings.quick ? 1 : rounds); round++) {
          for (const contender of rotate(contenders, round))
            turns.get(contender)?.push(await runTurn(contender, round, turnMs));
        }
        return contenders.map((contender) => resultOf(contender, turns, settings));
      } finally {
        await Promise.all(workers.map((worker) => worker.kill()));
      }
    },
  };
}

function summarize(answers: readonly Contended[], server: ServerWork, timeMs: number): Turn {
  const perWaiter = answers.flatMap(({ holdPeriods }) => holdPeriods);
  const all = perWaiter.flat().toSorted((a, b) => a.startedAt - b.startedAt);
  const endsAt = (all[0]?.startedAt ?? 0) + timeMs;
  const inTime = all.filter(({ endedAt }) => endedAt <= endsAt);
  return {
    rate: inTime.length / (timeMs / 1_000),
    grants: all.length,
    fairness: jain(perWaiter.map((own) => own.filter(({ endedAt }) => endedAt <= endsAt).length)),
    waitsMs: inTime.map(({ calledAt, startedAt }) => startedAt - calledAt),
    passes: countPasses(all),
    errors: answers.flatMap(({ errors }) => errors),
    violations: findViolations(all),
    server,
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
  all: ReadonlyMap<Contender, readonly Turn[]>,
  { servers: { length: servers } }: RunSettings,
): Result {
  const own = all.get(contender) ?? [];
  const plain = contender === quorumlockIoredis ? undefined : all.get(quorumlockIoredis);
  const rates = own.map(({ rate }) => rate);
  const plainRates = plain?.map((turn) => turn.rate);
  const ratios = plainRates && compareTurns(rates, plainRates);
  const errors = own.flatMap((turn) => turn.errors);
  const violations = own.flatMap((turn) => turn.violations);
  const waitsMs = own.flatMap((turn) => turn.waitsMs);
  const passes = sum(own.map((turn) => turn.passes));
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
