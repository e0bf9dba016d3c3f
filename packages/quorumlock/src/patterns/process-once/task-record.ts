import type { RemoteError } from "../errors.ts";
import { fieldsIn } from "../record-body.ts";
import { MAX_BODY_BYTES } from "../records/check-record.ts";
import type { StoredRecord } from "../records/record-store.ts";
import { readRemoteError } from "../remote-error.ts";

/**
 * What is recorded of a task. Whether it is in progress is decided by its lock:
 *
 * - `withdrawn`: a claim was taken back before the routine began. It counts as if there was no attempt.
 * - `running`: an attempt has begun. If its lock is free, the worker died or lost its lock.
 * - `failed`: the last attempt failed. `isFinal`: no other attempt begins.
 * - `done`: the task is over, and `value` is its result.
 */
export interface TaskRecord {
  readonly state: "withdrawn" | "running" | "failed" | "done";
  /** How many attempts have begun, this one included. Those that the caller cancelled do not count. */
  readonly attempt: number;
  /** Of the claim of an attempt that has begun, and no longer: a mark that no other claim has. */
  readonly claim: string | undefined;
  /** When the attempt began, by the clock of the store, in ms since 1970. */
  readonly startedAt: number;
  /** Of the input; `undefined` if there was none. */
  readonly fingerprint: string | undefined;
  readonly isFinal: boolean;
  readonly error: RemoteError | undefined;
  readonly value: unknown;
}

const STATES: readonly string[] = ["withdrawn", "running", "failed", "done"] satisfies TaskRecord["state"][];

/**
 * The body of a record.
 * @throws RangeError if it is too long for a record.
 */
export function encodeTask(record: TaskRecord): string {
  const body = JSON.stringify(record);
  const bytes = Buffer.byteLength(body);
  if (bytes <= MAX_BODY_BYTES) return body;
  throw new RangeError(
    `result: its record has ${bytes} bytes, and ${MAX_BODY_BYTES} is the most; return the address of a larger thing`,
  );
}

/** The task in a record; `undefined` for a body that this library did not write. */
export function taskIn(record: StoredRecord | undefined): TaskRecord | undefined {
  const { state, attempt, claim, startedAt, fingerprint, isFinal, error, value } = fieldsIn(record) ?? {};
  if (typeof state !== "string" || !STATES.includes(state) || typeof attempt !== "number") return undefined;
  return {
    state: state as TaskRecord["state"],
    attempt,
    claim: typeof claim === "string" ? claim : undefined,
    startedAt: Number(startedAt),
    fingerprint: typeof fingerprint === "string" ? fingerprint : undefined,
    isFinal: isFinal === true,
    error: typeof error === "object" && error !== null ? readRemoteError(error) : undefined,
    value,
  };
}
