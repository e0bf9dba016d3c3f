import { setTimeout as sleep } from "node:timers/promises";
import { type Contender, TTL_MS } from "../contender.ts";
import { bareIoredis, defaultPeers, ours } from "../contenders/index.ts";
import { countMessages, findViolations, type Violation } from "../exclusion-checker.ts";
import { machineTime } from "../machine-time.ts";
import { millis } from "../report/format.ts";
import { rotate, selectContenders } from "../rounds.ts";
import { atMost, type Result, type RunSettings, type Scenario, verdictOf } from "../scenario.ts";
import { median, percentile } from "../statistics.ts";
import { Worker } from "../workers/worker.ts";

const CONTENDERS = [bareIoredis, ...ours, ...defaultPeers];

const PROCESSES = 4;
const HOLD_MS = 1;
/** How long the processes compete before the server stops. The first turn also warms up the worker processes. */
const BEFORE_MS = 700;
const STOP_MS = 1_200;
const AFTER_MS = 400;
const END_TIMEOUT_MS = 20_000;

const MAX_MEDIAN_MS = 60;
const MAX_GAP_MS = 120;

export interface StopsOptions {
  readonly rounds?: number;
}

/** What one turn of a contender measured. */
interface Turn {
  /** The longest time between two grants from the stop on. */
  readonly gapMs: number;
  readonly errors: readonly string[];
  readonly violations: readonly Violation[];
}

export function stops({ rounds = 10 }: StopsOptions = {}): Scenario {
  return {
    name: "stops",
    about:
      `${PROCESSES} processes compete for one lock with the default options, each with one caller, which holds it for ${HOLD_MS} ms. In each turn another server ` +
      `is stopped (SIGSTOP) for ${STOP_MS / 1_000} s: the longest time between two grants from then on, in ms. ` +
      `Target: at most ${MAX_MEDIAN_MS} ms at the median of the turns, and ${MAX_GAP_MS} ms in the worst turn.`,
    columns: ["servers", "contender", "gap p50 ms", "worst ms", "n", "failed", "violations", "target"],
    servers: [3, 5],
    quickServers: [5],
    minServers: 3,
    seconds: 1,
    quickSeconds: 1,
    async run(settings) {
      const contenders = selectContenders(CONTENDERS, settings);
      const { servers } = settings;
      const task = {
        ports: servers.map(({ port }) => port),
        contenders: contenders.map(({ name }) => name),
        ttlMs: TTL_MS,
      };
      const workers = await Promise.all(Array.from({ length: PROCESSES }, () => Worker.start(task)));
      try {
        const turns = new Map<Contender, Turn[]>(contenders.map((contender) => [contender, []]));
        for (const contender of contenders) await runTurn(workers, settings, contender, -1);
        for (let round = 0; round < (settings.quick ? 1 : rounds); round++) {
          for (const contender of rotate(contenders, round))
            turns.get(contender)?.push(await runTurn(workers, settings, contender, round));
        }
        return contenders.map((contender) => resultOf(contender, turns.get(contender) ?? [], settings));
      } finally {
        await Promise.all(workers.map((worker) => worker.kill()));
      }
    },
  };
}

async function runTurn(
  workers: readonly Worker[],
  { servers }: RunSettings,
  contender: Contender,
  round: number,
): Promise<Turn> {
  const server = servers[Math.max(0, round) % servers.length];
  const timeMs = BEFORE_MS + STOP_MS + AFTER_MS;
  const lock = `bench:stops:${contender.name}:${round}`;
  const contended = Promise.all(
    workers.map((worker) => {
      worker.send({ kind: "contend", contender: contender.name, lock, waiters: 1, holdMs: HOLD_MS, timeMs });
      return worker.answer("contended", timeMs + END_TIMEOUT_MS);
    }),
  );
  await sleep(BEFORE_MS);
  const stoppedAt = machineTime();
  server?.pause();
  try {
    await sleep(STOP_MS);
  } finally {
    server?.resume();
  }
  const answers = await contended;
  const holds = answers.flatMap(({ holdPeriods }) => holdPeriods.flat());
  const grants = holds.map(({ startedAt }) => startedAt).toSorted((a, b) => a - b);
  return {
    gapMs: longestGap(grants, stoppedAt),
    errors: answers.flatMap(({ errors }) => errors),
    violations: findViolations(holds.toSorted((a, b) => a.startedAt - b.startedAt)),
  };
}

/** A contender that grants nothing any more has a gap until the end of the stop. */
function longestGap(grants: readonly number[], stoppedAt: number): number {
  const endsAt = stoppedAt + STOP_MS;
  const moments = [stoppedAt, ...grants.filter((at) => at > stoppedAt && at < endsAt), endsAt];
  return Math.max(...moments.slice(1).map((at, index) => at - (moments[index] ?? at)));
}

function resultOf(contender: Contender, turns: readonly Turn[], { servers }: RunSettings): Result {
  const gaps = turns.map(({ gapMs }) => gapMs);
  const errors = turns.flatMap((turn) => turn.errors);
  const violations = turns.flatMap((turn) => turn.violations);
  const [p50, worst] = [median(gaps), percentile(gaps, 1)];
  const targets =
    contender.kind === "ours"
      ? [
          atMost("gap p50", p50, MAX_MEDIAN_MS, "ms"),
          atMost("worst gap", worst, MAX_GAP_MS, "ms"),
          atMost("failed", errors.length, 0, "failed acquisitions"),
        ]
      : [];
  return {
    cells: [
      String(servers.length),
      contender.name,
      millis(p50),
      millis(worst),
      String(gaps.length),
      String(errors.length),
      String(violations.length),
      verdictOf(targets),
    ],
    figures: {
      servers: servers.length,
      contender: contender.name,
      p50,
      worst,
      failed: errors.length,
      violations: violations.length,
    },
    targets,
    notes: countMessages(`${contender.name}, N=${servers.length}`, [...errors, ...violations]),
  };
}
