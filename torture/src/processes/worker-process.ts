import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { FromWorker, ToWorker, WorkerTask } from "./messages.ts";
import type { ProcessReaper } from "./process-reaper.ts";

const ENTRY = fileURLToPath(new URL("../worker/main.ts", import.meta.url));
const PACKAGE = fileURLToPath(new URL("../..", import.meta.url));

/** How much of a process's error output to keep, in characters. */
const MAX_OUTPUT_LENGTH = 2_000;

/** How long a process may take to exit before it is killed, in ms. */
const EXIT_TIMEOUT_MS = 2_000;

/** A worker process, as the controller sees it. */
export class WorkerProcess {
  readonly id: number;
  readonly pid: number;
  readonly journal: string;
  /** Resolves when the process has ended. */
  readonly ended: Promise<unknown>;
  onMessage: (message: FromWorker) => void = () => undefined;
  /** Called if the process ends and the controller did not end it. */
  onCrash: (description: string) => void = () => undefined;
  readonly #child: ChildProcess;
  #isPaused = false;
  /** True from `kill()`, `stop()` or a crash on. */
  #isEnding = false;
  #hasEnded = false;
  #output = "";

  constructor(task: WorkerTask, reaper: ProcessReaper) {
    this.id = task.id;
    this.journal = task.journal;
    // Detached, so that a Ctrl-C in the terminal reaches only the controller. The controller then stops the process.
    // The process also exits by itself if the controller ends.
    this.#child = fork(ENTRY, [JSON.stringify(task)], {
      cwd: PACKAGE,
      detached: true,
      execArgv: ["--import", "tsx", "--conditions=@quorumlock/source"],
      stdio: ["ignore", "ignore", "pipe", "ipc"],
    });
    this.pid = this.#child.pid ?? 0;
    if (this.pid !== 0) reaper.add(this.pid);
    this.ended = once(this.#child, "exit").catch(() => undefined);
    void this.ended.then(() => {
      this.#hasEnded = true;
      if (this.pid !== 0) reaper.remove(this.pid);
    });
    this.#child.stderr?.on("data", (chunk: Buffer) => {
      this.#output = (this.#output + chunk.toString()).slice(-MAX_OUTPUT_LENGTH);
    });
    this.#child.on("message", (message) => this.onMessage(message as FromWorker));
    this.#child.once("error", (error) => this.#reportCrash(`did not start: ${error.message}`));
    // "close" follows the last output. "exit" may come before it.
    this.#child.once("close", (code, signal) => this.#reportCrash(`ended with ${signal ?? `code ${code}`}`));
  }

  get isPaused(): boolean {
    return this.#isPaused;
  }

  get isAlive(): boolean {
    return !this.#isEnding && !this.#hasEnded;
  }

  send(message: ToWorker): void {
    // If the process has ended, its "close" event reports that.
    if (this.#child.connected) this.#child.send(message, () => undefined);
  }

  pause(): void {
    this.#isPaused = true;
    this.#signal("SIGSTOP");
  }

  resume(): void {
    this.#isPaused = false;
    this.#signal("SIGCONT");
  }

  kill(): void {
    this.#isEnding = true;
    this.#signal("SIGKILL");
  }

  /** Disconnects, so that the process exits by itself. Kills it if that takes too long. */
  async stop(): Promise<void> {
    this.#isEnding = true;
    this.resume();
    if (this.#child.connected) this.#child.disconnect();
    const timer = setTimeout(() => this.#signal("SIGKILL"), EXIT_TIMEOUT_MS);
    await this.ended;
    clearTimeout(timer);
  }

  #signal(name: NodeJS.Signals): void {
    if (!this.#hasEnded) this.#child.kill(name);
  }

  #reportCrash(reason: string): void {
    if (this.#isEnding) return;
    this.#isEnding = true;
    const output = this.#output === "" ? "" : `. Its last output:\n${this.#output.trimEnd()}`;
    this.onCrash(`worker process ${this.id} (pid ${this.pid}) ${reason}${output}`);
  }
}
