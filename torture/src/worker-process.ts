import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Custodian } from "./custodian.ts";
import type { FromWorker, ToWorker, WorkerTask } from "./messages.ts";

const ENTRY = fileURLToPath(new URL("./worker/main.ts", import.meta.url));
const PACKAGE = fileURLToPath(new URL("..", import.meta.url));

/** How much of a worker's error output is kept, in characters. */
const KEPT_OUTPUT = 2_000;

/** How long a worker may take to end by itself, in ms. */
const END_TIMEOUT_MS = 2_000;

/** A worker process, seen from the controller. */
export class WorkerProcess {
  readonly id: number;
  readonly pid: number;
  readonly journal: string;
  readonly ended: Promise<unknown>;
  onMessage: (message: FromWorker) => void = () => undefined;
  /** Called when it ended though nobody wanted it to, with what is known about it. */
  onCrash: (how: string) => void = () => undefined;
  readonly #child: ChildProcess;
  #paused = false;
  #isEnding = false;
  #hasEnded = false;
  #output = "";

  constructor(task: WorkerTask, custodian: Custodian) {
    this.id = task.id;
    this.journal = task.journal;
    // Detached: a Ctrl-C in the terminal reaches the controller alone, which ends the workers; so does its own end.
    this.#child = fork(ENTRY, [JSON.stringify(task)], {
      cwd: PACKAGE,
      detached: true,
      execArgv: ["--import", "tsx", "--conditions=@quorumlock/source"],
      stdio: ["ignore", "ignore", "pipe", "ipc"],
    });
    this.pid = this.#child.pid ?? 0;
    if (this.pid !== 0) custodian.watch(this.pid);
    this.ended = once(this.#child, "exit").catch(() => undefined);
    void this.ended.then(() => {
      this.#hasEnded = true;
      if (this.pid !== 0) custodian.forget(this.pid);
    });
    this.#child.stderr?.on("data", (chunk: Buffer) => {
      this.#output = (this.#output + chunk.toString()).slice(-KEPT_OUTPUT);
    });
    this.#child.on("message", (message) => this.onMessage(message as FromWorker));
    this.#child.once("error", (error) => this.#crashed(`could not be started: ${error.message}`));
    // "close" comes after the last of its output.
    this.#child.once("close", (code, signal) => this.#crashed(`ended with ${signal ?? `code ${code}`}`));
  }

  get paused(): boolean {
    return this.#paused;
  }

  /** False from when it was killed or told to end. */
  get alive(): boolean {
    return !this.#isEnding && !this.#hasEnded;
  }

  say(message: ToWorker): void {
    // One that cannot be told anything has ended, which is noticed by its "close".
    if (this.#child.connected) this.#child.send(message, () => undefined);
  }

  pause(): void {
    this.#paused = true;
    this.#signal("SIGSTOP");
  }

  resume(): void {
    this.#paused = false;
    this.#signal("SIGCONT");
  }

  kill(): void {
    this.#isEnding = true;
    this.#signal("SIGKILL");
  }

  /** Lets it end by itself, or kills it when that takes too long. */
  async stop(): Promise<void> {
    this.#isEnding = true;
    this.resume();
    if (this.#child.connected) this.#child.disconnect();
    const late = setTimeout(() => this.#signal("SIGKILL"), END_TIMEOUT_MS);
    await this.ended;
    clearTimeout(late);
  }

  #signal(name: NodeJS.Signals): void {
    if (!this.#hasEnded) this.#child.kill(name);
  }

  #crashed(how: string): void {
    if (this.#isEnding) return;
    this.#isEnding = true;
    const output = this.#output === "" ? "" : `. Its last output:\n${this.#output.trimEnd()}`;
    this.onCrash(`worker ${this.id} (pid ${this.pid}) ${how}${output}`);
  }
}
