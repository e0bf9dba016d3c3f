import { clientOf } from "../../client/client-of.ts";
import type { Redlock } from "../../redlock.ts";
import { checkJobName, checkRoutine, jobLock } from "../job-lock.ts";
import { recordsFor } from "../records/records-for.ts";
import { TaskClaiming } from "./claim-task.ts";
import { type ProcessOptions, resolveProcessOptions } from "./options.ts";
import { runTask, type TaskThrew } from "./run-task.ts";
import type { ProcessResult, TaskCall, TaskRoutine } from "./task.ts";

/**
 * Processes a task once, however often it is delivered: the first call runs the routine and records its result, and every later call with
 * the same id gets that result. If a worker dies, the next call runs the routine again, so **the routine may begin more than once**; its
 * result is recorded once. What it writes must compare `task.fence`, or be written with `task.tx` (docs/patterns.md).
 *
 * ```ts
 * import { processOnce } from "quorumlock/patterns";
 *
 * const options = { input: { amount: 100 }, createdAt: Date.now() };
 * const result = await processOnce(redlock, "order-1", options, async ({ fence, signal }) => {
 *   await work(fence, signal);
 *   return { isShipped: true };
 * });
 * if (result.outcome === "done") console.log(result.value.isShipped, result.replayed); // true false
 * ```
 *
 * @param id of the task: the same at each delivery. Its lock is `task:` and the id.
 * @throws the error of the routine, which is recorded as failed. RunTimeoutError if it took longer than `runFor`.
 * @throws TypeError, RangeError if the result cannot be JSON, or is too long for a record. The routine has run then.
 * @throws IdempotencyMismatchError if the id was used with other input. Nothing ran.
 * @throws QuorumError, CircuitOpenError if the lock servers could not be reached, RecordStoreError if another store could not be. Nothing
 * ran, unless the RecordStoreError has `ran: true`: then the next call finds the result, or runs the routine again.
 * @throws LockLostError if the lock was lost. The routine may have run; if its successor has begun, its result is refused.
 * @throws LockAbortedError if `signal` was aborted before the routine began, or if the routine did not end after that.
 * @throws LockClosedError if the client is closed. TypeError, RangeError for bad arguments, with the field and the value.
 */
export async function processOnce<T>(
  redlock: Redlock,
  id: string,
  options: ProcessOptions,
  routine: TaskRoutine<T>,
): Promise<ProcessResult<T>> {
  const result = await processTask(redlock, id, options, routine);
  if (result.outcome === "threw") throw result.error;
  return result;
}

/** As `processOnce`, but a failed attempt is a result that says whether another one may begin. */
export async function processTask<T>(
  redlock: Redlock,
  id: string,
  options: ProcessOptions,
  routine: TaskRoutine<T>,
): Promise<ProcessResult<T> | TaskThrew> {
  const name = `task:${checkJobName("id", id)}`;
  const resolved = resolveProcessOptions(options);
  checkRoutine("routine", routine);
  const client = clientOf(redlock);
  const call: TaskCall = {
    redlock,
    client,
    id,
    name,
    lockable: jobLock(redlock, name, options.wrap),
    records: recordsFor(redlock, options.records, client.clock),
    options: resolved,
  };
  const claim = await new TaskClaiming(call).run<T>();
  return claim.outcome === "claimed" ? runTask(call, claim, routine) : claim;
}
