import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";
import type { Store, Worker } from "./environment.ts";
import type { FromWorker, ToWorker, WorkerTask } from "./messages.ts";

/** The entry has the extension of this file: `.ts` in the sources, `.js` after the build. */
const ENTRY = fileURLToPath(new URL("./worker-main.ts", import.meta.url)).replace(
  /\.ts$/,
  extname(import.meta.url),
);

/** How much of a worker's error output to keep, in characters. */
const MAX_OUTPUT_LENGTH = 2_000;

/** How long a worker that has finished may take to exit, in ms. */
const EXIT_TIMEOUT_MS = 2_000;

/** A worker process, as its parent sees it. Answers the requests of the worker. */
export class WorkerProcess implements Worker {
  readonly ready: Promise<void>;
  /** Resolves when the worker has finished or is killed. Rejects if it fails. */
  readonly finished: Promise<void>;
  readonly #child: ChildProcess;
  readonly #index: number;
  readonly #store: Store;
  readonly #ended: Promise<unknown>;
  #isReady = false;
  #isKilled = false;
  #isFinished = false;
  #output = "";
  #resolveReady!: () => void;
  #resolveFinished!: () => void;
  #rejectFinished!: (error: Error) => void;

  constructor(index: number, task: WorkerTask, store: Store) {
    this.#index = index;
    this.#store = store;
    this.ready = new Promise((resolve) => (this.#resolveReady = resolve));
    this.finished = new Promise((resolve, reject) => {
      this.#resolveFinished = resolve;
      this.#rejectFinished = reject;
    });
    // Prevents an unhandled rejection if the worker fails before a caller awaits `finished`.
    this.finished.catch(() => undefined);
    // Detached, so that a Ctrl-C in the terminal reaches only the parent. The parent then stops the worker.
    // The worker also exits by itself if the parent ends.
    this.#child = fork(ENTRY, [JSON.stringify(task)], {
      detached: true,
      stdio: ["ignore", "ignore", "pipe", "ipc"],
    });
    this.#ended = once(this.#child, "exit").catch(() => undefined);
    this.#child.stderr?.on("data", (chunk: Buffer) => {
      this.#output = (this.#output + chunk.toString()).slice(-MAX_OUTPUT_LENGTH);
    });
    this.#child.on("message", (message) => this.#onRequest(message as FromWorker));
    this.#child.once("error", (error) => this.#fail(`did not start: ${error.message}`));
    // "close" follows the last output. "exit" may come before it.
    this.#child.once("close", (code, signal) => this.#fail(`ended with ${signal ?? `code ${code}`}`));
  }

  get name(): string {
    return `pid ${this.#child.pid ?? "none"}`;
  }

  get state(): Worker["state"] {
    if (this.#isKilled) return "killed";
    return this.#isReady ? "at work" : "starting";
  }

  /** Answers the request `ready`, so that the worker begins to sell. */
  start(): void {
    this.#answer({});
  }

  kill(): void {
    this.#isKilled = true;
    this.#child.kill("SIGKILL");
    this.#resolveFinished();
  }

  /** Waits for the exit of a worker that has finished. Kills it if it has not finished, or if the exit times out. */
  async stop(): Promise<void> {
    const timer = setTimeout(() => this.#child.kill("SIGKILL"), this.#isFinished ? EXIT_TIMEOUT_MS : 0);
    await this.#ended;
    clearTimeout(timer);
  }

  #onRequest(message: FromWorker): void {
    switch (message.kind) {
      case "ready":
        this.#isReady = true;
        this.#resolveReady();
        break;
      case "read": {
        const stock = this.#store.read(this.#index, message.fence);
        if (stock !== undefined) this.#answer({ stock });
        break;
      }
      case "write":
        this.#store.write(this.#index, message.stock);
        this.#answer({});
        break;
      case "leave":
        this.#store.leave(this.#index);
        this.#answer({});
        break;
      case "finished":
        this.#isFinished = true;
        this.#resolveFinished();
        this.#answer({});
        break;
    }
  }

  #answer(answer: ToWorker): void {
    // If the worker has ended, its "close" event reports that.
    if (this.#child.connected) this.#child.send(answer, () => undefined);
  }

  #fail(reason: string): void {
    const output = this.#output === "" ? "" : `. Its last output:\n${this.#output.trimEnd()}`;
    this.#rejectFinished(new Error(`worker ${this.name} ${reason}${output}`));
  }
}
