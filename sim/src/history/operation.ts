import { type Mode, MODES } from "./mode.ts";

export type OperationKind = "acquire" | "extend" | "convert" | "release" | "expire";

/** What the caller learned: yes, no, or nothing certain. */
export type Outcome = "ok" | "refused" | "unknown";

/** One operation on one resource, as its caller saw it. A lock on several names is one operation for each. */
export interface Operation {
  /** The caller. */
  readonly process: string;
  readonly resource: string;
  /**
   * `convert` changes the mode of a held lock. The acquisition stays the same. `expire` means that the lease ended without a release.
   * It is optional if `heldUntil` is given.
   */
  readonly kind: OperationKind;
  /** Names the acquisition. Without it, the operation belongs to the last acquisition of its process. */
  readonly token?: string | undefined;
  /** The fencing token. A conversion to an exclusive mode has a new one. */
  readonly fence?: number | undefined;
  /** When the call started, in ms. All times of a history must come from one clock. */
  readonly invokedAt: number;
  /** When the call returned. Without it, the operation may take effect at any later time, or never. */
  readonly completedAt?: number | undefined;
  readonly outcome: Outcome;
  /**
   * For an acquire, extend or convert that is ok: until when the holder relies on the lease. Without it, an acquired lease does
   * not expire, and another operation does not change the expiry.
   */
  readonly heldUntil?: number | undefined;
  /** For the read/write models: `read` is S, and `write` is X. A convert needs it: the new mode. @default "write" */
  readonly mode?: "read" | "write" | Mode | undefined;
  /** For the semaphore model: the number of permits of an acquire. @default 1 */
  readonly permits?: number | undefined;
}

const KINDS: readonly string[] = [
  "acquire",
  "extend",
  "convert",
  "release",
  "expire",
] satisfies OperationKind[];
const OUTCOMES: readonly string[] = ["ok", "refused", "unknown"] satisfies Outcome[];
const MODE_WORDS: readonly string[] = ["read", "write", ...MODES];
const FIELDS: readonly string[] = [
  "process",
  "resource",
  "kind",
  "token",
  "fence",
  "invokedAt",
  "completedAt",
  "outcome",
  "heldUntil",
  "mode",
  "permits",
] satisfies (keyof Operation)[];

/**
 * Checks one operation of a history.
 *
 * @param where Names it in errors, such as `line 3`.
 * @throws TypeError if a field is missing, unknown or of another type; RangeError if its value is not allowed. Both name
 *   the place, the field and the value.
 */
export function asOperation(value: unknown, where: string): Operation {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new TypeError(`${where}: an operation must be an object, not ${inJson(value)}`);
  }
  // Other languages write null for a missing field.
  const fields = Object.entries(value).filter(([, content]) => content !== undefined && content !== null);
  const record = Object.fromEntries(fields) as Record<string, unknown>;
  for (const [field] of fields) {
    // Without this check, a mistyped `heldUntil` would weaken the check without an error.
    if (!FIELDS.includes(field)) {
      throw new TypeError(
        `${where}: ${field} is not a field of an operation; the fields are ${FIELDS.join(", ")}`,
      );
    }
  }
  for (const field of ["process", "resource"]) text(record, field, where);
  if (record["token"] !== undefined) text(record, "token", where);
  oneOf(record, "kind", KINDS, where);
  oneOf(record, "outcome", OUTCOMES, where);
  if (record["mode"] !== undefined || record["kind"] === "convert") oneOf(record, "mode", MODE_WORDS, where);
  time(record, "invokedAt", where);
  for (const field of ["completedAt", "heldUntil"])
    if (record[field] !== undefined) time(record, field, where);
  wholeNumber(record, "fence", 0, where);
  wholeNumber(record, "permits", 1, where);
  const operation = record as unknown as Operation;
  checkTimes(operation, where);
  return operation;
}

function checkTimes({ kind, outcome, invokedAt, completedAt }: Operation, where: string): void {
  if (completedAt !== undefined && completedAt < invokedAt) {
    throw new RangeError(`${where}: completedAt ${completedAt} must not be before invokedAt ${invokedAt}`);
  }
  if (completedAt === undefined && outcome !== "unknown" && kind !== "expire") {
    throw new TypeError(
      `${where}: completedAt is missing: the outcome "${outcome}" needs it; without it the outcome is "unknown"`,
    );
  }
}

function text(record: Readonly<Record<string, unknown>>, field: string, where: string): void {
  const value = record[field];
  if (typeof value !== "string")
    throw new TypeError(`${where}: ${field} must be a string, not ${inJson(value)}`);
  if (value === "") throw new RangeError(`${where}: ${field} must not be empty`);
}

function time(record: Readonly<Record<string, unknown>>, field: string, where: string): void {
  const value = record[field];
  if (typeof value !== "number")
    throw new TypeError(`${where}: ${field} must be a number of ms, not ${inJson(value)}`);
  if (!Number.isFinite(value)) throw new RangeError(`${where}: ${field} must be finite, not ${value}`);
}

function wholeNumber(
  record: Readonly<Record<string, unknown>>,
  field: string,
  min: number,
  where: string,
): void {
  const value = record[field];
  if (value === undefined || (Number.isSafeInteger(value) && Number(value) >= min)) return;
  throw new RangeError(`${where}: ${field} must be a safe integer from ${min}, not ${inJson(value)}`);
}

function oneOf(
  record: Readonly<Record<string, unknown>>,
  field: string,
  words: readonly string[],
  where: string,
): void {
  const value = record[field];
  if (typeof value === "string" && words.includes(value)) return;
  throw new TypeError(`${where}: ${field} must be one of ${words.join(", ")}, not ${inJson(value)}`);
}

function inJson(value: unknown): string {
  if (value === undefined) return "missing";
  const json = JSON.stringify(value) ?? typeof value;
  return json.length > 80 ? `${json.slice(0, 80)}…` : json;
}
