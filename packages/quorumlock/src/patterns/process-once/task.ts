import type { Client } from "../../client/client.ts";
import type { Holder } from "../../base/errors.ts";
import type { Lock, Lockable } from "../../lockable.ts";
import type { Redlock } from "../../redlock.ts";
import type { RemoteError } from "../errors.ts";
import type { OpenOptions, RecordStore, StoredRecord } from "../records/record-store.ts";
import type { SqlClient } from "../records/sql-client.ts";
import type { ResolvedProcessOptions } from "./options.ts";
import { encodeTask, type TaskRecord } from "./task-record.ts";

/** What a routine gets. */
export interface Task {
  /**
   * The fencing token. Send it with every write, and let the store reject smaller ones: a worker that was paused may write after its
   * successor.
   */
  readonly fence: number;
  /** Which attempt it is, from 1. One that the caller's signal ended does not count, so the next one has the same number. */
  readonly attempt: number;
  /** Aborts when the lock is lost, when `runFor` is over, and when the caller's signal aborts. End the work then, and throw. */
  readonly signal: AbortSignal;
  /** The lock of the task. It extends itself. */
  readonly lock: Lock;
  /**
   * With `sqlRecords(pool, { transaction: true })`: the transaction that also writes the result. What the routine writes with it exists if
   * and only if the task is done. With other stores, a look at it throws a `TypeError`, so that no effect is left out silently.
   */
  readonly tx: SqlClient;
}

/** The routine of a task. Its result is what JSON makes of it, at most some 3,900 bytes. */
export type TaskRoutine<T> = (task: Task) => T | Promise<T>;

/** The task is over. */
export interface TaskDone<T> {
  /** Tells the results apart. */
  readonly outcome: "done";
  /** What JSON makes of the result of the routine. Every caller gets the same. */
  readonly value: T;
  /** Whether the result is that of an earlier call. */
  readonly replayed: boolean;
  /** The attempt that has brought the result. */
  readonly attempt: number;
}

/** Another caller is at work on this task. */
export interface TaskRunning {
  /** Tells the results apart. */
  readonly outcome: "running";
  /** Who holds the lock of the task, if it is known. */
  readonly holder: Holder | undefined;
  /** When its attempt began, by the clock of the store, in ms since 1970, if it is known. */
  readonly since: number | undefined;
}

/** The task has failed for good. No other attempt begins. */
export interface TaskFailed {
  /** Tells the results apart. */
  readonly outcome: "failed";
  /** Why the last attempt failed. */
  readonly error: RemoteError;
  /** The last attempt. */
  readonly attempt: number;
}

/** What became of one call of `processOnce`. */
export type ProcessResult<T> = TaskDone<T> | TaskRunning | TaskFailed;

/** One call: which task, and where its lock and its record are. */
export interface TaskCall {
  readonly redlock: Redlock;
  readonly client: Client;
  /** The id of the task, as the caller gave it. */
  readonly id: string;
  /** The name of its lock, and the id of its record. */
  readonly name: string;
  readonly lockable: Lockable;
  readonly records: RecordStore;
  readonly options: ResolvedProcessOptions;
}

/** What a routine gets. `tx`: if the store has transactions. */
export function taskFor(fields: Omit<Task, "tx">, tx: SqlClient | undefined): Task {
  if (tx !== undefined) return { ...fields, tx };
  return Object.defineProperty({ ...fields }, "tx", { get: refuseTransaction }) as Task;
}

function refuseTransaction(): never {
  throw new TypeError(
    "tx: the store of records has no transactions; give `records: sqlRecords(pool, { transaction: true })`",
  );
}

/** The allowance for clocks that differ. */
const CLOCK_ALLOWANCE_MS = 10_000;

export function openOptions({ client, options }: TaskCall): OpenOptions {
  const { keepMs } = options;
  const createdAt = options.createdAt ?? Math.floor(client.clock.wall()) - keepMs;
  return { createdAt: Math.max(0, createdAt - CLOCK_ALLOWANCE_MS), keep: keepMs };
}

/** The record of a holder. `version`: 1 for the first that it writes. */
export function storedTask(fence: number, version: number, record: TaskRecord): StoredRecord {
  return { fence, version, body: encodeTask(record) };
}

export function putTask(call: TaskCall, record: StoredRecord): Promise<void> {
  return call.records.put(call.name, record, openOptions(call));
}
