import { setTimeout as sleep } from "node:timers/promises";
import {
  type Lock,
  type Lockable,
  LockAbortedError,
  LockKindError,
  LockTimeoutError,
  QuorumError,
  type Redlock,
  TenantLimitError,
} from "quorumlock";
import { LockStats, report, type Reporter } from "quorumlock/observe";
import { acquireDespiteSplits } from "./acquire-despite-splits.ts";
import { CommandError, EXIT } from "../cli/command-error.ts";
import { formatDuration } from "../format/duration.ts";
import { displayName } from "../format/name.ts";
import { safeMessage } from "../format/safe-message.ts";
import { StartError } from "./command-process.ts";
import { commandEnvironment, type OuterLock, outerLocksIn, ttlIn, withoutPasswords } from "./environment.ts";
import type { ExecOptions } from "./exec-options.ts";
import { GuardError } from "./guard.ts";
import { lockableFor } from "./lockable-for.ts";
import { stateOfOuter } from "./nested.ts";
import { describeHolders, describeNoQuorum, isRefused } from "./not-acquired.ts";
import { recordRun } from "./record-run.ts";
import type { RunOutcome, RunReport } from "./run-report.ts";
import { exitCodeOf, SignalReason, type Signals } from "./signals.ts";
import { supervise, type Supervised, type SupervisedEnd } from "./supervision.ts";

/** What a run needs of the world around it. */
export interface ExecContext {
  readonly redlock: Redlock;
  readonly prefix: string;
  /** How many servers there are. */
  readonly servers: number;
  /** The owner label of the lock. */
  readonly owner: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly signals: Signals;
  /** Prints one line to the standard error. */
  readonly print: (line: string) => void;
}

/** How `exec` ends: by a signal, or with the exit code of the report. */
export interface ExecEnd {
  readonly report: RunReport;
  readonly dieBy: NodeJS.Signals | undefined;
}

/** The exit codes of `exec` alone, as those of timeout and of shells. */
const MAX_RUN_CODE = 124;
const NO_GUARD_CODE = 125;

/** One run of `quorumlock exec`, from the lock to its release. */
export class ExecRun {
  readonly #options: ExecOptions;
  readonly #context: ExecContext;
  readonly #name: string;
  readonly #startedAt = performance.now();
  #reporter: Reporter | undefined;
  #waitedMs = 0;
  #heldSince: number | undefined;
  #fence: number | undefined;

  constructor(options: ExecOptions, context: ExecContext) {
    this.#options = options;
    this.#context = context;
    this.#name = displayName(options.names[0]);
  }

