import { LockAbortedError, LockLostError } from "../../base/errors.ts";
import { toError } from "../../base/to-error.ts";
import { toSafeError } from "../../base/safe-error.ts";
import type { Lock } from "../../lockable.ts";
import { RunTimeoutError } from "../errors.ts";
import { type Ending, lossOf, type RoutineEnd, runRoutine } from "../run-routine.ts";
import type { Claimed } from "./claim.ts";
import { type Job, runId, runOptions } from "./job.ts";
import { putLastRun } from "./last-run.ts";
import { recordSkipped } from "./record-skipped.ts";
import { type ClaimedRun, encodeRun, errorText } from "./run-record.ts";

/** What a routine gets. */
export interface Run {
  /** The instant that this run is for, in ms since 1970. */
  readonly scheduledAt: number;
  /** Which start of this instant it is, from 1. */
  readonly attempt: number;
  /**
   * The fencing token. Send it with every write, and let the store reject smaller ones: a process that was paused may write after its
   * successor.
   */
  readonly fence: number;
  /** The lock of the job. It extends itself. */
  readonly lock: Lock;
  /** Aborts when the lock is lost, when `atMostFor` is over, and when the caller's signal aborts. End the work then. */
  readonly signal: AbortSignal;
}

/** The routine of a job. */
export type RunRoutine<T> = (run: Run) => T | Promise<T>;

/** The routine has run. */
export interface Ran<T> {
  /** Tells the results apart. */
  readonly outcome: "ran";
  /** What the routine returned. */
  readonly value: T;
  /** The fencing token of the run. */
  readonly fence: number;
  /** How long the routine took, in ms. */
  readonly durationMs: number;
  /**
   * Whether it is certain that the instant is recorded as done. If not, it stays `running`: with `attempts: 1` it does not begin again,
   * and with more another process may repeat it.
   */
  readonly recorded: boolean;
}

/** The lock was lost while the routine ran, or the routine was too slow. It may still be at work: its result is ignored. */
export interface Lost {
  /** Tells the results apart. */
  readonly outcome: "lost";
  /** Why. */
  readonly error: LockLostError | RunTimeoutError;
}

/** How long a routine may take to end after its signal has aborted, in ms. Then the run ends without it. */
const GRACE_MS = 5_000;

/**
 * Runs the routine under a claim, records how it ended, and releases the lock.
 * @throws the error of the routine. LockAbortedError if the caller aborted it, and it did not end in time.
 */
export async function runClaimed<T>(
  job: Job,
  claimed: Claimed,
  routine: RunRoutine<T>,
): Promise<Ran<T> | Lost> {
  const { lock } = claimed;
  try {
    return await new RunUnderClaim(job, claimed, routine).run();
  } finally {
    // If the release fails, the keys expire.
    await lock.release().catch(() => undefined);
  }
}

class RunUnderClaim<T> {
  readonly #job: Job;
  readonly #claimed: Claimed;
  readonly #routine: RunRoutine<T>;
  readonly #startedAt: number;
  /** The record of a loss, which is written when the loss is noticed. */
  #lossRecorded: Promise<void> | undefined;

  constructor(job: Job, claimed: Claimed, routine: RunRoutine<T>) {
    this.#job = job;
    this.#claimed = claimed;
    this.#routine = routine;
    this.#startedAt = job.client.clock.monotonic();
  }

  async run(): Promise<Ran<T> | Lost> {
    const { lock, run } = this.#claimed;
    const { client, name, limits, signal } = this.#job;
    const { scheduledAt, attempt } = run;
    const onLoss = (): void => void this.#recordLoss(lock.signal.reason).catch(() => undefined);
    const end = await runRoutine(
      { clock: client.clock, name, lock, signal, limitMs: limits.atMostForMs, graceMs: GRACE_MS, onLoss },
      (runSignal) => this.#routine({ scheduledAt, attempt, fence: lock.fence, lock, signal: runSignal }),
    );
    const durationMs = client.clock.monotonic() - this.#startedAt;
    if (lock.signal.aborted || !lock.isHeld) {
      await this.#recordLoss(lock.signal.reason);
      return { outcome: "lost", error: lossOf(lock) };
    }
    const failure = this.#failureOf(end);
    const recorded = await this.#record(failure, durationMs);
    if (recorded instanceof LockLostError) return { outcome: "lost", error: recorded };
    if (failure instanceof RunTimeoutError) return { outcome: "lost", error: failure };
    const { ending } = end;
    if (failure !== undefined) throw ending.state === "threw" ? ending.error : failure;
    const value = (ending as Ending<T> & { readonly state: "returned" }).value;
    return { outcome: "ran", value, fence: lock.fence, durationMs, recorded };
  }

  /** Why the run has failed; `undefined` if it has not. A result that comes after the time limit is ignored. */
  #failureOf({ ending, timeout }: RoutineEnd<T>): Error | undefined {
    if (timeout !== undefined) return timeout;
    if (ending.state === "threw") return toError(ending.error);
    if (ending.state === "returned") return undefined;
    return new LockAbortedError([this.#job.name], this.#job.signal?.reason);
  }

  /** Returns whether a quorum knows it, or the loss that was found meanwhile. */
  async #record(failure: Error | undefined, durationMs: number): Promise<boolean | LockLostError> {
    const job = this.#job;
    const { lock, run, storeNow } = this.#claimed;
    const error = failure && errorText(toSafeError(failure));
    const state = failure === undefined ? "done" : "failed";
    const ended: ClaimedRun = { ...run, state, finishedAt: storeNow(), error };
    const overrun = this.#overrun();
    const [result] = await Promise.allSettled([
      this.#put(ended),
      putLastRun(job, ended, durationMs, "worker"),
      recordSkipped(job, lock, overrun),
    ]);
    if (result.status === "fulfilled") return true;
    return result.reason instanceof LockLostError ? result.reason : false;
  }

  /** The instants that have come due meanwhile. A calculator that fails changes nothing about a run that has ended. */
  #overrun(): readonly number[] {
    const { run, storeNow } = this.#claimed;
    try {
      return this.#job.overrun?.(run.startedAt, storeNow()) ?? [];
    } catch {
      return [];
    }
  }

  /** Records the loss, unless a later holder has opened the record. */
  #recordLoss(reason: unknown): Promise<void> {
    this.#lossRecorded ??= this.#putLoss(toSafeError(reason ?? new Error("the lease has ended")));
    return this.#lossRecorded;
  }

  async #putLoss(reason: Error): Promise<void> {
    const { run, storeNow } = this.#claimed;
    const durationMs = this.#job.client.clock.monotonic() - this.#startedAt;
    const lost: ClaimedRun = { ...run, state: "lost", finishedAt: storeNow(), error: errorText(reason) };
    await Promise.allSettled([this.#put(lost), putLastRun(this.#job, lost, durationMs, "lost worker")]);
  }

  #put(run: ClaimedRun): Promise<void> {
    const { name, records } = this.#job;
    const record = { fence: this.#claimed.lock.fence, version: 2, body: encodeRun(run) };
    return records.put(runId(name, run.scheduledAt), record, runOptions(this.#job, run.scheduledAt));
  }
}
