import { formatValue } from "../../base/check-value.ts";
import { LockAbortedError, LockLostError } from "../../base/errors.ts";
import { notify } from "../../policies/listeners.ts";
import { RecordStoreError } from "../errors.ts";
import { plainOf } from "../json.ts";
import type { SqlClient } from "../records/sql-client.ts";
import {
  hasTransactions,
  type TransactionalRecords,
  type TransactionResult,
} from "../records/transactional-records.ts";
import { remoteErrorOf } from "../remote-error.ts";
import { lossOf, type RoutineEnd, runRoutine } from "../run-routine.ts";
import { isUnreachable, outageError } from "../unreachable.ts";
import { type ClaimedTask, withdrawTask } from "./claim-task.ts";
import { type FailurePolicy, isPolicy } from "./options.ts";
import {
  openOptions,
  putTask,
  storedTask,
  type TaskCall,
  type TaskDone,
  taskFor,
  type TaskRoutine,
} from "./task.ts";
import type { TaskRecord } from "./task-record.ts";

/** The routine threw, took too long, or returned something that cannot be recorded. `isFinal`: no other attempt begins. */
export interface TaskThrew {
  readonly outcome: "threw";
  readonly error: unknown;
  readonly attempt: number;
  readonly isFinal: boolean;
}

/** The failure of a routine on its way through a transaction, which is rolled back. */
class RoutineFailure extends Error {
  /** Whether the caller had cancelled the attempt before. */
  readonly isCancelled: boolean;

  constructor(cause: unknown, isCancelled = false) {
    super("the routine failed", { cause });
    this.isCancelled = isCancelled;
  }
}

/**
 * Runs the routine under a claim, records how it ended, and releases the lock.
 * @throws LockLostError if the lock was lost. RecordStoreError with `ran: true` if it is not certain that the result was recorded.
 */
export async function runTask<T>(
  call: TaskCall,
  claimed: ClaimedTask,
  routine: TaskRoutine<T>,
): Promise<TaskDone<T> | TaskThrew> {
  try {
    return await new RunningTask(call, claimed, routine).run();
  } finally {
    // If the release fails, the keys expire.
    await claimed.lock.release().catch(() => undefined);
  }
}

class RunningTask<T> {
  readonly #call: TaskCall;
  readonly #claimed: ClaimedTask;
  readonly #routine: TaskRoutine<T>;
  #hasBegun = false;

  constructor(call: TaskCall, claimed: ClaimedTask, routine: TaskRoutine<T>) {
    this.#call = call;
    this.#claimed = claimed;
    this.#routine = routine;
  }

  async run(): Promise<TaskDone<T> | TaskThrew> {
    const { records } = this.#call;
    try {
      const { value } = await (hasTransactions(records)
        ? this.#runInTransaction(records)
        : this.#runAndPut());
      const { attempt } = this.#claimed.running;
      // Only now a quorum knows the result, so no other one can be given to anybody.
      return { outcome: "done", value, replayed: false, attempt };
    } catch (error) {
      if (error instanceof RoutineFailure) return this.#fail(error);
      if (!this.#hasBegun) {
        await withdrawTask(this.#call, this.#claimed);
        throw isUnreachable(error) ? outageError(error) : error;
      }
      if (!(error instanceof RecordStoreError)) throw error;
      throw new RecordStoreError(error.id, error.operation, error.cause, true);
    }
  }

  async #runAndPut(): Promise<TransactionResult<T>> {
    const result = await this.#work(undefined);
    // A later holder has opened the record if this worker was frozen for too long. Then the record is refused.
    await putTask(this.#call, result.record);
    return result;
  }

  #runInTransaction(records: TransactionalRecords): Promise<TransactionResult<T>> {
    const { name } = this.#call;
    return records.transact(name, this.#claimed.stored, openOptions(this.#call), async (tx) => {
      const result = await this.#work(tx);
      return { value: result, record: result.record };
    });
  }