  /** @throws CommandError for names and options that the library does not accept. */
  async run(): Promise<ExecEnd> {
    const outer = await this.#outerLocks();
    const { prefix } = this.#context;
    const nested = outer.find((each) => each.prefix === prefix && this.#options.names.includes(each.name));
    if (nested !== undefined) return this.#runNested(nested);
    const { redlock } = this.#context;
    const lockable = lockableFor(redlock, this.#options);
    const stats = new LockStats(redlock);
    const startReports = (): void => void (this.#reporter ??= report(redlock, stats));
    const unsubscribe = redlock.on("lock:wait:started", startReports);
    try {
      const lock = await this.#acquire(lockable);
      if (!("token" in lock)) return lock;
      startReports();
      return await this.#runUnder(lock, outer);
    } finally {
      unsubscribe();
      await this.#reporter?.stop();
      stats.stop();
    }
  }

  /** The lock, or the end of a run without it. */
  async #acquire(lockable: Lockable): Promise<Lock | ExecEnd> {
    const { ttlMs: ttl, waitMs: wait } = this.#options;
    try {
      return await acquireDespiteSplits(lockable, { ttl, wait, signal: this.#context.signals.interrupted });
    } catch (error) {
      return await this.#onNotAcquired(error);
    } finally {
      this.#waitedMs = performance.now() - this.#startedAt;
    }
  }

  /** The locks of the commands around this one that may still be held. */
  async #outerLocks(): Promise<readonly OuterLock[]> {
    const { redlock, prefix, environment } = this.#context;
    const all = outerLocksIn(environment);
    // Another prefix has other locks, which this client cannot read.
    const wanted = all.filter(
      ({ name, prefix: own }) => own === prefix && this.#options.names.includes(name),
    );
    const states = await Promise.all(wanted.map((each) => stateOfOuter(redlock, each, this.#quorum)));
    const ended = wanted.filter((_, index) => states[index] === "ended");
    return all.filter((each) => !ended.includes(each));
  }

  async #runNested(outer: OuterLock): Promise<ExecEnd> {
    const { redlock, environment } = this.#context;
    const state = await stateOfOuter(redlock, outer, this.#quorum);
    // Without an answer, it may be the environment of a lock that ended long ago.
    if (state !== "unknown" && !this.#options.inherits) {
      this.#say(`is already held by this process tree (id ${outer.id}); use --inherit to run under it`);
      return this.#ended("nested", EXIT.wrongUsage);
    }
    if (state !== "held") {
      this.#say("too few servers answered to know whether the lock around this command is held; not run");
      return this.#ended("no-quorum", EXIT.noQuorum);
    }
    this.#fence = outer.fence;
    this.#heldSince = performance.now();
    // The outer commands have the same environment, so it does not tell this command apart.
    const marks = ["inherited", "inherited"] as const;
    return this.#supervise(marks, withoutPasswords(environment), undefined, {
      hasEnded: async () => (await stateOfOuter(redlock, outer, this.#quorum)) === "ended",
      everyMs: (ttlIn(environment) ?? this.#options.ttlMs) / 3,
    });
  }

  async #runUnder(lock: Lock, outer: readonly OuterLock[]): Promise<ExecEnd> {
    this.#heldSince = performance.now();
    this.#fence = lock.fence;
    const { environment, prefix, redlock, servers } = this.#context;
    const name = this.#options.names[0];
    const env = commandEnvironment(environment, lock, { name, prefix, outer });
    try {
      const marks = [String(lock.fence), env.QUORUMLOCK_LOCK_ID ?? ""] as const;
      const end = await this.#supervise(marks, env, { redlock, lock, servers });
      if (end.report.outcome === "ran" || end.report.outcome === "max-run") await this.#keepAtLeast(lock);
      return { ...end, report: { ...end.report, heldMs: this.#heldMs } };
    } finally {
      await this.#release(lock);
    }
  }

  async #supervise(
    marks: Supervised["marks"],
    env: NodeJS.ProcessEnv,
    lease: Supervised["lease"],
    outer?: Supervised["outer"],
  ): Promise<ExecEnd> {
    const { command, isForeground, graceMs, maxRunMs } = this.#options;
    const { signals } = this.#context;
    const say = (line: string): void => this.#say(line);
    const note = (line: string): void => this.#note(line);
    try {
      const startedAt = performance.now();
      const settings = {
        command,
        env,
        isForeground,
        graceMs,
        maxRunMs,
        marks,
        lease,
        outer,
        signals,
        say,
        note,
      };
      const ended = await supervise(settings);
      if (ended.end !== undefined) await this.#record(ended, performance.now() - startedAt);
      return this.#endOf(ended);
    } catch (error) {
      if (!(error instanceof GuardError || error instanceof StartError)) throw error;
      this.#say(error.message);
      return this.#ended("not-started", error instanceof StartError ? error.exitCode : NO_GUARD_CODE);
    }
  }

  #endOf({ outcome, end, why }: SupervisedEnd): ExecEnd {
    const signal = end?.signal;
    switch (outcome) {
      case "interrupted":
        return this.#interrupted();
      case "lost":
        if (end === undefined) this.#say(`lock lost (${why}); not run`);
        return this.#ended("lost", this.#options.lostCode, signal);
      case "max-run":
        return this.#ended("max-run", MAX_RUN_CODE, signal);
      case "ran":
        return signal === undefined
          ? this.#ended("ran", end?.exitCode ?? 0)
          : this.#ended("ran", exitCodeOf(signal), signal, signal);
    }
  }

  async #onNotAcquired(error: unknown): Promise<ExecEnd> {
    this.#waitedMs = performance.now() - this.#startedAt;
    const { redlock, servers } = this.#context;
    if (error instanceof LockAbortedError) return this.#interrupted();
    if (error instanceof LockTimeoutError || error instanceof TenantLimitError) {
      // A slot in which nobody runs the command is a problem.
      const isSplit = error instanceof LockTimeoutError && !error.isHeld && this.#options.waitMs === 0;
      if (isSplit || !this.#options.isQuiet) {
        const { text, isHeld } = await describeHolders(redlock, this.#options.names, this.#quorum);
        if (!isHeld && isSplit) this.#say(`${text}; not run`);
        else this.#note(`${text}; not run`);
      }
      return this.#ended("busy", this.#options.busyCode);
    }
    if (error instanceof QuorumError) {
      const [first = "", ...lines] = await describeNoQuorum(redlock, error, servers);
      this.#say(first);
      for (const line of lines) this.#context.print(line);
      return this.#ended("no-quorum", isRefused(error, servers) ? EXIT.refused : EXIT.noQuorum);
    }
    if (error instanceof LockKindError || error instanceof RangeError || error instanceof TypeError)
      throw new CommandError(`${this.#name}: ${error.message}`, EXIT.wrongUsage);
    throw error;
  }

  /** Records the last run. A failure changes nothing about a run that has ended. */
  async #record({ outcome, end, why }: SupervisedEnd, durationMs: number): Promise<void> {
    if (!this.#options.isRecorded || end === undefined) return;
    const { redlock, owner } = this.#context;
    const run = { ...end, isLost: outcome === "lost", durationMs, by: owner, why };
    try {
      await recordRun(redlock, this.#options.names[0], run);
    } catch (error) {
      this.#say(`the run was not recorded: ${safeMessage(error)}`);
    }
  }

  /** Keeps the lock until `--at-least` is over. A signal ends the wait, but the lock stays as long. */
  async #keepAtLeast(lock: Lock): Promise<void> {
    // Also a signal that came while the command was running.
    const { told } = this.#context.signals;
    const restMs = (): number => Math.ceil(this.#options.atLeastMs - this.#heldMs);
    if (restMs() <= 0 || !lock.isHeld) return;
    const end = AbortSignal.any([told, lock.signal]);
    await sleep(restMs(), undefined, { signal: end }).catch(() => undefined);
    if (restMs() <= 0) return;
    if (!lock.isHeld) this.#say("the lock was lost before --at-least was over");
    if (!told.aborted || !lock.isHeld) return;
    await lock
      .extend(Math.max(restMs(), 1_000))
      .then(() => lock.detach())
      .catch((error: unknown) =>
        this.#say(`the lock may be free before --at-least is over: ${safeMessage(error)}`),
      );
  }

  async #release(lock: Lock): Promise<void> {
    const remainingMs = lock.remaining();
    try {
      await lock.release();
    } catch {
      this.#note(`the release was not confirmed; it is free in ${formatDuration(remainingMs)} at the latest`);
    }
  }

  #interrupted(): ExecEnd {
    const { reason } = this.#context.signals.interrupted;
    const signal = reason instanceof SignalReason ? reason.signal : "SIGTERM";
    return this.#ended("interrupted", exitCodeOf(signal), signal, signal);
  }

  #ended(outcome: RunOutcome, exitCode: number, signal?: NodeJS.Signals, dieBy?: NodeJS.Signals): ExecEnd {
    const runReport: RunReport = {
      outcome,
      exitCode,
      signal: signal ?? null,
      fence: this.#fence ?? null,
      waitedMs: Math.round(this.#waitedMs),
      heldMs: this.#heldMs,
    };
    return { report: runReport, dieBy };
  }

  get #heldMs(): number {
    return this.#heldSince === undefined ? 0 : Math.round(performance.now() - this.#heldSince);
  }

  /** How many votes a majority has. */
  get #quorum(): number {
    return Math.floor(this.#context.servers / 2) + 1;
  }

  /** Prints a problem. */
  #say(line: string): void {
    this.#context.print(`${this.#name}: ${line}`);
  }

  /** Prints what is no problem: not with `--quiet`. */
  #note(line: string): void {
    if (!this.#options.isQuiet) this.#say(line);
  }
}
