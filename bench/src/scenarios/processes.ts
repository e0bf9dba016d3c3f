import type { Contender } from "../contender.ts";
import { bareIoredis, ours, defaultPeers } from "../contenders/index.ts";
import { type ContentionTurn, runContention } from "../contention-run.ts";
import { countMessages } from "../exclusion-checker.ts";
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
import { compareTurns, jain, median, sum } from "../statistics.ts";
import { selectContenders } from "../rounds.ts";
import type { ServedCall } from "../workers/messages.ts";

const CONTENDERS = [bareIoredis, ...ours, ...defaultPeers];

const PROCESSES = 4;
const WAITERS = 25;
const HOLD_MS = 1;

/** Targets on three servers. Jain's index is the one over waiters. */
const MIN_FAIRNESS = 0.9;
/** Commands per hand-over and server. */
const MAX_COMMANDS = 4;

export interface ProcessesOptions {
  readonly processes?: number;
  readonly waiters?: number;
  readonly turnMs?: number;
  readonly rounds?: number;
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
      const turns = await runContention(
        { name: "processes", processes: count, waiters, holdMs: HOLD_MS },
        contenders,
        settings.quick
          ? { rounds: 1, turnMs: Math.round(turnMs / 3), warmUpMs: Math.min(200, turnMs) }
          : { rounds, turnMs, warmUpMs: Math.min(700, turnMs) },
        settings,
      );
      return contenders.map((contender) => resultOf(contender, turns, settings));
    },
  };
}

function resultOf(
  contender: Contender,
  all: ReadonlyMap<Contender, readonly ContentionTurn[]>,
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
  const processFairness = median(own.map(({ shares }) => jain(shares.map(sum))));
  const unserved =
    sum(own.map(({ shares }) => shares.flat().filter((share) => share === 0).length)) / own.length;
  const handOver = median(own.flatMap(({ inTime }) => handOversIn(inTime)));
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

/** From the end of each hold period to the start of the next one. */
function handOversIn(periods: readonly ServedCall[]): readonly number[] {
  return periods.slice(1).map(({ startedAt }, index) => startedAt - (periods[index]?.endedAt ?? startedAt));
}
