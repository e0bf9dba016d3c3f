import { errorToJson } from "../base/error-json.ts";
import { LockError } from "../base/errors.ts";
import { toSafeError } from "../base/safe-error.ts";
import { shareClass } from "../base/shared-class.ts";

export type PatternErrorCode = "RECORD_STORE" | "RUN_TIMEOUT";

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

  constructor(id: string, operation: RecordStoreError["operation"], cause: unknown) {
    // An error of this library has no secrets.
    const safe = cause instanceof LockError ? cause : toSafeError(cause);
    const subject = id === "" ? "the store of records" : `the record ${JSON.stringify(id)}`;
    super(`${subject}: ${operation} failed: ${safe.message}`, { cause: safe });
    this.id = id;
    this.operation = operation;
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

for (const [name, shared] of Object.entries({ PatternError, RecordStoreError, RunTimeoutError }))
  shareClass(name, shared);
