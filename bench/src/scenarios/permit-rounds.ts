import type { Contender } from "../contender.ts";
import { quorumlockPermit, redisSemaphorePermit } from "../contenders/index.ts";
import { countMessages } from "../exclusion-checker.ts";
import { LoadRun } from "../load-run.ts";
import { decimal, millis, ratio, whole } from "../report/format.ts";
import { rotate } from "../rounds.ts";
import { atMost, type Result, type RunSettings, type Scenario, verdictOf } from "../scenario.ts";
import { measuredPart, permitFigures, type PermitTurn } from "./permit-turns.ts";

const CONTENDERS: readonly Contender[] = [quorumlockPermit, redisSemaphorePermit];

const PROCESSES = 4;
const PERMITS = 1_000;
const USE = 0.9;
/** Callers for each permit. More than one, so that all permits can be in use. */
const CALLERS_PER_PERMIT = 1.5;
/** More would make callers with short holds come twice before others have come once, and so fill all permits at the beginning. */
const VARIATION = 0.2;
const MAX_ROUNDS = { p50: 1, p99: 3 };

export interface PermitRoundsOptions {
  readonly processes?: number;
  readonly permits?: number;
  readonly holdMs?: number;
  readonly turnMs?: number;
  readonly rounds?: number;
}

export function permitRounds(options: PermitRoundsOptions = {}): Scenario {
  const { processes = PROCESSES, permits = PERMITS, holdMs = 2_000, turnMs = 9_000, rounds = 1 } = options;
  const callers = Math.ceil((permits * CALLERS_PER_PERMIT) / processes);
  // A caller holds a permit in this share of its time.
  const share = (permits * USE) / (callers * processes);
  const pauseMs = holdMs / share - holdMs;
  // Until then, some callers have not called yet.
  const warmUpMs = (holdMs + pauseMs) * (1 + VARIATION);
  return {
    name: "permit-rounds",
    docsBlock: "kinds",
    about:
      `${callers * processes} callers in ${processes} processes share a semaphore with ${permits} permits, of which ${100 * USE} % are in use on average: each holds one permit for ` +
      `${holdMs} ms and pauses for ${Math.round(pauseMs)} ms, both ± ${100 * VARIATION} %. Turns of ${turnMs / 1_000} s, of which the first ${(warmUpMs / 1_000).toFixed(1)} s are not measured. ` +
      "The rounds of requests that an acquisition needs, and its time. A violation is a grant while all permits are held, by the clock that all processes share. " +
      `Target: at most ${MAX_ROUNDS.p50} round at the median, ${MAX_ROUNDS.p99} at the 99th percentile, no violation.`,
    columns: [
      "servers",
      "contender",
      "grants/s",
      "in use",
      "largest",
      "rounds p50",
      "p99",
      "largest",
      "acquire p50 ms",
      "p99",
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
      const contenders = CONTENDERS.filter(settings.includes);
      const groups = Array.from({ length: processes }, () => [
        { callers, holdMs, pauseMs, variation: VARIATION },
      ]);
      await using run = await LoadRun.start(settings, { processes, contenders, permits });
      const turns = new Map<Contender, PermitTurn[]>(contenders.map((contender) => [contender, []]));
      for (let round = 0; round < (settings.quick ? 1 : rounds); round++) {
        for (const contender of rotate(contenders, round)) {
          const turn = await run.turn(contender, groups, turnMs);
          turns.get(contender)?.push(measuredPart(turn, { permits, warmUpMs, turnMs }));
        }
      }
      return contenders.map((contender) =>
        resultOf(contender, turns.get(contender) ?? [], permits, settings),
      );
    },
  };
}

function resultOf(
  contender: Contender,
  turns: readonly PermitTurn[],
  permits: number,
  { servers: { length: servers } }: RunSettings,
): Result {
  const figures = permitFigures(turns, permits);
  const { rate, inUse, largest, rounds, waits, commands, failed, violations } = figures;
  const targets =
    contender.kind === "ours"
      ? [
          atMost("rounds p50", rounds.p50, MAX_ROUNDS.p50, "rounds for a permit"),
          atMost("rounds p99", rounds.p99, MAX_ROUNDS.p99, "rounds for a permit"),
          atMost("failed", failed, 0, "failed acquisitions"),
          atMost("violations", violations, 0, "grants above the number of permits"),
        ]
      : [];
  return {
    cells: [
      String(servers),
      contender.name,
      whole(rate),
      ratio(inUse),
      String(largest),
      whole(rounds.p50),
      whole(rounds.p99),
      whole(rounds.largest),
      millis(waits.p50),
      millis(waits.p99),
      decimal(commands),
      String(failed),
      String(violations),
      verdictOf(targets),
    ],
    figures: { servers, contender: contender.name, permits, ...figures },
    targets,
    notes: countMessages(
      `${contender.name}, N=${servers}`,
      turns.flatMap(({ errors }) => errors),
    ),
  };
}
