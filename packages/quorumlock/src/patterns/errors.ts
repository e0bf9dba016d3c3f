import { LockError } from "../base/errors.ts";
import { shareClass } from "../base/shared-class.ts";

// These classes are not in base/errors.ts, because a bundle should contain them only with the patterns that throw them.

/** The store of a record failed. After a failed write, nobody knows whether the record was written. `cause` is the store's error. */
export class RecordStoreError extends LockError {
  override readonly name = "RecordStoreError";
  readonly code = "RECORD_STORE";

  constructor(id: string, what: string, cause: Error) {
    super([id], `${JSON.stringify(id)}: the record was not ${what}: ${cause.message}`, { cause });
  }
}

shareClass("RecordStoreError", RecordStoreError);
