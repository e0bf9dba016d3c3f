import { LockAbortedError, LockClosedError } from "../../base/errors.ts";
import { toError } from "../../base/to-error.ts";
import { clientOf } from "../../client/client-of.ts";
import type { Client } from "../../client/client.ts";
import type { Redlock } from "../../redlock.ts";
import { checkNumber } from "../../policies/check-number.ts";
import { checkJobName, checkRoutine, jobLock } from "../job-lock.ts";
import { recordsFor } from "../records/records-for.ts";
import { lastRun, runJob } from "../once/once.ts";
import { type Job, runId } from "../once/job.ts";
import { MAX_SLEEP_MS, pause } from "../pause.ts";
import type { RunRoutine } from "../once/run-claimed.ts";
import { EventListeners } from "../event-listeners.ts";
import { Calendar, type CronCalculator } from "./calendar.ts";
import { SCHEDULE_EVENTS, type ScheduleEventName, type ScheduleEvents } from "./events.ts";
import { dueInstants } from "./missed.ts";
import { resolveScheduleOptions, type ScheduleOptions, type ScheduleSettings } from "./options.ts";

/** Options of `stop`. */
export interface StopOptions {
  /** How long routines that are at work may go on, in ms. From 0 to `Infinity`. After that, their signals abort. @default 30_000 */
  readonly wait?: number | undefined;
}

/** A job that runs at the instants of a calendar. */
export interface Schedule {
  /** The instants whose routines are at work in this process, in ms since 1970. */
  readonly running: readonly number[];
  /** The next instant for which this process will try to run the job, in ms since 1970. `undefined` if there is none. */
  next(): number | undefined;
  /**
   * Begins no further run, waits for those at work in this process, and aborts those that take longer than `wait`. A second call joins
   * the first. Never rejects.
   */
  stop(options?: StopOptions): Promise<void>;
  /** Calls the listener at every event, until the returned function is called. @throws TypeError if there is no such event. */
  on<Name extends ScheduleEventName>(
    event: Name,
    listener: (event: ScheduleEvents[Name]) => unknown,
  ): () => void;
}

/**
 * Runs a routine once for each instant of a calendar, however many processes have the same schedule. Each instant is one call of `once`.
 * Errors of the routine are events, and never end the schedule.
 *
 * ```ts
 * import { Cron } from "croner";
 * import { schedule } from "quorumlock/patterns";
 *
 * const report = schedule(redlock, "report", new Cron("30 2 * * *", { timezone: "Europe/Berlin" }), {}, ({ fence, signal }) => work(fence, signal));
 * report.on("schedule:run:failed", ({ error }) => console.error(error));
 * await report.stop();
 * ```
 *
 * @param name of the job. It is the name of its lock as well.
 * @param cron calculates the instants: anything with `nextRun(from)`, such as a `Cron` of croner without a function.
 * @throws TypeError, RangeError for bad arguments, with the field and the value.
 */
export function schedule(
  redlock: Redlock,
  name: string,
  cron: CronCalculator,
  options: ScheduleOptions,
  routine: RunRoutine<unknown>,
): Schedule {
  checkJobName("name", name);
  checkRoutine("routine", routine);
  const { clock } = clientOf(redlock);
  const calendar = new Calendar(cron, { timeZone: options?.timeZone });
  const settings = resolveScheduleOptions(options, () => {
    const first = calendar.next(Math.floor(clock.wall())) ?? 0;
    return (calendar.next(first) ?? Infinity) - first;
  });
  jobLock(redlock, name, options.wrap);
  return new RunningSchedule({ redlock, name, calendar, options, settings, routine });
}

interface ScheduleParts {
  readonly redlock: Redlock;
  readonly name: string;
  readonly calendar: Calendar;
  readonly options: ScheduleOptions;
  readonly settings: ScheduleSettings;
  readonly routine: RunRoutine<unknown>;
}

/**
 * One instant in this process:
 *
 * - `claiming`: it asks whether it may run, perhaps for a long time because of an outage.
 * - `watching`: another process runs the job, and this one could take over or comes next.
 * - `running`: the routine is at work.
 */
interface Task {
  readonly scheduledAt: number;
  readonly controller: AbortController;
  state: "claiming" | "watching" | "running";
}

/** A gap of more than this between an instant and now means that the process was not there. */
const GAP_MS = 60_000;
/** At most so many instants are in progress in one process with `overlap: "allow"`, and wait for their turn otherwise. */
const MAX_TASKS = 100;
/** The pause before another claim if nobody held the lock after all. */
const RECLAIM_PAUSE_MS = 50;

/**
 * - `starting`: it looks for the last run.
 * - `sleeping`: until the next instant.
 * - `ended`: the calendar has no further instant, or the calculator failed. Instants that came due before go on.
 * - `stopped`: by `stop`, or because the client was closed.
 */
