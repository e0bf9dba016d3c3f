import { setImmediate, setTimeout as sleep } from "node:timers/promises";
import { isatty } from "node:tty";
import type { Lock, Redlock } from "quorumlock";
import { formatDuration } from "../format/duration.ts";
import { THIN_SPACE } from "../format/spaces.ts";
import { type CommandEnd, CommandProcess } from "./command-process.ts";
import { Guard } from "./guard.ts";
import { LeaseWatch, type Loss } from "./lease-watch.ts";
import type { Signals } from "./signals.ts";
import { type KeptTerminal, keepTerminal } from "./terminal.ts";

/** What is run, and how. */
export interface Supervised {
  readonly command: readonly [string, ...string[]];
  readonly env: NodeJS.ProcessEnv;
  readonly isForeground: boolean;
  readonly graceMs: number;
  /** `undefined`: no limit. */
  readonly maxRunMs: number | undefined;
  /** The fencing token and the id of the lock, as the environment has them. */
  readonly marks: readonly [fence: string, id: string];
  /** The lock. `undefined` if another process holds it for this one. */
  readonly lease: { readonly redlock: Redlock; readonly lock: Lock; readonly servers: number } | undefined;
  /** Tells whether the lock of another process, under which the command runs, has ended. `undefined` for a lock of this process. */
  readonly outer: { readonly hasEnded: () => Promise<boolean>; readonly everyMs: number } | undefined;
  readonly signals: Signals;
  /** Prints a problem, and what is less than that. */
  readonly say: (line: string) => void;
  readonly note: (line: string) => void;
}

/** How it ended. */
export interface SupervisedEnd {
  readonly outcome: "ran" | "lost" | "max-run" | "interrupted";
  /** `undefined` if the command was not started. */
  readonly end: CommandEnd | undefined;
  /** Why it was ended. `undefined` if it ended by itself. */
  readonly why: string | undefined;
}

const LEFTOVER_POLL_MS = 20;

/**
 * Runs a command under a guard, and follows the lease, the time limit and the signals until the command and everything that it has left
 * behind have ended.
 * @throws GuardError, StartError. Nothing is running then.
 */
export async function supervise(supervised: Supervised): Promise<SupervisedEnd> {
  const { signals, marks, graceMs, lease, isForeground, say } = supervised;
  const guard = await Guard.start(marks, () =>
    say("the guard ends again and again; if exec is killed, the command goes on"),
  );
  try {
    guard.setGrace(graceMs);
    // It blocks for some milliseconds, in which signals may arrive.
    const terminal = isForeground ? keepTerminal() : undefined;
    await signalsOfNow();
    if (signals.interrupted.aborted) return { outcome: "interrupted", end: undefined, why: undefined };
    if (lease?.lock.isHeld === false)
      return { outcome: "lost", end: undefined, why: "its lease ended before the command was started" };
    return await new Supervision(supervised, guard, terminal).run();
  } finally {
    await guard.dismiss();
  }
}

/** Resolves when all signals that have arrived before the call are delivered: after a whole turn of the event loop. */
async function signalsOfNow(): Promise<void> {
  await setImmediate();
  await setImmediate();
}

class Supervision {
  readonly #supervised: Supervised;
  readonly #guard: Guard;
  readonly #terminal: KeptTerminal | undefined;
  #outcome: SupervisedEnd["outcome"] = "ran";
  #why: string | undefined;
  /** When KILL follows TERM, by the clock of `performance`. `Infinity` before TERM. */
  #killAt = Infinity;
  #termAt = 0;
  #killTimer: NodeJS.Timeout | undefined;

  constructor(supervised: Supervised, guard: Guard, terminal: KeptTerminal | undefined) {
    this.#terminal = terminal;
    this.#supervised = supervised;
    this.#guard = guard;
  }

