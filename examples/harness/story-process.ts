import { type ChildProcess, spawn } from "node:child_process";
import { EventEmitter, once } from "node:events";
import { createInterface } from "node:readline";
import type { PointAction } from "./point.ts";
import type { Reaper } from "./reaper.ts";
import { type Order, SETTINGS_VARIABLE, type WorkerSettings } from "./worker.ts";

const MAX_OUTPUT_LENGTH = 2_000;
const EXIT_TIMEOUT_MS = 5_000;

/** A line that a process printed. */
export interface Line extends Readonly<Record<string, unknown>> {
  readonly event: string;
}

/** A process of a story, as the harness sees it. */
export class StoryProcess {
  readonly name: string;
  readonly pid: number;
  /** Resolves when the process has connected and waits for `go()`. */
  readonly ready: Promise<Line>;
  /** Resolves when the process has ended, in whatever way. */
  readonly ended: Promise<void>;
  readonly #child: ChildProcess;
  readonly #lines = new EventEmitter();
  #output = "";
  #isExpectedToEnd = false;
  #hasEnded = false;

  /** @param onCrash called if the process ends with an error that the harness did not cause. */
  constructor(
    name: string,
    entry: string,
    settings: WorkerSettings,
    reaper: Reaper,
    onCrash: (error: Error) => void,
  ) {
    this.name = name;
    // The process has a group of its own, so that a Ctrl-C reaches only the harness.
    this.#child = spawn(process.execPath, [entry], {
      detached: true,
      env: { ...process.env, [SETTINGS_VARIABLE]: JSON.stringify(settings) },
      stdio: ["pipe", "pipe", "pipe"],
    });
    this.pid = this.#child.pid ?? 0;
    if (this.pid !== 0) reaper.add(this.pid);
    this.#lines.setMaxListeners(0);
    this.ended = once(this.#child, "close").then(
      () => undefined,
      () => undefined,
    );
    void this.ended.then(() => {
      this.#hasEnded = true;
      if (this.pid !== 0) reaper.remove(this.pid);
      this.#lines.emit("ended");
    });
    this.#child.once("error", onCrash);
    this.#child.once("close", (code, signal) => {
      if (this.#isExpectedToEnd || code === 0) return;
      const how = signal ?? `code ${code}`;
      onCrash(new Error(`process ${name} ended with ${how}; its last output:\n${this.#output.trimEnd()}`));
    });
    this.#child.stderr?.on("data", (chunk: Buffer) => {
      this.#output = (this.#output + chunk.toString()).slice(-MAX_OUTPUT_LENGTH);
    });
    this.#child.stdin?.on("error", () => undefined);
    if (this.#child.stdout) {
      createInterface({ input: this.#child.stdout }).on("line", (text) => this.#receive(text));
    }
    this.ready = this.until("ready");
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** Lets the process begin its work. */
  go(): void {
    this.#send({ order: "go" });
  }

  /** Arms a point: the process kills or stops itself when it passes it, or at a later pass if `skip` is above 0. */
  arm(point: string, action: PointAction, skip = 0): void {
    this.#send({ order: "arm", point, action, skip });
  }

  /** Undoes `arm`, if the process has not passed the point yet. */
  disarm(point: string): void {
    this.#send({ order: "disarm", point });
  }

  /**
   * Arms a point, and waits until the process has passed it.
   * @throws Error if the process ends before that.
   */
  reach(point: string, action: PointAction, skip = 0): Promise<void> {
    const passed = this.until("point");
    this.arm(point, action, skip);
    const reached = passed.then(() => (action === "kill" ? this.ended : undefined));
    // After an interruption, nobody may wait for this any more.
    reached.catch(() => undefined);
    return reached;
  }

  /**
   * Waits for the next line with this event.
   * @throws Error if the process ends before that.
   */
  until(event: string): Promise<Line> {
    const line = new Promise<Line>((resolve, reject) => {
      const onLine = (received: Line): void => {
        if (received.event !== event) return;
        this.#lines.off("line", onLine);
        resolve(received);
      };
      this.#lines.on("line", onLine);
      this.#lines.once("ended", () => reject(new Error(`process ${this.name} ended before "${event}"`)));
    });
    line.catch(() => undefined);
    return line;
  }

  /** Calls `listener` with each line. */
  onLine(listener: (line: Line) => void): void {
    this.#lines.on("line", listener);
  }

  /** SIGSTOP: the process does nothing until `resume()`. */
  pause(): void {
    this.#signal("SIGSTOP");
  }

  resume(): void {
    this.#signal("SIGCONT");
  }

  /** SIGKILL. Resolves when the process has ended. */
  async kill(): Promise<void> {
    this.#isExpectedToEnd = true;
    this.#signal("SIGKILL");
    await this.ended;
  }

  /** Asks the process to end, and kills it if that takes longer than 5 s. */
  async stop(): Promise<void> {
    this.resume();
    this.#child.stdin?.end();
    const timer = setTimeout(() => void this.kill(), EXIT_TIMEOUT_MS);
    await this.ended;
    clearTimeout(timer);
  }

  #receive(text: string): void {
    try {
      const line = JSON.parse(text) as Line;
      if (line.event === "point" && line["action"] === "kill") this.#isExpectedToEnd = true;
      this.#lines.emit("line", line);
    } catch {
      this.#output += `${text}\n`;
    }
  }

  #send(order: Order): void {
    if (!this.#hasEnded) this.#child.stdin?.write(`${JSON.stringify(order)}\n`);
  }

  #signal(name: NodeJS.Signals): void {
    if (!this.#hasEnded) this.#child.kill(name);
  }
}