  /** Runs the routine. Returns its result, and the record that is to be written. */
  async #work(tx: SqlClient | undefined): Promise<TransactionResult<T>> {
    const { client, id, options } = this.#call;
    const { lock, running } = this.#claimed;
    this.#checkStart();
    const { attempt } = running;
    const { signal, runForMs, graceMs } = options;
    const end = await runRoutine(
      { clock: client.clock, name: id, lock, signal, limitMs: runForMs, graceMs },
      (taskSignal) => {
        this.#hasBegun = true;
        return this.#routine(taskFor({ fence: lock.fence, attempt, signal: taskSignal, lock }, tx));
      },
    );
    // The routine may have ended early because of its signal. The record stays `running`: the next holder decides by `onCrash`.
    if (lock.signal.aborted) throw lossOf(lock);
    const returned = this.#returned(end);
    try {
      const value = plainOf("result", returned) as T;
      const done: TaskRecord = { ...running, state: "done", claim: undefined, value };
      return { value, record: storedTask(lock.fence, 2, done) };
    } catch (error) {
      throw new RoutineFailure(error);
    }
  }

  /** The transaction may have begun long after the claim. @throws LockLostError, LockAbortedError. */
  #checkStart(): void {
    const { lock } = this.#claimed;
    const { signal } = this.#call.options;
    if (lock.signal.aborted) throw lossOf(lock);
    if (!lock.isHeld) throw new LockLostError(lock.names, "its lease has ended before the routine began");
    if (signal?.aborted === true) throw new LockAbortedError([this.#call.name], signal.reason);
  }

  /** @throws RoutineFailure. A result that comes after the time limit is ignored. */
  #returned({ ending, timeout }: RoutineEnd<T>): T {
    if (timeout !== undefined) throw new RoutineFailure(timeout);
    if (ending.state === "returned") return ending.value;
    const { signal } = this.#call.options;
    const error =
      ending.state === "threw" ? ending.error : new LockAbortedError([this.#call.name], signal?.reason);
    throw new RoutineFailure(error, signal?.aborted === true);
  }

  /**
   * Records the failure. If that fails, the record stays `running`, and the next holder decides by `onCrash`. An attempt that the caller
   * cancelled says nothing about the task. So it does not count, or deployments during a long task would use up its attempts. But nobody
   * knows how far it came, so with `onCrash: "keep"` no other one begins.
   */
  async #fail({ cause: error, isCancelled }: RoutineFailure): Promise<TaskThrew> {
    const { maxAttempts, onCrash } = this.#call.options;
    const { lock, running } = this.#claimed;
    const { attempt } = running;
    const isFinal = isCancelled
      ? onCrash === "keep"
      : this.#policyFor(error) === "keep" || attempt >= maxAttempts;
    const failed: TaskRecord = {
      ...running,
      state: "failed",
      attempt: isCancelled && !isFinal ? attempt - 1 : attempt,
      claim: undefined,
      isFinal,
      error: remoteErrorOf(error),
    };
    try {
      await putTask(this.#call, storedTask(lock.fence, 2, failed));
    } catch (problem) {
      if (problem instanceof LockLostError) throw problem;
    }
    return { outcome: "threw", error, attempt, isFinal };
  }

  #policyFor(error: unknown): FailurePolicy {
    const { onFailure } = this.#call.options;
    if (typeof onFailure !== "function") return onFailure;
    let policy: FailurePolicy = "retry";
    notify(
      "onFailure",
      (attempt: number) => {
        policy = policyIn(onFailure(error, attempt));
      },
      this.#claimed.running.attempt,
    );
    return policy;
  }
}

/** @throws TypeError if it is no policy. */
function policyIn(decision: unknown): FailurePolicy {
  if (isPolicy(decision)) return decision;
  // An async function decides too late. If it rejects as well, that must not end the process.
  Promise.resolve(decision).catch(() => undefined);
  throw new TypeError(`it returned ${formatValue(decision)}, which must be "retry" or "keep"`);
}
