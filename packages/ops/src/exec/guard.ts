import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { safeMessage } from "../format/safe-message.ts";
import { GUARD_SCRIPT } from "./guard-script.ts";
import { startOf } from "./process-table.ts";

/** So many guards in a row that could not be started, or that ended soon, are a problem that is reported. Others are tried all the same. */
const REPORTED_FAILURES = 5;
/** A guard that has lived so long, ms, was a good one. */
const GOOD_LIFE_MS = 10_000;
/** The pause before the second try, ms, which doubles from then on, and the longest one. The first try comes at once. */
const FIRST_PAUSE_MS = 50;
const MAX_PAUSE_MS = 5_000;
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
  /** `undefined` while none could be started. */
  #child: ChildProcess | undefined;
  #bornAt = 0;
  /** What the guard must know of the command, as it is written. */
  #watched: string | undefined;
  #graceS = 0;
  #failures = 0;
  #retry: NodeJS.Timeout | undefined;
  #isDismissed = false;

  private constructor(marks: readonly string[], onGone: () => void) {
    this.#marks = marks;
    this.#onGone = onGone;
  }

  /**
   * @param marks the fencing token and the id of the lock, which the environment of the command has as well.
   * @param onGone called if the guard ends again and again, or cannot be replaced, so that there may be none.
   * @throws GuardError
   */
  static async start(marks: readonly [fence: string, id: string], onGone: () => void): Promise<Guard> {
    const guard = new Guard(marks, onGone);
    try {
      const child = guard.#spawn();
      if (child.pid === undefined) throw ((await once(child, "error")) as [Error])[0];
      guard.#use(child);
    } catch (error) {
      throw new GuardError(`the guard needs ${SHELL}: ${safeMessage(error)}`, { cause: error });
    }
    return guard;
  }

  /** The process number of the guard. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** The command runs as this process. Written before this function returns. */
  watch(pid: number): void {
    this.#watched = `pid ${[pid, startOf(pid)].join(" ").trim()}`;
    this.#write(this.#watched);
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
    clearTimeout(this.#retry);
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
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
    return child;
  }

  #use(child: ChildProcess): void {
    this.#child = child;
    this.#bornAt = performance.now();
    child.once("exit", () => this.#onExit());
  }

  #onExit(): void {
    this.#child = undefined;
    if (this.#isDismissed) return;
    if (performance.now() - this.#bornAt > GOOD_LIFE_MS) this.#failures = 0;
    this.#replaceLater();
  }

  #replaceLater(): void {
    this.#failures += 1;
    if (this.#failures === REPORTED_FAILURES) this.#onGone();
    const pauseMs = Math.min(MAX_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (this.#failures - 2));
    if (this.#failures === 1) this.#replace();
    else this.#retry = setTimeout(() => this.#replace(), pauseMs);
  }

  #replace(): void {
    let child: ChildProcess | undefined;
    try {
      child = this.#spawn();
    } catch {
      // Without memory, for example, it is an exception. Without free process numbers it is a child without a number.
    }
    if (child?.pid === undefined) {
      this.#replaceLater();
      return;
    }
    this.#use(child);
    if (this.#watched !== undefined) this.#write(this.#watched);
    this.#write(`grace ${this.#graceS}`);
  }

  #write(line: string): void {
    this.#child?.stdin?.write(`${line}\n`);
  }
}
