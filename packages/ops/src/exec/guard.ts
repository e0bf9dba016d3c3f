import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { GUARD_SCRIPT } from "./guard-script.ts";

/** A guard that ends without being dismissed is replaced so often. */
const MAX_RESTARTS = 5;
/** How long the guard may take to end after it was dismissed, ms. It takes about 1 ms. */
const DISMISS_TIMEOUT_MS = 2_000;
const SHELL = "/bin/sh";

/** The guard could not be started. */
export class GuardError extends Error {}

/**
 * A process that ends the command if exec is killed. It is in a session of its own, so that no terminal and no signal to a group reaches
 * it, and it reads a pipe that only exec writes. The end of exec is the end of the pipe.
 */
export class Guard {
  readonly #marks: readonly string[];
  readonly #onGone: () => void;
  #child: ChildProcess;
  #pid: number | undefined;
  #graceS = 0;
  #restarts = 0;
  #isDismissed = false;

  private constructor(marks: readonly string[], onGone: () => void) {
    this.#marks = marks;
    this.#onGone = onGone;
    this.#child = this.#spawn();
  }

  /**
   * @param marks the fencing token and the id of the lock, which the environment of the command has as well.
   * @param onGone called if the guard ends again and again, so that there is none.
   * @throws GuardError
   */
  static async start(marks: readonly [fence: string, id: string], onGone: () => void): Promise<Guard> {
    const guard = new Guard(marks, onGone);
    if (guard.#child.pid === undefined) {
      const [error] = (await once(guard.#child, "error")) as [Error];
      throw new GuardError(`the guard needs ${SHELL}: ${error.message}`);
    }
    return guard;
  }

  /** The process number of the guard. */
  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** The command runs as this process. Written before this function returns. */
  watch(pid: number): void {
    this.#pid = pid;
    this.#write(`pid ${pid}`);
  }

  /** How long the command may take to end after TERM, if exec is killed from now on. */
  setGrace(graceMs: number): void {
    // Shells need not know fractions of seconds. Below a second, a second is still less than the rest of the lease.
    const graceS = graceMs === 0 ? 0 : Math.max(1, Math.floor(graceMs / 1_000));
    if (graceS === this.#graceS) return;
    this.#graceS = graceS;
    this.#write(`grace ${graceS}`);
  }

  /** Ends the guard, because nothing is left to guard. */
  async dismiss(): Promise<void> {
    if (this.#isDismissed) return;
    this.#isDismissed = true;
    const child = this.#child;
    if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
    const ended = once(child, "exit");
    const timer = setTimeout(() => child.kill("SIGKILL"), DISMISS_TIMEOUT_MS);
    this.#write("done");
    await ended;
    clearTimeout(timer);
  }

  #spawn(): ChildProcess {
    const child = spawn(SHELL, ["-c", GUARD_SCRIPT, "quorumlock-guard", ...this.#marks], {
      cwd: "/",
      detached: true,
      // It keeps no output of exec open, and sees no password.
      stdio: ["pipe", "ignore", "ignore"],
      env: { PATH: `${process.env.PATH ?? ""}:/usr/bin:/bin`, LC_ALL: "C" },
    });
    child.on("error", () => undefined);
    child.stdin?.on("error", () => undefined);
    child.once("exit", () => this.#onExit());
    return child;
  }

  #onExit(): void {
    if (this.#isDismissed) return;
    this.#restarts += 1;
    if (this.#restarts > MAX_RESTARTS) {
      this.#onGone();
      return;
    }
    this.#child = this.#spawn();
    if (this.#pid !== undefined) this.#write(`pid ${this.#pid}`);
    this.#write(`grace ${this.#graceS}`);
  }

  #write(line: string): void {
    this.#child.stdin?.write(`${line}\n`);
  }
}
