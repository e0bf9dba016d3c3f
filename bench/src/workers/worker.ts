import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { childExecArgv } from "./exec-argv.ts";
import type { FromWorker, ToWorker, WorkerTask } from "./messages.ts";

const ENTRY = fileURLToPath(new URL("./main.ts", import.meta.url));
/** Starting means compiling and connecting. */
const START_TIMEOUT_MS = 30_000;

/** A worker process, seen from its parent. It ends with the parent, or when it is disposed of. */
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
    this.#child = fork(ENTRY, [JSON.stringify(task)], {
      execArgv: childExecArgv(),
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    this.#ended = once(this.#child, "exit");
  }

  send(message: ToWorker): void {
    this.#child.send(message);
  }

  /** The next message of that kind. @throws Error when the process ends, or nothing comes in time. */
  async answer<Kind extends FromWorker["kind"]>(
    kind: Kind,
    timeoutMs: number,
  ): Promise<Extract<FromWorker, { kind: Kind }>> {
    const signal = AbortSignal.timeout(timeoutMs);
    const died = this.#ended.then(() => {
      throw new Error("a worker process ended");
    });
    // It also ends when nobody asks any more.
    died.catch(() => undefined);
    for (;;) {
      const next = once(this.#child, "message", { signal }) as Promise<[FromWorker]>;
      const [message] = await Promise.race([next, died]);
      if (message.kind === kind) return message as Extract<FromWorker, { kind: Kind }>;
    }
  }

  /** Ends it without any goodbye, and waits for its end. */
  async kill(): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#ended;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.kill();
  }
}
