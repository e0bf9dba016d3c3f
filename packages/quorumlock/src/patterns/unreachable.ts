import { QuorumError } from "../base/errors.ts";
import { CircuitOpenError } from "../policies/errors.ts";
import { RecordStoreError } from "./errors.ts";

/** Whether the lock servers or the store could not be reached, so that waiting may help. */
export function isUnreachable(error: unknown): error is QuorumError | CircuitOpenError | RecordStoreError {
  if (error instanceof QuorumError || error instanceof CircuitOpenError) return true;
  return error instanceof RecordStoreError;
}

/** The error for the caller. Records on the lock servers fail with the `QuorumError` that is the cause. */
export function outageError(error: Error): Error {
  return error instanceof RecordStoreError && error.cause instanceof QuorumError ? error.cause : error;
}
