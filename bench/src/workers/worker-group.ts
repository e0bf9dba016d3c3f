import { type Contender, TTL_MS } from "../contender.ts";
import type { RunSettings } from "../scenario.ts";
import { ServerStatistics, type ServerWork } from "../server-statistics.ts";
import type { FromWorker, ToWorker, WorkerTask } from "./messages.ts";
import { Worker } from "./worker.ts";

/** How long a worker process may take after the end of a turn. */
const END_TIMEOUT_MS = 20_000;

export interface WorkerGroupOptions extends Pick<WorkerTask, "permits" | "countsRounds"> {
  readonly processes: number;
  readonly contenders: readonly Contender[];
}

/** Worker processes that work at the same time on the same servers. Disposing of it ends them. */
export class WorkerGroup implements AsyncDisposable {
  readonly #workers: readonly Worker[];
  readonly #statistics: ServerStatistics;

  static async start(
    { servers }: Pick<RunSettings, "servers">,
    { processes, contenders, ...options }: WorkerGroupOptions,
  ): Promise<WorkerGroup> {
    const task: WorkerTask = {
      ports: servers.map(({ port }) => port),
      contenders: contenders.map(({ name }) => name),
      ttlMs: TTL_MS,
      ...options,
    };
    const statistics = await ServerStatistics.connect(servers);
    const started = await Promise.allSettled(Array.from({ length: processes }, () => Worker.start(task)));
    const workers = started.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
    const group = new WorkerGroup(workers, statistics);
    const failed = started.find((result) => result.status === "rejected");
    if (failed === undefined) return group;
    await group[Symbol.asyncDispose]();
    throw failed.reason;
  }

  private constructor(workers: readonly Worker[], statistics: ServerStatistics) {
    this.#workers = workers;
    this.#statistics = statistics;
  }

  /**
   * Runs one turn.
   *
   * @param tasks one for each process. Processes without a task take no part.
   * @param kind the kind of the answers.
   * @param timeMs how long the work takes.
   * @returns the answers, and what the servers did meanwhile.
   */
  turn<Kind extends FromWorker["kind"]>(
    contender: Contender,
    tasks: readonly ToWorker[],
    kind: Kind,
    timeMs: number,
  ): Promise<{ result: readonly Extract<FromWorker, { kind: Kind }>[]; server: ServerWork }> {
    return this.#statistics.measure(contender, () =>
      Promise.all(
        tasks.map((task, index) => {
          const worker = this.#workers[index];
          if (worker === undefined) throw new Error(`there is no process ${index}`);
          worker.send(task);
          return worker.answer(kind, timeMs + END_TIMEOUT_MS);
        }),
      ),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#statistics[Symbol.asyncDispose]();
    await Promise.all(this.#workers.map((worker) => worker.kill()));
  }
}
