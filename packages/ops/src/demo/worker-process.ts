import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";
import type { FromWorker, ToWorker, WorkerTask } from "./messages.ts";
import type { Counter, Worker } from "./stage.ts";

/** It lies beside this file, compiled as this file is. */
const ENTRY = fileURLToPath(new URL("./worker-main.ts", import.meta.url)).replace(
  /\.ts$/,
  extname(import.meta.url),
);

/** How much of a worker's error output is kept, in characters. */
const KEPT_OUTPUT = 2_000;

/** How long a worker that has finished may take to end. */
const END_TIMEOUT_MS = 2_000;

/** A worker process, and the answers to what it says. */
export class WorkerProcess implements Worker {
  readonly ready: Promise<void>;
  readonly finished: Promise<void>;
  readonly #child: ChildProcess;
  readonly #index: number;
  readonly #counter: Counter;
  readonly #ended: Promise<unknown>;
  #isReady = false;
  #killed = false;
  #done = false;
  #output = "";
  #resolveReady!: () => void;
  #resolveFinished!: () => void;
  #rejectFinished!: (error: Error) => void;

  constructor(index: number, task: WorkerTask, counter: Counter) {
    this.#index = index;
    this.#counter = counter;
    this.ready = new Promise((resolve) => (this.#resolveReady = resolve));
    this.finished = new Promise((resolve, reject) => {
      this.#resolveFinished = resolve;
      this.#rejectFinished = reject;
    });
    // Whoever waits for it hears of it; while nobody does yet, it is not an unhandled rejection.
    this.finished.catch(() => undefined);
    // Detached: a Ctrl-C in the terminal reaches the parent alone, which ends the workers; so does the end of the parent.
    this.#child = fork(ENTRY, [JSON.stringify(task)], {
      detached: true,
      stdio: ["ignore", "ignore", "pipe", "ipc"],
    });
    this.#ended = once(this.#child, "exit").catch(() => undefined);
    this.#child.stderr?.on("data", (chunk: Buffer) => {
      this.#output = (this.#output + chunk.toString()).slice(-KEPT_OUTPUT);
    });
    this.#child.on("message", (message) => this.#hear(message as FromWorker));
    this.#child.once("error", (error) => this.#fail(`could not be started: ${error.message}`));
    // "close" comes after the last of its output.
    this.#child.once("close", (code, signal) => this.#fail(`ended with ${signal ?? `code ${code}`}`));
  }

  get name(): string {
    return `pid ${this.#child.pid ?? "none"}`;
  }

  get state(): Worker["state"] {
    if (this.#killed) return "killed";
    return this.#isReady ? "at work" : "starting";
  }

  start(): void {
    this.#answer({});
  }

  /** Ends it without warning. */
  kill(): void {
    this.#killed = true;
    this.#child.kill("SIGKILL");
    this.#resolveFinished();
  }

  /** Waits for its end; one that has not finished, or takes too long over it, is killed. */
  async stop(): Promise<void> {
    const late = setTimeout(() => this.#child.kill("SIGKILL"), this.#done ? END_TIMEOUT_MS : 0);
    await this.#ended;
    clearTimeout(late);
  }

  #hear(message: FromWorker): void {
    switch (message.kind) {
      case "ready":
        this.#isReady = true;
        this.#resolveReady();
        break;
      case "read": {
        const stock = this.#counter.read(this.#index, message.fence);
        if (stock !== undefined) this.#answer({ stock });
        break;
      }
      case "write":
        this.#counter.write(this.#index, message.stock);
        this.#answer({});
        break;
      case "leave":
        this.#counter.leave(this.#index);
        this.#answer({});
        break;
      case "finished":
        this.#done = true;
        this.#resolveFinished();
        this.#answer({});
        break;
    }
  }

  #answer(answer: ToWorker): void {
    // A worker that cannot be answered has ended, which is told by its "close".
    if (this.#child.connected) this.#child.send(answer, () => undefined);
  }

  #fail(how: string): void {
    const output = this.#output === "" ? "" : `. Its last output:\n${this.#output.trimEnd()}`;
    this.#rejectFinished(new Error(`worker ${this.name} ${how}${output}`));
  }
}
