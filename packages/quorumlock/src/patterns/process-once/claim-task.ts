import { LockAbortedError, LockLostError, LockTimeoutError } from "../../base/errors.ts";
import type { Lock } from "../../lockable.ts";
import { IdempotencyMismatchError, type RemoteError } from "../errors.ts";
import { type Contention, isLock, takeJobLock } from "../job-lock.ts";
import { pause } from "../pause.ts";
import { Pauses } from "../pauses.ts";
import type { StoredRecord } from "../records/record-store.ts";
import { clockFrom } from "../store-clock.ts";
import { markOf } from "../token-mark.ts";
import { isUnreachable, outageError } from "../unreachable.ts";
import {
  openOptions,
  type ProcessResult,
  putTask,
  storedTask,
  type TaskCall,
  type TaskDone,
  type TaskFailed,
  type TaskRunning,
} from "./task.ts";
import { taskIn, type TaskRecord } from "./task-record.ts";

/** A claim that the store has acknowledged: the routine may begin if the lock is still held. */
export interface ClaimedTask {
  readonly outcome: "claimed";
  readonly lock: Lock;
  readonly running: TaskRecord;
  /** The record of `running`, as it is stored. */
  readonly stored: StoredRecord;
  /** What was recorded before. */
  readonly before: TaskRecord | undefined;
}

/** The lock was lost before the routine began, or the votes were split. Begin again. */
type Again = "again";

/** A record that refuses all claims for so long, although nobody is waited for, was opened under another lock or on other servers. */
const MAX_RECLAIM_MS = 10_000;

/** The claim of a task, from the call to the claim or to the result. */
export class TaskClaiming {
  readonly #call: TaskCall;
  readonly #startedAt: number;
  /** Since when the record has refused all claims. */
  #refusedSince: number | undefined;
  readonly #pauses: Pauses;
  /** What was recorded before the claims of this call that were taken back. A store that did not confirm that may still have them. */
  readonly #withdrawn = new Map<string, TaskRecord>();

  constructor(call: TaskCall) {
    this.#call = call;
    this.#startedAt = call.client.clock.monotonic();
    this.#pauses = new Pauses(call.client.clock);
  }

