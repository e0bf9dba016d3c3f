import type { Contender } from "./contender.ts";
import { findViolations, type Violation } from "./exclusion-checker.ts";
import { rotate } from "./rounds.ts";
import type { RunSettings } from "./scenario.ts";
import type { ServerWork } from "./server-statistics.ts";
import { jain, sum } from "./statistics.ts";
import type { Contended, ServedCall } from "./workers/messages.ts";
import { WorkerGroup } from "./workers/worker-group.ts";

/** Processes whose waiters compete for one lock. */
export interface Contention {
  readonly name: string;
  readonly processes: number;
  /** Of each process. */
  readonly waiters: number;
  readonly holdMs: number;
}

export interface ContentionTurns {
  readonly rounds: number;
  readonly turnMs: number;
  /** The length of the first turn of each contender, which does not count. */
  readonly warmUpMs: number;
}

/** What the processes did in one turn, together. Rates and shares have no grants after its end. */
export interface ContentionTurn {
  /** Grants per second. */
  readonly rate: number;
  /** All grants, including those after the end. */
  readonly grants: number;
  /** The grants of each waiter, by process. */
  readonly shares: readonly (readonly number[])[];
  /** Jain's index over waiters. */
  readonly fairness: number;
  /** All hold periods, by their start. */
  readonly periods: readonly ServedCall[];
  /** Those that ended in time. */
  readonly inTime: readonly ServedCall[];
  readonly errors: readonly string[];
  readonly violations: readonly Violation[];
  readonly server: ServerWork;
}

/** Runs the turns of all contenders, in rounds that begin with another contender each. Each turn has a lock of its own. */
export async function runContention(
  { name, processes, waiters, holdMs }: Contention,
  contenders: readonly Contender[],
  { rounds, turnMs, warmUpMs }: ContentionTurns,
  settings: Pick<RunSettings, "servers">,
): Promise<ReadonlyMap<Contender, readonly ContentionTurn[]>> {
  await using workers = await WorkerGroup.start(settings, { processes, contenders });
  const runTurn = async (contender: Contender, round: number, timeMs: number): Promise<ContentionTurn> => {
    const lock = `bench:${name}:${contender.name}:${round}`;
    const task = { kind: "contend", contender: contender.name, lock, waiters, holdMs, timeMs } as const;
    const tasks = Array.from({ length: processes }, () => task);
    const { result, server } = await workers.turn(contender, tasks, "contended", timeMs);
    return summarize(result, server, timeMs);
  };
  const turns = new Map<Contender, ContentionTurn[]>(contenders.map((contender) => [contender, []]));
  for (const contender of contenders) await runTurn(contender, -1, warmUpMs);
  for (let round = 0; round < rounds; round++) {
    for (const contender of rotate(contenders, round))
      turns.get(contender)?.push(await runTurn(contender, round, turnMs));
  }
  return turns;
}

function summarize(answers: readonly Contended[], server: ServerWork, timeMs: number): ContentionTurn {
  const perProcess = answers.map(({ holdPeriods }) => holdPeriods);
  const periods = perProcess.flat(2).toSorted((a, b) => a.startedAt - b.startedAt);
  const endsAt = (periods[0]?.startedAt ?? 0) + timeMs;
  const isInTime = ({ endedAt }: ServedCall): boolean => endedAt <= endsAt;
  const shares = perProcess.map((waiters) => waiters.map((own) => own.filter(isInTime).length));
  return {
    rate: sum(shares.flat()) / (timeMs / 1_000),
    grants: periods.length,
    shares,
    fairness: jain(shares.flat()),
    periods,
    inTime: periods.filter(isInTime),
    errors: answers.flatMap(({ errors }) => errors),
    violations: findViolations(periods),
    server,
  };
}
