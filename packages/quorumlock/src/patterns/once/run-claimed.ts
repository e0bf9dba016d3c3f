import { LockAbortedError, LockLostError } from "../../base/errors.ts";
import { toError } from "../../base/to-error.ts";
import { toSafeError } from "../../base/safe-error.ts";
import type { Lock } from "../../lockable.ts";
import { RunTimeoutError } from "../errors.ts";
import type { Claimed } from "./claim.ts";
import { type Job, runId, runOptions } from "./job.ts";
import { putLastRun } from "./last-run.ts";
import { sleepOrWake } from "./pause.ts";
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

/** How the routine has ended. `pending`: not yet, although its signal has aborted. */
type Ending<T> =
  | { readonly state: "returned"; readonly value: T }
  | { readonly state: "threw"; readonly error: unknown }
  | { readonly state: "pending" };

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
  readonly #controller = new AbortController();
  readonly #startedAt: number;
  #timeout: RunTimeoutError | undefined;
  /** The record of a loss, which is written when the loss is noticed. */
  #lossRecorded: Promise<void> | undefined;

  constructor(job: Job, claimed: Claimed, routine: RunRoutine<T>) {
    this.#job = job;
    this.#claimed = claimed;
    this.#routine = routine;
    this.#startedAt = job.client.clock.monotonic();
  }

  async run(): Promise<Ran<T> | Lost> {
    const ending = await this.#runRoutine();
    const durationMs = this.#job.client.clock.monotonic() - this.#startedAt;
    const { lock } = this.#claimed;
    if (lock.signal.aborted || !lock.isHeld) {
      await this.#recordLoss(lock.signal.reason);
      return { outcome: "lost", error: this.#lossOf(lock) };
    }
    const failure = this.#failureOf(ending);
    const recorded = await this.#record(failure, durationMs);
    if (recorded instanceof LockLostError) return { outcome: "lost", error: recorded };
    if (failure instanceof RunTimeoutError) return { outcome: "lost", error: failure };
    if (failure !== undefined) throw ending.state === "threw" ? ending.error : failure;
    const value = (ending as Ending<T> & { readonly state: "returned" }).value;
    return { outcome: "ran", value, fence: lock.fence, durationMs, recorded };
  }

  /** Runs the routine until it ends, or until `GRACE_MS` after its signal has aborted. */
  async #runRoutine(): Promise<Ending<T>> {
    const { client, name, limits, signal } = this.#job;
    const { lock, run } = this.#claimed;
    const controller = this.#controller;
    const onLoss = (): void => {
      this.#recordLoss(lock.signal.reason).catch(() => undefined);
      controller.abort(lock.signal.reason);
    };
    const onAbort = (): void => controller.abort(signal?.reason);
    const timer = client.clock.setTimer(
      limits.atMostForMs,
      () => {
        if (controller.signal.aborted) return;
        this.#timeout = new RunTimeoutError(name, limits.atMostForMs);
        controller.abort(this.#timeout);
      },
      false,
    );
    lock.signal.addEventListener("abort", onLoss, { once: true });
    signal?.addEventListener("abort", onAbort, { once: true });
    if (signal?.aborted === true) onAbort();
    try {
      const { scheduledAt, attempt } = run;
      const running = endingOf(() =>
        this.#routine({ scheduledAt, attempt, fence: lock.fence, lock, signal: controller.signal }),
      );
      return await Promise.race([running, this.#graceOver(running)]);
    } finally {
      timer.cancel();
      lock.signal.removeEventListener("abort", onLoss);
      signal?.removeEventListener("abort", onAbort);
    }
  }

  async #graceOver(running: Promise<Ending<T>>): Promise<Ending<T>> {
    const { signal } = this.#controller;
    const { clock } = this.#job.client;
    if (!signal.aborted)
      await new Promise<void>((resolve) => {
        signal.addEventListener("abort", () => resolve(), { once: true });
      });
    await sleepOrWake(clock, GRACE_MS, (wake) => {
      void running.then(wake);
      return () => undefined;
    });
    return { state: "pending" };
  }

  /** Why the run has failed; `undefined` if it has not. A result that comes after the time limit is ignored. */
  #failureOf(ending: Ending<T>): Error | undefined {
    if (this.#timeout !== undefined) return this.#timeout;
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
    const [result] = await Promise.allSettled([
      this.#put(ended),
      putLastRun(job, ended, durationMs, "worker"),
      recordSkipped(job, lock, job.overrun?.(run.startedAt, storeNow()) ?? []),
    ]);
    if (result.status === "fulfilled") return true;
    return result.reason instanceof LockLostError ? result.reason : false;
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

  #lossOf({ signal, names }: Lock): LockLostError {
    const reason: unknown = signal.reason;
    if (reason instanceof LockLostError) return reason;
    if (!signal.aborted) return new LockLostError(names, "its lease has ended while the routine ran");
    return new LockLostError(names, toError(reason).message, { cause: reason });
  }
}

async function endingOf<T>(routine: () => T | Promise<T>): Promise<Ending<T>> {
  try {
    return { state: "returned", value: await routine() };
  } catch (error) {
    return { state: "threw", error };
  }
}
