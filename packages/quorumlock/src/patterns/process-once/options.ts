import { checkWholeNumber } from "../../base/check-whole-number.ts";
import { formatValue } from "../../base/check-value.ts";
import { refuseUnknownOptions } from "../../base/known-options.ts";
import { checkOptions, checkSignal, checkWait } from "../../base/options.ts";
import { checkWrap, type Wrap } from "../job-lock.ts";
import { checkRecordStore } from "../records/check-record.ts";
import type { RecordStore } from "../records/record-store.ts";
import { fingerprintOf } from "./fingerprint.ts";

/** What happens to a task after a failure: another attempt begins (`"retry"`), or the failure is its end (`"keep"`). */
export type FailurePolicy = "retry" | "keep";

/** Options of `processOnce` that are also those of a `TaskQueue`. Every duration is in milliseconds. */
export interface AttemptOptions {
  /**
   * How long the result is remembered, in ms. From 60,000 to 2,592,000,000 (30 days). It is remembered for longer if an attempt may take
   * longer. It costs about 250 bytes, and its own length, on each server.
   * @default 86_400_000 (a day)
   */
  readonly retainFor?: number | undefined;
  /**
   * How long one attempt may run, in ms. From 100 to 86,400,000 (24 h). Then its `signal` aborts. It is a timer of this process, and no
   * lease: if the process dies, the task is free within the client's `ttl`.
   * @default 600_000
   */
  readonly runFor?: number | undefined;
  /** How long a routine may take to end after its signal has aborted, in ms. From 0 to 600,000. Then it is not waited for. @default 5_000 */
  readonly grace?: number | undefined;
  /**
   * How many attempts may begin. A whole number from 1 to 1,000. An attempt does not count if the caller's signal aborts and the routine
   * throws after that, or does not end.
   * @default 5
   */
  readonly maxAttempts?: number | undefined;
  /**
   * Whether another attempt may begin after the routine threw or took too long. A function decides by the error and the number of the
   * attempt. If it throws, or returns something else, another attempt may begin, and a process warning reports it. It is not asked if
   * the caller's signal aborts and the routine throws after that: then another attempt may begin.
   * @default "retry"
   */
  readonly onFailure?: FailurePolicy | ((error: unknown, attempt: number) => FailurePolicy) | undefined;
  /**
   * Whether another attempt may begin after a worker died or lost its lock, so that nobody knows how far it came. With `"keep"`, the
   * routine begins at most once, unless it throws.
   * @default "retry"
   */
  readonly onCrash?: FailurePolicy | undefined;
  /** Puts policies around the lock of a task, such as a circuit breaker. @default none */
  readonly wrap?: Wrap | undefined;
}

/** Options of `processOnce`. Every duration is in milliseconds. */
export interface ProcessOptions extends AttemptOptions {
  /**
   * What the task is about: anything JSON. Only its SHA-256 is kept. A call with the same id and other input is refused with an
   * `IdempotencyMismatchError`. Calls without `input` are not compared.
   * @default none
   */
  readonly input?: unknown;
  /**
   * The earliest time at which this id can have been used, in ms since 1970: for example when the order was made. Give it if you know it:
   * a lock server that has lost its records since then does not count for this id. 10 s are taken off, because clocks differ.
   * @default as long ago as a record is kept
   */
  readonly createdAt?: number | undefined;
  /** How long to wait for an attempt of another caller, in ms. From 0 to `Infinity`. @default 0: the result is `running` */
  readonly wait?: number | undefined;
  /** Where the records are. @default `lockRecords(redlock)` */
  readonly records?: RecordStore | undefined;
  /**
   * Ends the call with a `LockAbortedError` before the routine begins. After that, `task.signal` aborts with it. If the routine throws
   * then, the attempt was cancelled: it does not count, and another one may begin. With `onCrash: "keep"` the task has failed.
   * @default none
   */
  readonly signal?: AbortSignal | undefined;
}

/** The options of one attempt, checked and complete. */
export interface ResolvedAttemptOptions {
  readonly runForMs: number;
  readonly graceMs: number;
  readonly maxAttempts: number;
  readonly onFailure: NonNullable<AttemptOptions["onFailure"]>;
  readonly onCrash: FailurePolicy;
  /** How long the record is kept after each write. */
  readonly keepMs: number;
}

/** The options, checked and complete. */
export interface ResolvedProcessOptions extends ResolvedAttemptOptions {
  readonly fingerprint: string | undefined;
  readonly createdAt: number | undefined;
  readonly waitMs: number;
  readonly signal: AbortSignal | undefined;
}

const MINUTE = 60_000;
const DAY = 24 * 3_600_000;
const MAX_RETAIN_MS = 30 * DAY;
const MAX_GRACE_MS = 10 * MINUTE;
const MAX_ATTEMPTS = 1_000;
/** The largest time of a JavaScript `Date`, in ms since 1970. */
const MAX_TIME = 8_640_000_000_000_000;

export const ATTEMPT_OPTIONS: Readonly<Record<keyof AttemptOptions, true>> = {
  retainFor: true,
  runFor: true,
  grace: true,
  maxAttempts: true,
  onFailure: true,
  onCrash: true,
  wrap: true,
};

const KNOWN: Readonly<Record<keyof ProcessOptions, true>> = {
  ...ATTEMPT_OPTIONS,
  input: true,
  createdAt: true,
  wait: true,
  records: true,
  signal: true,
};

/** @throws TypeError, RangeError for bad options, with the field and the value. */
export function resolveAttemptOptions(options: AttemptOptions): ResolvedAttemptOptions {
  const { retainFor = DAY, runFor = 10 * MINUTE, grace = 5_000, maxAttempts = 5 } = options;
  const { onFailure = "retry", onCrash = "retry" } = options;
  checkWrap(options.wrap);
  const retainForMs = checkWholeNumber("retainFor", retainFor, MINUTE, MAX_RETAIN_MS);
  const runForMs = checkWholeNumber("runFor", runFor, 100, DAY);
  const graceMs = checkWholeNumber("grace", grace, 0, MAX_GRACE_MS);
  return {
    runForMs,
    graceMs,
    maxAttempts: checkWholeNumber("maxAttempts", maxAttempts, 1, MAX_ATTEMPTS),
    onFailure: typeof onFailure === "function" ? onFailure : checkPolicy("onFailure", onFailure),
    onCrash: checkPolicy("onCrash", onCrash),
    // A record must not expire while its attempt runs.
    keepMs: Math.max(retainForMs, runForMs + graceMs + MINUTE),
  };
}

/** @throws TypeError, RangeError for bad options, with the field and the value. */
export function resolveProcessOptions(options: ProcessOptions): ResolvedProcessOptions {
  checkOptions(options);
  const { input, ...others } = options;
  // `null` is an input like any other.
  refuseUnknownOptions(others, KNOWN);
  const { createdAt } = others;
  if (options.records !== undefined) checkRecordStore("records", options.records);
  return {
    ...resolveAttemptOptions(options),
    fingerprint: input === undefined ? undefined : fingerprintOf(input),
    createdAt: createdAt === undefined ? undefined : checkWholeNumber("createdAt", createdAt, 0, MAX_TIME),
    waitMs: checkWait(options.wait ?? 0),
    signal: checkSignal(options.signal),
  };
}

export function isPolicy(value: unknown): value is FailurePolicy {
  return value === "retry" || value === "keep";
}

function checkPolicy(field: string, value: unknown): FailurePolicy {
  if (isPolicy(value)) return value;
  const type = typeof value === "string" ? RangeError : TypeError;
  throw new type(`${field}: ${formatValue(value)} must be "retry" or "keep"`);
}
