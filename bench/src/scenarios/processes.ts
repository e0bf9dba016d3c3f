import type { Contender } from "../contender.ts";
import { bareIoredis, ours, defaultPeers } from "../contenders/index.ts";
import { TTL_MS } from "../contender.ts";
import { countMessages, type Violation, findViolations } from "../exclusion-checker.ts";
import { decimal, millis, ratio, ratioCells, whole } from "../report/format.ts";
import {
  atLeast,
  atMost,
  type Result,
  type Scenario,
  type RunSettings,
  type Target,
  verdictOf,
} from "../scenario.ts";
import { recordedOf, TOLERANCE } from "../recorded-figures.ts";
import { ServerStatistics, type ServerWork } from "../server-statistics.ts";
import { compareTurns, jain, median, sum } from "../statistics.ts";
import { rotate, selectContenders } from "../rounds.ts";
import type { Contended } from "../workers/messages.ts";
import { Worker } from "../workers/worker.ts";

const CONTENDERS = [bareIoredis, ...ours, ...defaultPeers];

const PROCESSES = 4;
const WAITERS = 25;
const HOLD_MS = 1;

/** Targets on three servers. Jain's index is the one over waiters. */
const MIN_FAIRNESS = 0.9;
/** Commands per hand-over and server. */
const MAX_COMMANDS = 4;

/** How long a worker process may take after the end of a turn. */
const END_TIMEOUT_MS = 20_000;

export interface ProcessesOptions {
  readonly processes?: number;
  readonly waiters?: number;
  readonly turnMs?: number;
  readonly rounds?: number;
}

interface Turn {
  readonly rate: number;
  readonly fairness: number;
  /** Jain's index over processes. */
  readonly processFairness: number;
  readonly unserved: number;
  readonly handOverMs: readonly number[];
  readonly grants: number;
  readonly errors: readonly string[];
  readonly violations: readonly Violation[];
  readonly server: ServerWork;
}

export function processes(options: ProcessesOptions = {}): Scenario {
  const { processes: count = PROCESSES, waiters = WAITERS, turnMs = 2_500, rounds = 2 } = options;
  return {
    name: "processes",
    about:
      `${count} processes with ${waiters} waiters each compete for one lock, which each holder holds for ${HOLD_MS} ms, in turns of ${turnMs / 1_000} s: grants per ` +
      "second, Jain's index of fairness over all waiters and over processes, waiters that never held the lock, acquisitions that failed, " +
      "the time from one holder to the next, and commands to all servers per grant. Libraries have their default options, because waiters with tuned ones " +
      "retry so often that they would still load the servers in the next turn. " +
      `Target: grants/s at least ${ratio(1 / TOLERANCE)}× of the recorded ones, a fairness over waiters of ${MIN_FAIRNESS}, no failures, at most ${MAX_COMMANDS} N commands.`,
    columns: [
      "servers",
      "contender",
      "grants/s",
      "× bare",
      "p25–p75",
      "Jain waiters",
      "Jain processes",
      "unserved",
      "failed",
      "hand-over p50 ms",
      "commands",
      "violations",
      "target",
    ],
    servers: [3],
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
      const workers = await Promise.all(Array.from({ length: count }, () => Worker.start(task)));
      try {
        const turns = new Map<Contender, Turn[]>(contenders.map((contender) => [contender, []]));
        const runTurn = async (contender: Contender, round: number, timeMs: number): Promise<Turn> => {
          const lock = `bench:processes:${contender.name}:${round}`;
          const contend = {
            kind: "contend",
            contender: contender.name,
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
        for (const contender of contenders)
          await runTurn(contender, -1, Math.min(settings.quick ? 200 : 700, turnMs));
        for (let round = 0; round < (settings.quick ? 1 : rounds); round++) {
          for (const contender of rotate(contenders, round)) {
            const timeMs = settings.quick ? Math.round(turnMs / 3) : turnMs;
            turns.get(contender)?.push(await runTurn(contender, round, timeMs));
          }
        }
        return contenders.map((contender) => resultOf(contender, turns, settings));
      } finally {
        await Promise.all(workers.map((worker) => worker.kill()));
      }
    },
  };
}

function summarize(answers: readonly Contended[], server: ServerWork, timeMs: number): Turn {
  const perProcess = answers.map(({ holdPeriods }) => holdPeriods);
  const perWaiter = perProcess.flat();
  const all = perWaiter.flat().toSorted((a, b) => a.startedAt - b.startedAt);
  // Grants after the end of the turn do not count.
  const endsAt = (all[0]?.startedAt ?? 0) + timeMs;
  const counted = perProcess.map((waiters) =>
    waiters.map((own) => own.filter(({ endedAt }) => endedAt <= endsAt).length),
  );
  const shares = counted.flat();
  const inTime = all.filter(({ endedAt }) => endedAt <= endsAt);
  return {
    rate: sum(shares) / (timeMs / 1_000),
    fairness: jain(shares),
    processFairness: jain(counted.map(sum)),
    unserved: shares.filter((share) => share === 0).length,
    handOverMs: inTime
      .slice(1)
      .map(({ startedAt }, index) => startedAt - (inTime[index]?.endedAt ?? startedAt)),
    grants: all.length,
    errors: answers.flatMap(({ errors }) => errors),
    violations: findViolations(all),
    server,
  };
}

function resultOf(
  contender: Contender,
  all: ReadonlyMap<Contender, readonly Turn[]>,
  { servers: { length: servers } }: RunSettings,
): Result {
  const own = all.get(contender) ?? [];
  const bare = contender === bareIoredis ? undefined : all.get(bareIoredis);
  const rates = own.map(({ rate }) => rate);
  const ratios =
    bare &&
    compareTurns(
      rates,
      bare.map(({ rate }) => rate),
    );
  const errors = own.flatMap((turn) => turn.errors);
  const violations = own.flatMap((turn) => turn.violations);
  const rate = median(rates);
  const fairness = median(own.map((turn) => turn.fairness));
  const processFairness = median(own.map((turn) => turn.processFairness));
  const unserved = sum(own.map((turn) => turn.unserved)) / own.length;
  const handOver = median(own.flatMap(({ handOverMs }) => handOverMs));
  const grants = sum(own.map((turn) => turn.grants));
  const commands = sum(own.map(({ server }) => server.commands)) / grants;
  const published = sum(own.map(({ server }) => server.published)) / grants;
  const targets: Target[] =
    contender.kind === "ours" && servers === 3
      ? [
          atLeast("grants/s", rate, (recordedOf(contender.name)?.processGrants ?? 0) / TOLERANCE, "/s"),
          atLeast("fairness", fairness, MIN_FAIRNESS, "Jain's index over waiters"),
          atMost("failed", errors.length, 0, "failed acquisitions"),
          atMost("commands", commands, MAX_COMMANDS * servers, "commands per hand-over"),
        ]
      : [];
  return {
    cells: [
      String(servers),
      contender.name,
      whole(rate),
      ...ratioCells(ratios),
      ratio(fairness),
      ratio(processFairness),
      whole(unserved),
      String(errors.length),
      millis(handOver),
      decimal(commands),
      String(violations.length),
      verdictOf(targets),
    ],
    figures: {
      servers,
      contender: contender.name,
      rate,
      ratios,
      fairness,
      processFairness,
      unserved,
      failed: errors.length,
      handOver,
      commands,
      published,
      violations: violations.length,
    },
    targets,
    notes: countMessages(`${contender.name}, N=${servers}`, [...errors, ...violations]),
  };
}
