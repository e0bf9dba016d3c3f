import { checkName } from "../../base/names.ts";
import { formatValue } from "../../base/check-value.ts";
import { refuseUnknownOptions } from "../../base/known-options.ts";
import { checkOptions } from "../../base/options.ts";
import { clientOf } from "../../client/client-of.ts";
import type { Lockable } from "../../lockable.ts";
import { checkKeyName } from "../../operations/keys.ts";
import type { Redlock } from "../../redlock.ts";
import { checkRecordStore } from "../records/check-record.ts";
import { lockRecords } from "../records/lock-records.ts";
import type { RecordStore } from "../records/record-store.ts";
import { Claiming, type Skipped } from "./claim.ts";
import type { Job } from "./job.ts";
import { type OnceOptions, resolveOnceOptions, type RunOptions } from "./options.ts";
import { type Lost, type Ran, runClaimed, type RunRoutine } from "./run-claimed.ts";
import { type LastRun, lastRunIn } from "./run-record.ts";

/** What became of one call of `once`. */
export type OnceResult<T> = Ran<T> | Skipped | Lost;

/** The ids of records are this name and a few more characters, and they must be names too. */
const MAX_JOB_NAME_LENGTH = 900;

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
  checkJobName(name);
  const { instant, limits, signal } = resolveOnceOptions(options);
  checkRoutine("routine", routine);
  const client = clientOf(redlock);
  const lockable = jobLock(redlock, name, options);
  const job: Job = { client, name, lockable, records: recordsOf(redlock, options), instant, limits, signal };
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
  checkJobName(name);
  checkOptions(options);
  refuseUnknownOptions(options, { records: true });
  const records =
    options.records === undefined ? lockRecords(redlock) : checkRecordStore("records", options.records);
  return lastRunIn(await records.get(name));
}

/** @throws TypeError, RangeError for a bad name. */
export function checkJobName(name: string): void {
  checkKeyName(checkName("name", name));
  if (name.length > MAX_JOB_NAME_LENGTH)
    throw new RangeError(`name: ${name.length} characters are too many; use at most ${MAX_JOB_NAME_LENGTH}`);
}

/** @throws TypeError if it is no function. */
export function checkRoutine(field: string, routine: unknown): void {
  if (typeof routine !== "function")
    throw new TypeError(`${field}: ${formatValue(routine)} must be a function`);
}

/** The lock of a job with the policies around it. @throws TypeError if `wrap` returns no lockable. */
export function jobLock(redlock: Redlock, name: string, { wrap }: RunOptions): Lockable {
  const lockable = redlock.mutex(name);
  if (wrap === undefined) return lockable;
  const wrapped = wrap(lockable) as Lockable | undefined;
  if (typeof wrapped?.acquire === "function" && typeof wrapped.query === "function") return wrapped;
  throw new TypeError(`wrap: it returned ${formatValue(wrapped)}, which is no Lockable`);
}

/** The store of records of a job. */
export function recordsOf(redlock: Redlock, { records }: RunOptions): RecordStore {
  return records ?? lockRecords(redlock);
}