  /**
   * Claims the task. Nothing has run yet when it throws.
   * @throws QuorumError, RecordStoreError, CircuitOpenError for an outage. IdempotencyMismatchError. LockLostError if the record refuses
   * all claims for 10 s.
   * @throws LockAbortedError, LockClosedError.
   */
  async run<T>(): Promise<ClaimedTask | ProcessResult<T>> {
    const { client, name, options } = this.#call;
    const { signal } = options;
    for (;;) {
      if (signal?.aborted === true) throw new LockAbortedError([name], signal.reason);
      try {
        const step = await this.#step<T>();
        if (step !== "again") return step;
      } catch (error) {
        throw isUnreachable(error) ? outageError(error) : error;
      }
      await pause(client, [name], this.#pauses.next(), signal);
    }
  }

  async #step<T>(): Promise<ClaimedTask | ProcessResult<T> | Again> {
    const { lockable, name, options, records } = this.#call;
    const known = this.#taskIn(await records.get(name));
    const over = this.#resultOf<T>(known);
    if (over !== undefined) return over;
    const taken = await takeJobLock(lockable, options.signal);
    if (!isLock(taken)) return taken.isHeld ? this.#watch(taken, known) : "again";
    let isClaimed = false;
    try {
      const step = await this.#claim<T>(taken);
      isClaimed = step !== "again" && step.outcome === "claimed";
      return step;
    } catch (error) {
      // Another holder opened the record, so this lock was lost. Its record says what to do.
      if (!(error instanceof LockLostError)) throw error;
      const now = this.#call.client.clock.monotonic();
      this.#refusedSince ??= now;
      if (now - this.#refusedSince >= MAX_RECLAIM_MS) throw error;
      return "again";
    } finally {
      if (!isClaimed) await taken.release().catch(() => undefined);
    }
  }

  /** Waits until the holder has ended; `running` if that takes too long. */
  async #watch({ holder }: Contention, known: TaskRecord | undefined): Promise<TaskRunning | Again> {
    const { client, name, options, redlock } = this.#call;
    const running: TaskRunning = {
      outcome: "running",
      holder,
      since: known?.state === "running" ? known.startedAt : undefined,
    };
    const leftMs = options.waitMs - (client.clock.monotonic() - this.#startedAt);
    if (leftMs <= 0) return running;
    try {
      await redlock.untilFree(name, { wait: leftMs, signal: options.signal, holder: holder?.token });
      this.#refusedSince = undefined;
      return "again";
    } catch (error) {
      if (!(error instanceof LockTimeoutError)) throw error;
      return running;
    }
  }

  /** Claims the task under the lock. */
  async #claim<T>(lock: Lock): Promise<ClaimedTask | ProcessResult<T> | Again> {
    const { client, name, options, records } = this.#call;
    const opened = await records.open(name, lock.fence, openOptions(this.#call));
    const storeNow = clockFrom(client.clock, opened);
    const before = this.#taskIn(opened.record);
    const over = this.#resultOf<T>(before);
    if (over !== undefined) return over;
    const failure = before && this.#finalFailure(before);
    if (before !== undefined && failure !== undefined) return this.#giveUp(lock, before, failure);
    const running: TaskRecord = {
      state: "running",
      attempt: (before?.attempt ?? 0) + 1,
      claim: markOf(lock.token),
      startedAt: storeNow(),
      fingerprint: before?.fingerprint ?? options.fingerprint,
      isFinal: false,
      error: undefined,
      value: undefined,
    };
    const claimed: ClaimedTask = {
      outcome: "claimed",
      lock,
      running,
      stored: storedTask(lock.fence, 1, running),
      before,
    };
    try {
      await putTask(this.#call, claimed.stored);
    } catch (error) {
      await this.#withdraw(claimed);
      throw error;
    }
    if (lock.isHeld && options.signal?.aborted !== true) return claimed;
    await this.#withdraw(claimed);
    return "again";
  }

  async #withdraw(claimed: ClaimedTask): Promise<void> {
    this.#withdrawn.set(markOf(claimed.lock.token), withdrawnTask(claimed));
    await withdrawTask(this.#call, claimed);
  }

  /** The task in a record. A claim of this call that was taken back never ran, whatever the store says. */
  #taskIn(stored: StoredRecord | undefined): TaskRecord | undefined {
    const record = taskIn(stored);
    return (record?.state === "running" && this.#withdrawn.get(record.claim ?? "")) || record;
  }

  /** The result if no attempt can begin any more. @throws IdempotencyMismatchError. */
  #resultOf<T>(record: TaskRecord | undefined): TaskDone<T> | TaskFailed | undefined {
    const { id, options } = this.#call;
    if (record === undefined) return undefined;
    const { fingerprint, state, attempt, isFinal, error, value } = record;
    const isOther = fingerprint !== undefined && fingerprint !== options.fingerprint;
    if (isOther && options.fingerprint !== undefined) throw new IdempotencyMismatchError(id);
    if (state === "done") return { outcome: "done", value: value as T, replayed: true, attempt };
    if (state === "failed" && isFinal) return { outcome: "failed", error: error ?? unknownError(), attempt };
    return undefined;
  }

  /** Why no other attempt may begin, if none may. The lock is free, so a worker that is recorded as running has died. */
  #finalFailure({ state, attempt, error }: TaskRecord): RemoteError | undefined {
    const { maxAttempts, onCrash } = this.#call.options;
    const hasCrashed = state === "running";
    const isOver = attempt >= maxAttempts || (hasCrashed && onCrash === "keep");
    if (!isOver || state === "withdrawn") return undefined;
    if (!hasCrashed) return error ?? unknownError();
    return {
      name: "Error",
      message: `the worker died or lost its lock in attempt ${attempt}`,
      code: undefined,
    };
  }

  async #giveUp(lock: Lock, before: TaskRecord, error: RemoteError): Promise<TaskFailed> {
    const failed: TaskRecord = { ...before, state: "failed", claim: undefined, isFinal: true, error };
    await putTask(this.#call, storedTask(lock.fence, 1, failed));
    return { outcome: "failed", error, attempt: before.attempt };
  }
}

/** Takes back a claim under which nothing ran. If that fails, the claim may count as an attempt for later calls. */
export async function withdrawTask(call: TaskCall, claimed: ClaimedTask): Promise<void> {
  const record = storedTask(claimed.lock.fence, 2, withdrawnTask(claimed));
  await putTask(call, record).catch(() => undefined);
}

function withdrawnTask({ running, before }: ClaimedTask): TaskRecord {
  return before ?? { ...running, state: "withdrawn", attempt: 0, claim: undefined };
}

function unknownError(): RemoteError {
  return { name: "Error", message: "no reason was recorded", code: undefined };
}
