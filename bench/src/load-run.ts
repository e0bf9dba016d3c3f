import type { Contender } from "./contender.ts";
import type { RunSettings } from "./scenario.ts";
import type { ServerWork } from "./server-statistics.ts";
import type { CallerGroup, Loaded, LoadCall } from "./workers/messages.ts";
import { WorkerGroup, type WorkerGroupOptions } from "./workers/worker-group.ts";

/** What the processes did in one turn, together. */
export interface LoadTurn {
  /** All calls of each group, by the moment of the grant. */
  readonly calls: readonly (readonly LoadCall[])[];
  readonly errors: readonly string[];
  readonly server: ServerWork;
}

/** Processes that put load on one lock at the same time. Disposing of it ends them. */
export class LoadRun implements AsyncDisposable {
  readonly #workers: WorkerGroup;
  #turns = 0;

  static async start(
    settings: Pick<RunSettings, "servers">,
    options: Omit<WorkerGroupOptions, "countsRounds">,
  ): Promise<LoadRun> {
    return new LoadRun(await WorkerGroup.start(settings, { ...options, countsRounds: true }));
  }

  private constructor(workers: WorkerGroup) {
    this.#workers = workers;
  }

  /** @param groups the callers of each process. Processes without callers take no part. */
  async turn(
    contender: Contender,
    groups: readonly (readonly CallerGroup[])[],
    timeMs: number,
  ): Promise<LoadTurn> {
    const lock = `bench:load:${(this.#turns += 1)}`;
    const tasks = groups.map(
      (own) => ({ kind: "load", contender: contender.name, lock, groups: own, timeMs }) as const,
    );
    const { result, server } = await this.#workers.turn(contender, tasks, "loaded", timeMs);
    return { calls: mergeGroups(result), errors: errorsOf(result), server };
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#workers[Symbol.asyncDispose]();
  }
}

function mergeGroups(answers: readonly Loaded[]): readonly (readonly LoadCall[])[] {
  const groups = Math.max(0, ...answers.map(({ calls }) => calls.length));
  return Array.from({ length: groups }, (_, group) =>
    answers.flatMap(({ calls }) => calls[group] ?? []).toSorted((a, b) => a.grantedAt - b.grantedAt),
  );
}

function errorsOf(answers: readonly Loaded[]): readonly string[] {
  return answers.flatMap(({ errors, unfinished }) => [
    ...errors,
    ...Array.from({ length: unfinished }, () => "a call had not ended after the turn"),
  ]);
}