class RunningSchedule implements Schedule {
  readonly #parts: ScheduleParts;
  readonly #client: Client;
  readonly #listeners = new EventListeners<ScheduleEvents>(SCHEDULE_EVENTS);
  readonly #tasks = new Map<Task, Promise<void>>();
  readonly #stopSignal = new AbortController();
  readonly #loop: Promise<void>;
  /** The latest instant that was handled. It only moves forward. */
  #cursor: number;
  /** The end of the last instant that has a turn, unless instants overlap. */
  #lastTurn: Promise<void> = Promise.resolve();
  /** How many instants wait for their turn. */
  #waiting = 0;
  #stopping: Promise<void> | undefined;

  constructor(parts: ScheduleParts) {
    this.#parts = parts;
    this.#client = clientOf(parts.redlock);
    this.#cursor = Math.floor(this.#client.clock.wall());
    this.#loop = this.#run();
  }

  get running(): readonly number[] {
    return [...this.#tasks.keys()]
      .filter(({ state }) => state === "running")
      .map(({ scheduledAt }) => scheduledAt)
      .toSorted((a, b) => a - b);
  }

  get #isStopped(): boolean {
    return this.#stopSignal.signal.aborted;
  }

  next(): number | undefined {
    if (this.#isStopped) return undefined;
    try {
      return this.#parts.calendar.next(this.#cursor);
    } catch {
      // The schedule finds it as well, and ends.
      return undefined;
    }
  }

  on<Name extends ScheduleEventName>(
    event: Name,
    listener: (event: ScheduleEvents[Name]) => unknown,
  ): () => void {
    return this.#listeners.on(event, listener);
  }

  stop({ wait = 30_000 }: StopOptions = {}): Promise<void> {
    this.#stopping ??= this.#stop(checkNumber("wait", wait, 0, Infinity));
    return this.#stopping;
  }

  async #stop(waitMs: number): Promise<void> {
    this.#stopSignal.abort(new LockAbortedError([this.#parts.name], "the schedule was stopped"));
    for (const { controller, state } of this.#tasks.keys())
      if (state !== "running") controller.abort(this.#stopSignal.signal.reason);
    let timer: { cancel(): void } | undefined;
    if (waitMs !== Infinity)
      timer = this.#client.clock.setTimer(
        waitMs,
        () => {
          for (const { controller } of this.#tasks.keys()) controller.abort(this.#stopSignal.signal.reason);
        },
        false,
      );
    await this.#loop;
    await this.#lastTurn;
    await Promise.all(this.#tasks.values());
    timer?.cancel();
  }

  /** Never rejects. */
  async #run(): Promise<void> {
    let error: Error | undefined;
    try {
      await this.#findLastRun();
      for (;;) {
        const instant = this.#parts.calendar.next(this.#cursor);
        if (instant === undefined) break;
        await this.#sleepUntil(instant);
        if (this.#isStopped) return;
        this.#handleDue(instant);
      }
    } catch (thrown) {
      if (this.#isStopped) return;
      error = toError(thrown);
      if (error instanceof LockClosedError) this.#stopSignal.abort(error);
    }
    this.#listeners.emit("schedule:ended", { error });
  }

  /** The cursor begins at the last run that is known, so that what was missed since then is found. */
  async #findLastRun(): Promise<void> {
    const { redlock, name, options, settings } = this.#parts;
    if (settings.missed === "skip") return;
    const { clock } = this.#client;
    const startedAt = clock.monotonic();
    for (;;) {
      try {
        const last = await lastRun(redlock, name, { records: options.records });
        // An instant that another process ran early is still to come here.
        if (last !== undefined) this.#cursor = Math.min(last.scheduledAt, this.#cursor);
        return;
      } catch (thrown) {
        if (thrown instanceof LockClosedError) throw thrown;
        if (clock.monotonic() - startedAt >= settings.limits.retryForMs) {
          this.#listeners.emit("schedule:run:failed", { scheduledAt: this.#cursor, error: thrown });
          return;
        }
        await this.#pause(1_000);
      }
    }
  }

  /** Sleeps are short, and the clock is read after each: machines sleep, and wall clocks step. */
  async #sleepUntil(instant: number): Promise<void> {
    const { clock } = this.#client;
    for (;;) {
      const leftMs = instant - clock.wall();
      await this.#pause(Math.max(0, Math.min(leftMs, MAX_SLEEP_MS)));
      if (leftMs <= 0) return;
    }
  }

  #pause(ms: number): Promise<void> {
    return pause(this.#client, [this.#parts.name], ms, this.#stopSignal.signal);
  }

  #handleDue(instant: number): void {
    const { calendar, settings } = this.#parts;
    const now = this.#client.clock.wall();
    if (now - instant <= GAP_MS) {
      this.#cursor = instant;
      this.#onDue(instant);
      return;
    }
    const { missed, maxAgeMs } = settings;
    const due = dueInstants(calendar, {
      cursor: this.#cursor,
      notBefore: Math.ceil(now - maxAgeMs),
      until: now,
    });
    const run = missed === "all" ? due.instants : missed === "last" ? due.instants.slice(-1) : [];
    const dropped = due.dropped + due.instants.length - run.length;
    this.#cursor = Math.max(this.#cursor, instant, due.instants.at(-1) ?? 0, Math.floor(now));
    this.#listeners.emit("schedule:missed", { run, dropped });
    for (const each of run) this.#takeTurn(each, maxAgeMs);
  }

  /** An instant waits for those before it that have not begun, because of an outage for example. Only one waits for a run at work. */
  #onDue(instant: number): void {
    const { overlap, limits } = this.#parts.settings;
    const { startWithinMs } = limits;
    const isAtWork = [...this.#tasks.keys()].some(({ state }) => state !== "claiming");
    const mayWait = isAtWork ? overlap === "wait" && this.#waiting === 0 : this.#waiting < MAX_TASKS;
    if (overlap === "allow" && this.#tasks.size < MAX_TASKS) void this.#start(instant, startWithinMs);
    else if (overlap !== "allow" && mayWait) this.#takeTurn(instant, startWithinMs);
    else this.#listeners.emit("schedule:run:skipped", { scheduledAt: instant, reason: "running" });
  }

  /** Starts an instant when those before it have ended. */
  #takeTurn(instant: number, startWithinMs: number): void {
    this.#waiting += 1;
    this.#lastTurn = this.#lastTurn.then(async () => {
      this.#waiting -= 1;
      if (!this.#isStopped) await this.#start(instant, startWithinMs);
    });
  }

