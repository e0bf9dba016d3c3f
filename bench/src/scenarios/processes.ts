import { CommandCounts, type Traffic } from "../command-counts.ts";
import type { Contender } from "../contender.ts";
import { bareIoredis, ours, peers } from "../contenders/index.ts";
import { TTL_MS } from "../contender.ts";
import { tally, type Violation, violationsOf } from "../referee.ts";
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
import { compareTurns, jain, median, sum } from "../statistics.ts";
import { fieldOf } from "../turns.ts";
import type { Contended } from "../workers/messages.ts";
import { Worker } from "../workers/worker.ts";

const CONTENDERS = [bareIoredis, ...ours, ...peers];

const PROCESSES = 4;
const WAITERS = 25;
const HOLD_MS = 1;

/** What is promised on three servers. */
const RATE = 600;
const FAIRNESS = 0.9;
/** Commands for each hand-over and server. */
const COMMANDS = 4;

/** How long a turn may take over its time until it is given up. */
const WIND_DOWN_MS = 20_000;

export interface ProcessesOptions {
  readonly processes?: number;
  readonly waiters?: number;
  readonly turnMs?: number;
  readonly rounds?: number;
}

interface Turn {
  readonly rate: number;
  readonly fairness: number;
  /** The same over processes. */
  readonly processFairness: number;
  readonly unserved: number;
  readonly handOverMs: readonly number[];
  readonly grants: number;
  readonly errors: readonly string[];
  readonly violations: readonly Violation[];
  readonly traffic: Traffic;
}

export function processes(options: ProcessesOptions = {}): Scenario {
  const { processes: count = PROCESSES, waiters = WAITERS, turnMs = 2_500, rounds = 2 } = options;
  return {
    name: "processes",
    about:
      `${count} processes with ${waiters} waiters each on one lock that is held for ${HOLD_MS} ms, in turns of ${turnMs / 1_000} s: grants per ` +
      "second, Jain's index of fairness over all waiters and over processes, how many waiters never had it, how many acquisitions gave up, " +
      "the time from one holder to the next, and commands to all servers for each grant. Libraries wait as they do by default. " +
      `Target: at least ${RATE}/s and a fairness over waiters of ${FAIRNESS}, none failed, at most ${COMMANDS} N commands.`,
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
    leastServers: 1,
    seconds: 1,
    quickSeconds: 1,
    async run(stage) {
      const field = fieldOf([...CONTENDERS], stage);
      await using counts = await CommandCounts.of(stage.servers);
      const task = {
        ports: stage.servers.map(({ port }) => port),
        contenders: field.map(({ name }) => name),
        ttlMs: TTL_MS,
      };
      const workers = await Promise.all(Array.from({ length: count }, () => Worker.start(task)));
      try {
        const turns = new Map<Contender, Turn[]>(field.map((contender) => [contender, []]));
        const play = async (contender: Contender, round: number, timeMs: number): Promise<Turn> => {
          const lock = `bench:processes:${contender.name}:${round}`;
          const contend = {
            kind: "contend",
            contender: contender.name,
            lock,
            waiters,
            holdMs: HOLD_MS,
            timeMs,
          } as const;
          const { result, traffic } = await counts.during(contender, () =>
            Promise.all(
              workers.map((worker) => {
                worker.send(contend);
                return worker.answer("contended", timeMs + WIND_DOWN_MS);
              }),
            ),
          );
          return judge(result, traffic, timeMs);
        };
        for (const contender of field) await play(contender, -1, Math.min(stage.quick ? 200 : 700, turnMs));
        for (let round = 0; round < (stage.quick ? 1 : rounds); round++) {
          for (let place = 0; place < field.length; place++) {
            const contender = field[(round + place) % field.length];
            if (contender !== undefined)
              turns
                .get(contender)
                ?.push(await play(contender, round, stage.quick ? Math.round(turnMs / 3) : turnMs));
          }
        }
        return field.map((contender) => resultOf(contender, turns, stage));
      } finally {
        await Promise.all(workers.map((worker) => worker.kill()));
      }
    },
  };
}

function judge(answers: readonly Contended[], traffic: Traffic, timeMs: number): Turn {
  const perProcess = answers.map(({ tenures }) => tenures);
  const perWaiter = perProcess.flat();
  const all = perWaiter.flat().toSorted((a, b) => a.entered - b.entered);
  // Those after the end wind the turn down: they do not count.
  const end = (all[0]?.entered ?? 0) + timeMs;
  const counted = perProcess.map((waiters) =>
    waiters.map((own) => own.filter(({ left }) => left <= end).length),
  );
  const shares = counted.flat();
  const inTime = all.filter(({ left }) => left <= end);
  return {
    rate: sum(shares) / (timeMs / 1_000),
    fairness: jain(shares),
    processFairness: jain(counted.map(sum)),
    unserved: shares.filter((share) => share === 0).length,
    handOverMs: inTime.slice(1).map(({ entered }, index) => entered - (inTime[index]?.left ?? entered)),
    grants: all.length,
    errors: answers.flatMap(({ errors }) => errors),
    violations: violationsOf(all),
    traffic,
  };
}

function resultOf(
  contender: Contender,
  all: ReadonlyMap<Contender, readonly Turn[]>,
  { servers: { length: servers } }: Stage,
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
  const commands = sum(own.map(({ traffic }) => traffic.commands)) / grants;
  const published = sum(own.map(({ traffic }) => traffic.published)) / grants;
  const targets: Target[] =
    contender.kind === "ours" && servers === 3
      ? [
          atLeast("grants/s", rate, RATE, "/s"),
          atLeast("fairness", fairness, FAIRNESS, "Jain's index over waiters"),
          atMost("failed", errors.length, 0, "acquisitions that gave up"),
          atMost("commands", commands, COMMANDS * servers, "commands for each hand-over"),
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
    notes: tally(`${contender.name}, N=${servers}`, [...errors, ...violations]),
  };
}
