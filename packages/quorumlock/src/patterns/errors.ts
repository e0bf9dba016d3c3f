import { errorToJson } from "../base/error-json.ts";
import { LockError } from "../base/errors.ts";
import { toSafeError } from "../base/safe-error.ts";
import { shareClass } from "../base/shared-class.ts";

export type PatternErrorCode =
  | "RECORD_STORE"
  | "RUN_TIMEOUT"
  | "COMPUTE_FAILED"
  | "IDEMPOTENCY_MISMATCH"
  | "QUEUE_CLOSED";

/** The base class of the errors of the patterns. `code` is stable, so that a `switch` can depend on it. */
export abstract class PatternError extends Error {
  abstract readonly code: PatternErrorCode;

  /** The fields for a log, without the stack. */
  toJSON(): Record<string, unknown> {
    return errorToJson(this);
  }
}

/**
 * The store of records failed, or did not answer in time. `cause` is its error. After a failed write, nobody knows whether the record was
 * written.
 */
export class RecordStoreError extends PatternError {
  override readonly name = "RecordStoreError";
  readonly code = "RECORD_STORE";
  /** The id of the record. */
  readonly id: string;
  /** What the store was asked to do. */
  readonly operation: "open" | "put" | "get" | "transact" | "createTable" | "deleteExpired";
  /**
   * Whether the routine of `processOnce` has run before this, so that its effects may exist. The next call finds its result, or runs it
   * again.
   */
  readonly ran: boolean;

  constructor(id: string, operation: RecordStoreError["operation"], cause: unknown, ran = false) {
    // An error of this library has no secrets.
    const safe = cause instanceof LockError ? cause : toSafeError(cause);
    const subject = id === "" ? "the store of records" : `the record ${JSON.stringify(id)}`;
    const after = ran ? " after the routine has run" : "";
    super(`${subject}: ${operation} failed${after}: ${safe.message}`, { cause: safe });
    this.id = id;
    this.operation = operation;
    this.ran = ran;
  }
}

/** The routine ran for longer than its limit, so its `signal` was aborted. */
export class RunTimeoutError extends PatternError {
  override readonly name = "RunTimeoutError";
  readonly code = "RUN_TIMEOUT";
  /** The name of the job. */
  readonly job: string;
  /** The limit, in ms. */
  readonly limit: number;

  constructor(job: string, limit: number) {
    super(`${JSON.stringify(job)}: the run did not end within ${limit} ms, so its signal was aborted`);
    this.job = job;
    this.limit = limit;
  }
}

/** An error of another process: only texts, because it came through a store. */
export interface RemoteError {
  /** The name of its class. */
  readonly name: string;
  /** Its message, at most 500 characters. */
  readonly message: string;
  /** Its `code`, if that was a text. */
  readonly code: string | undefined;
}

/** The computation of a cached value failed in another process, for which this one waited. The next caller computes anew. */
export class ComputeError extends PatternError {
  override readonly name = "ComputeError";
  readonly code = "COMPUTE_FAILED";
  /** The key of the cache. */
  readonly key: string;
  /** The error of the other process. */
  readonly remote: RemoteError;

  constructor(key: string, remote: RemoteError) {
    super(
      `${JSON.stringify(key)}: the computation failed in another process: ${remote.name}: ${remote.message}`,
    );
    this.key = key;
    this.remote = remote;
  }
}

/** The id of a task was used before, with other input. */
export class IdempotencyMismatchError extends PatternError {
  override readonly name = "IdempotencyMismatchError";
  readonly code = "IDEMPOTENCY_MISMATCH";
  /** The id of the task. */
  readonly id: string;

  constructor(id: string) {
    super(`${JSON.stringify(id)}: this id was used with other input; use a new id for other work`);
    this.id = id;
  }
}

/** `close()` of the `TaskQueue` was called before. */
export class QueueClosedError extends PatternError {
  override readonly name = "QueueClosedError";
  readonly code = "QUEUE_CLOSED";
  /** The name of the queue. */
  readonly queue: string;

  constructor(queue: string) {
    super(`${JSON.stringify(queue)}: this TaskQueue is closed; create a new one`);
    this.queue = queue;
  }
}

for (const [name, shared] of Object.entries({
  PatternError,
  RecordStoreError,
  RunTimeoutError,
  ComputeError,
  IdempotencyMismatchError,
  QueueClosedError,
}))
  shareClass(name, shared);