  /** Never rejects. */
  #start(scheduledAt: number, startWithinMs: number): Promise<void> {
    const task: Task = { scheduledAt, controller: new AbortController(), state: "claiming" };
    const ended = this.#runTask(task, startWithinMs).finally(() => this.#tasks.delete(task));
    this.#tasks.set(task, ended);
    return ended;
  }

  async #runTask(task: Task, startWithinMs: number): Promise<void> {
    const { scheduledAt } = task;
    try {
      const result = await this.#runJob(this.#jobFor(task, startWithinMs), task);
      if (result.outcome === "ran") {
        const { durationMs, recorded } = result;
        this.#listeners.emit("schedule:run:succeeded", { scheduledAt, durationMs, recorded });
      } else if (result.outcome === "lost") {
        this.#listeners.emit("schedule:run:failed", { scheduledAt, error: result.error });
      } else {
        this.#listeners.emit("schedule:run:skipped", { scheduledAt, reason: result.reason });
      }
    } catch (error) {
      const wasStopped = this.#isStopped && task.state !== "running";
      if (!wasStopped) this.#listeners.emit("schedule:run:failed", { scheduledAt, error });
    }
  }

  /** Runs the job, or watches the process that runs it, if this one could take over or comes next. */
  async #runJob(job: Job, task: Task): ReturnType<typeof runJob<unknown>> {
    const { redlock, routine, settings } = this.#parts;
    const { signal } = task.controller;
    const watches = settings.limits.attempts > 1 || settings.overlap === "wait";
    for (;;) {
      task.state = "claiming";
      const result = await runJob(job, (run) => {
        task.state = "running";
        const { scheduledAt, attempt, fence } = run;
        this.#listeners.emit("schedule:run:started", { scheduledAt, attempt, fence });
        return routine(run);
      });
      if (result.outcome !== "skipped" || result.reason !== "running" || !watches) return result;
      task.state = "watching";
      const holder = await redlock.untilFree(job.lockable.name, { wait: Infinity, signal });
      if (holder === undefined) await pause(this.#client, [job.name], RECLAIM_PAUSE_MS, signal);
    }
  }

  #jobFor({ scheduledAt, controller }: Task, startWithinMs: number): Job {
    const { redlock, name, options, settings, calendar } = this.#parts;
    const { limits } = settings;
    // What has waited for its turn has less time left to wait for the servers.
    const leftMs = Math.max(0, scheduledAt + startWithinMs - this.#client.clock.wall());
    const lockName = settings.overlap === "allow" ? runId(name, scheduledAt) : name;
    return {
      client: this.#client,
      name,
      lockable: jobLock(redlock, lockName, options.wrap),
      records: recordsFor(redlock, options.records, this.#client.clock),
      instant: { scheduledAt },
      limits: { ...limits, startWithinMs, retryForMs: Math.min(limits.retryForMs, leftMs) },
      signal: controller.signal,
      ...(settings.overlap === "skip" && {
        overrun: (startedAt: number, now: number) => {
          // Missed instants are older than the start, and have a turn of their own.
          const cursor = Math.max(scheduledAt, startedAt);
          return dueInstants(calendar, { cursor, notBefore: cursor, until: now }).instants;
        },
      }),
    };
  }
}
