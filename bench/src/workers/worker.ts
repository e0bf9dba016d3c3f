import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import type { FromWorker, ToWorker, WorkerTask } from "./messages.ts";
import { programOf } from "./program.ts";

/** The process compiles TypeScript and connects to the servers. */
const START_TIMEOUT_MS = 30_000;

/** The parent's end of a worker process. The process ends when it is disposed of, or with its parent. */
export class Worker implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #ended: Promise<unknown>;

  static async start(task: WorkerTask): Promise<Worker> {
    const worker = new Worker(task);
    try {
      await worker.answer("ready", START_TIMEOUT_MS);
      return worker;
    } catch (error) {
      await worker[Symbol.asyncDispose]();
      throw error;
    }
  }

  private constructor(task: WorkerTask) {
    const { entry, execArgv } = programOf("main");
    this.#child = fork(entry, [JSON.stringify(task)], {
      execArgv: [...execArgv],
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    this.#ended = once(this.#child, "exit");
  }

  send(message: ToWorker): void {
    this.#child.send(message);
  }

  /** The next message of this kind. @throws Error if the process ends or no such message arrives in time. */
  async answer<Kind extends FromWorker["kind"]>(
    kind: Kind,
    timeoutMs: number,
  ): Promise<Extract<FromWorker, { kind: Kind }>> {
    const signal = AbortSignal.timeout(timeoutMs);
    const endedEarly = this.#ended.then(() => {
      throw new Error("a worker process ended");
    });
    // The process also ends later, when this promise has no other handler.
    endedEarly.catch(() => undefined);
    for (;;) {
      const next = once(this.#child, "message", { signal }) as Promise<[FromWorker]>;
      const [message] = await Promise.race([next, endedEarly]);
      if (message.kind === kind) return message as Extract<FromWorker, { kind: Kind }>;
    }
  }

  /** Kills the process and waits until it has ended. */
  async kill(): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#ended;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.kill();
  }
}