  async run(): Promise<SupervisedEnd> {
    const { command: words, env, isForeground, signals, lease, graceMs, maxRunMs } = this.#supervised;
    const [program, ...args] = words;
    const command = await CommandProcess.start(program, args, {
      env,
      isForeground,
      onStarted: (pid) => this.#guard.watch(pid),
    });
    using watch =
      lease &&
      new LeaseWatch(lease.redlock, lease.lock, graceMs, lease.servers, {
        onExtension: (isFailing) => this.#guard.setGrace(isFailing ? 0 : graceMs),
        onLost: (loss) => this.#onLost(command, loss),
      });
    const isOnTerminal = isForeground && isatty(0);
    let isNew = true;
    // What arrived between the last check and the start did not reach the command, and is forwarded. What arrived right after the start
    // may reach it twice.
    void signalsOfNow().then(() => (isNew = false));
    let isStopping = false;
    let stopped = Promise.resolve();
    signals.target = {
      isOnTerminal,
      hasGotSignalsOfTerminal: () => isOnTerminal && !isNew,
      forward: (signal) => command.forward(signal),
      onStop: () => {
        if (isOnTerminal) {
          // A stopped command that gets it again stays as it is, and CONT discards it.
          if (isNew) command.forward("SIGTSTP");
          return;
        }
        isStopping = true;
        stopped = stopped
          .then(() => command.stop())
          .catch(() => undefined)
          .then(signalsOfNow)
          .then(() => {
            // CONT may have come meanwhile.
            if (isStopping) process.kill(process.pid, "SIGSTOP");
          });
      },
      onContinue: () => {
        isStopping = false;
        watch?.check();
        // After the stop has come to its end, because it could stop more processes later.
        stopped = stopped
          .then(async () => {
            if (this.#outcome !== "lost" && !isOnTerminal && !isStopping) await command.resume();
          })
          .catch(() => undefined);
      },
    };
    using _poll = this.#pollOuter(command);
    const limit = maxRunMs === undefined ? undefined : setTimeout(() => this.#onLimit(command), maxRunMs);
    try {
      const end = await command.ended;
      clearTimeout(limit);
      const { outcome, why } = { outcome: this.#outcome, why: this.#why };
      if (outcome !== "ran" || end.signal === "SIGKILL") this.#terminal?.restore();
      await this.#endLeftovers(command);
      return { outcome, end, why };
    } finally {
      clearTimeout(limit);
      clearTimeout(this.#killTimer);
      signals.target = undefined;
    }
  }

  /** Ends the command if the lock of another process, under which it runs, has ended. */
  #pollOuter(command: CommandProcess): Disposable {
    const { outer, graceMs } = this.#supervised;
    if (outer === undefined) return { [Symbol.dispose]: () => undefined };
    const look = async (): Promise<void> => {
      const hasEnded = await outer.hasEnded().catch(() => false);
      if (!hasEnded || this.#outcome === "lost" || command.hasEnded) return;
      this.#onLost(command, { why: "the exec around this one has lost or released it", killInMs: graceMs });
    };
    const timer = setInterval(() => void look(), outer.everyMs);
    return { [Symbol.dispose]: () => clearInterval(timer) };
  }

  #onLost(command: CommandProcess, { why, killInMs }: Loss): void {
    this.#outcome = "lost";
    this.#why = `lock lost (${why})`;
    // From now on, the command is dead before the lease ends only if KILL does not wait for a grace.
    this.#guard.setGrace(0);
    this.#end(command, this.#why, killInMs);
  }

  #onLimit(command: CommandProcess): void {
    if (this.#outcome !== "ran") return;
    const { maxRunMs = 0, graceMs } = this.#supervised;
    this.#outcome = "max-run";
    // It is recorded, and records have plain spaces.
    const limit = formatDuration(maxRunMs).replaceAll(THIN_SPACE, " ");
    this.#why = `still running after ${limit}, the limit of --max-run`;
    this.#end(command, this.#why, graceMs);
  }

  /** Sends TERM now and KILL after the time. An earlier KILL stays. */
  #end(command: CommandProcess, why: string, killInMs: number): void {
    const { say } = this.#supervised;
    const now = performance.now();
    this.#killAt = Math.min(this.#killAt, now + killInMs);
    this.#termAt = now;
    clearTimeout(this.#killTimer);
    if (this.#killAt <= now) {
      say(`${why}; sent KILL`);
      void command.kill().catch(() => undefined);
      return;
    }
    say(`${why}; sent TERM`);
    // Without the table of processes, the group of the command gets it.
    void command.terminate().catch(() => command.forward("SIGTERM"));
    this.#killTimer = setTimeout(() => {
      say(`still running ${formatDuration(performance.now() - this.#termAt)} after TERM; sent KILL`);
      void command.kill().catch(() => undefined);
    }, this.#killAt - now);
  }

  /** What the command has left behind would run without the lock, so it is ended too. */
  async #endLeftovers(command: CommandProcess): Promise<void> {
    const left = await command.members();
    clearTimeout(this.#killTimer);
    if (left.length === 0) return;
    const { graceMs, note } = this.#supervised;
    if (performance.now() >= this.#killAt) {
      // They got KILL together with the command, and are not left behind.
      if (!(await command.kill())) note("processes are left that KILL does not end");
      return;
    }
    this.#killAt = Math.min(this.#killAt, performance.now() + graceMs);
    await command.terminate();
    let areEnded = false;
    while (!areEnded && performance.now() < this.#killAt) {
      await sleep(LEFTOVER_POLL_MS);
      areEnded = (await command.members()).length === 0;
    }
    areEnded ||= await command.kill();
    const count = left.length === 1 ? "1 process was left" : `${left.length} processes were left`;
    note(areEnded ? `${count}; ended` : `${count}; could not be ended`);
  }
}
