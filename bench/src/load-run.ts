import { type Contender, TTL_MS } from "./contender.ts";
import type { RunSettings } from "./scenario.ts";
import { ServerStatistics, type ServerWork } from "./server-statistics.ts";
import type { CallerGroup, Loaded, LoadCall } from "./workers/messages.ts";
import { Worker } from "./workers/worker.ts";

/** How long a worker process may take after the end of a turn. */
const END_TIMEOUT_MS = 20_000;

export interface LoadOptions {
  readonly processes: number;
  readonly contenders: readonly Contender[];
  readonly permits?: number | undefined;
}

/** What the processes did in one turn, together. */
export interface LoadTurn {
  /** All calls of each group, by the moment of the grant. */
  readonly calls: readonly (readonly LoadCall[])[];
  readonly errors: readonly string[];
  readonly server: ServerWork;
}

/** Processes that put load on one lock at the same time. Disposing of it ends them. */
export class LoadRun implements AsyncDisposable {
  readonly #workers: readonly Worker[];
  readonly #statistics: ServerStatistics;
  #turns = 0;

  static async start(
    { servers }: Pick<RunSettings, "servers">,
    { processes, contenders, permits }: LoadOptions,
  ): Promise<LoadRun> {
    const task = {
      ports: servers.map(({ port }) => port),
      contenders: contenders.map(({ name }) => name),
      ttlMs: TTL_MS,
      permits,
      countsRounds: true,
    };
    const statistics = await ServerStatistics.connect(servers);
    const started = await Promise.allSettled(Array.from({ length: processes }, () => Worker.start(task)));
    const workers = started.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
    const run = new LoadRun(workers, statistics);
    const failed = started.find((result) => result.status === "rejected");
    if (failed === undefined) return run;
    await run[Symbol.asyncDispose]();
    throw failed.reason;
  }

  private constructor(workers: readonly Worker[], statistics: ServerStatistics) {
    this.#workers = workers;
    this.#statistics = statistics;
  }

  /** @param groups the callers of each process. Processes without callers take no part. */
  async turn(
    contender: Contender,
    groups: readonly (readonly CallerGroup[])[],
    timeMs: number,
  ): Promise<LoadTurn> {
    const lock = `bench:load:${(this.#turns += 1)}`;
    const { result, server } = await this.#statistics.measure(contender, () =>
      Promise.all(
        groups.map((own, index) => {
          const worker = this.#workers[index];
          if (worker === undefined) throw new Error(`there is no process ${index}`);
          worker.send({ kind: "load", contender: contender.name, lock, groups: own, timeMs });
          return worker.answer("loaded", timeMs + END_TIMEOUT_MS);
        }),
      ),
    );
    return { calls: mergeGroups(result), errors: errorsOf(result), server };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#statistics[Symbol.asyncDispose]();
    await Promise.all(this.#workers.map((worker) => worker.kill()));
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
