import type { Contender } from "../contender.ts";
import { asyncMutexPermit, quorumlockPermit, redisSemaphorePermit } from "../contenders/index.ts";
import { countMessages } from "../exclusion-checker.ts";
import { LoadRun } from "../load-run.ts";
import { decimal, millis, ratio, whole } from "../report/format.ts";
import { rotate } from "../rounds.ts";
import { atLeast, atMost, type Result, type RunSettings, type Scenario, verdictOf } from "../scenario.ts";
import { measuredPart, permitFigures, type PermitTurn } from "./permit-turns.ts";

const CONTENDERS: readonly Contender[] = [quorumlockPermit, redisSemaphorePermit, asyncMutexPermit];

const PROCESSES = 4;
const WAITERS = 25;
const PERMITS = 10;
const HOLDS_MS = [50, 200];
const MIN_IN_USE = 0.9;
/** Callers that all begin at once are not measured. */
const WARM_UP_MS = 500;

export interface PermitsInUseOptions {
  readonly processes?: number;
  readonly waiters?: number;
  readonly permits?: number;
  readonly holdsMs?: readonly number[];
  readonly turnMs?: number;
  readonly rounds?: number;
}

export function permitsInUse(options: PermitsInUseOptions = {}): Scenario {
  const { processes = PROCESSES, waiters = WAITERS, permits = PERMITS } = options;
  const { holdsMs = HOLDS_MS, turnMs = 3_000, rounds = 2 } = options;
  return {
    name: "permits-in-use",
    docsBlock: "kinds",
    about:
      `${processes} processes with ${waiters} callers each share a semaphore with ${permits} permits. Each holds one permit for the given time and then acquires the next one, in turns of ` +
      `${turnMs / 1_000} s: the share of the permits that are held on average, the largest number of permits that are held at the same time, by the clock that all processes share, ` +
      "and grants above the number of permits (violations). async-mutex limits one process only, so it has all callers in one. " +
      `Target: at least ${100 * MIN_IN_USE} % in use, no violation.`,
    columns: [
      "servers",
      "hold ms",
      "contender",
      "grants/s",
      "in use",
      "largest",
      "rounds p50",
      "p99",
      "wait p50 ms",
      "longest",
      "commands/grant",
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
      const timeMs = settings.quick ? turnMs / 2 : turnMs;
      const warmUpMs = Math.min(WARM_UP_MS, timeMs / 4);
      const contenders = CONTENDERS.filter(settings.includes);
      await using run = await LoadRun.start(settings, { processes, contenders, permits });
      const results: Result[] = [];
      for (const holdMs of holdsMs) {
        const turns = new Map<Contender, PermitTurn[]>(contenders.map((contender) => [contender, []]));
        for (let round = 0; round < (settings.quick ? 1 : rounds); round++) {
          for (const contender of rotate(contenders, round)) {
            const share = contender.isLocal === true ? waiters * processes : waiters;
            const groups = Array.from({ length: contender.isLocal === true ? 1 : processes }, () => [
              { callers: share, holdMs },
            ]);
            const turn = await run.turn(contender, groups, timeMs);
            turns.get(contender)?.push(measuredPart(turn, { permits, warmUpMs, turnMs: timeMs }));
          }
        }
        for (const contender of contenders)
          results.push(resultOf(contender, turns.get(contender) ?? [], { permits, holdMs }, settings));
      }
      return results;
    },
  };
}

function resultOf(
  contender: Contender,
  turns: readonly PermitTurn[],
  { permits, holdMs }: { readonly permits: number; readonly holdMs: number },
  { servers: { length: servers } }: RunSettings,
): Result {
  const figures = permitFigures(turns, permits);
  const { rate, inUse, largest, rounds, waits, commands, failed, violations } = figures;
  const targets =
    contender.kind === "ours"
      ? [
          atLeast(`in use, holds of ${holdMs} ms`, inUse, MIN_IN_USE, "of all permits"),
          atMost("failed", failed, 0, "failed acquisitions"),
          atMost("violations", violations, 0, "grants above the number of permits"),
        ]
      : [];
  return {
    cells: [
      String(servers),
      String(holdMs),
      contender.name,
      whole(rate),
      ratio(inUse),
      String(largest),
      whole(rounds.p50),
      whole(rounds.p99),
      millis(waits.p50),
      millis(waits.largest),
      contender.isLocal === true ? "" : decimal(commands),
      String(failed),
      String(violations),
      verdictOf(targets),
    ],
    figures: { servers, holdMs, contender: contender.name, permits, ...figures },
    targets,
    notes: countMessages(
      `${contender.name}, N=${servers}, ${holdMs} ms`,
      turns.flatMap(({ errors }) => errors),
    ),
  };
}
