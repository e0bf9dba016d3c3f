import { refuseUnknownOptions } from "../../base/known-options.ts";
import { checkOptions } from "../../base/options.ts";
import { clientOf } from "../../client/client-of.ts";
import type { Redlock } from "../../redlock.ts";
import { checkJobName, checkRoutine, jobLock } from "../job-lock.ts";
import { checkRecordStore } from "../records/check-record.ts";
import { recordsFor } from "../records/records-for.ts";
import type { RecordStore } from "../records/record-store.ts";
import { Claiming, type Skipped } from "./claim.ts";
import type { Job } from "./job.ts";
import { type OnceOptions, resolveOnceOptions } from "./options.ts";
import { type Lost, type Ran, runClaimed, type RunRoutine } from "./run-claimed.ts";
import { type LastRun, lastRunIn } from "./run-record.ts";

/** What became of one call of `once`. */
export type OnceResult<T> = Ran<T> | Skipped | Lost;

/**
 * Runs a routine once for an instant, however many processes call it with the same name and instant, and whatever their clocks show. The
 * lock says who may work now. A record says what was done: it is written before the routine begins, and again at its end.
 *
 * ```ts
 * import { once } from "quorumlock/patterns";
 *
 * const result = await once(redlock, "report", { every: 86_400_000 }, async ({ fence, signal }) => {
 *   await work(fence, signal);
 * });
 * console.log(result.outcome); // "ran" in one process, "skipped" in the others
 * ```
 *
 * @param name of the job. It is the name of its lock as well.
 * @param routine is not called if another process has run the instant, or is at work.
 * @throws the error of the routine, which is recorded as failed.
 * @throws QuorumError if the lock servers could not be reached for `startWithin`; RecordStoreError if another store could not be. The
 * routine did not run.
 * @throws LockAbortedError if `signal` was aborted before the routine began, or if the routine did not end after that.
 * @throws LockClosedError if the client is closed. TypeError, RangeError for bad arguments, with the field and the value.
 */
export async function once<T>(
  redlock: Redlock,
  name: string,
  options: OnceOptions,
  routine: RunRoutine<T>,
): Promise<OnceResult<T>> {
  checkJobName("name", name);
  const { instant, limits, signal } = resolveOnceOptions(options);
  checkRoutine("routine", routine);
  const client = clientOf(redlock);
  const lockable = jobLock(redlock, name, options.wrap);
  const records = recordsFor(redlock, options.records, client.clock);
  const job: Job = { client, name, lockable, records, instant, limits, signal };
  return runJob(job, routine);
}

/** Claims the instant of a job, and runs the routine if it was claimed. */
export async function runJob<T>(job: Job, routine: RunRoutine<T>): Promise<OnceResult<T>> {
  const claim = await new Claiming(job).run();
  return claim.outcome === "claimed" ? runClaimed(job, claim, routine) : claim;
}

/** Options of `lastRun`. */
export interface LastRunOptions {
  /** Where the records are. @default lockRecords(redlock) */
  readonly records?: RecordStore | undefined;
}

/**
 * The latest run of a job that has ended, of any process. It is remembered for 35 days. `undefined` if none is known. It is a report for
 * people: do not decide by it whether to run.
 * @throws QuorumError, RecordStoreError if the store could not be reached. TypeError, RangeError for bad arguments.
 */
export async function lastRun(
  redlock: Redlock,
  name: string,
  options: LastRunOptions = {},
): Promise<LastRun | undefined> {
  checkJobName("name", name);
  checkOptions(options);
  refuseUnknownOptions(options, { records: true });
  if (options.records !== undefined) checkRecordStore("records", options.records);
  const records = recordsFor(redlock, options.records, clientOf(redlock).clock);
  return lastRunIn(await records.get(name));
}
