import { checkWholeNumber } from "../../base/check-whole-number.ts";
import { refuseUnknownOptions } from "../../base/known-options.ts";
import { checkOptions, checkSignal } from "../../base/options.ts";
import type { Lockable } from "../../lockable.ts";
import { checkWrap } from "../job-lock.ts";
import { checkRecordStore } from "../records/check-record.ts";
import type { RecordStore } from "../records/record-store.ts";

/** What `once` and `schedule` have in common. Every duration is in milliseconds. */
export interface RunOptions {
  /**
   * How long the routine may run, in ms. From 100 to 86,400,000 (24 h). Its `signal` aborts then. It is a timer of this process, and
   * no lease: if the process dies, the job is free within the client's `ttl`.
   * @default 600_000
   */
  readonly atMostFor?: number | undefined;
  /**
   * The least time between the starts of two runs of this name, in ms. From 0 to 86,400,000 (24 h). It is not needed against clocks that
   * differ.
   * @default 0, with `every`: half of it
   */
  readonly atLeastFor?: number | undefined;
  /**
   * How late a run may begin, by the clock of the store, in ms. From 0 to 86,400,000 (24 h). It is also the time for which an outage of
   * the store or of the lock servers is waited for. The limit is for the first start of an instant: after a crash, another attempt
   * begins later. With `every` it only limits the wait, because an instant lasts until the next one.
   * @default 60_000
   */
  readonly startWithin?: number | undefined;
  /**
   * A claim whose instant is further ahead of the clock of the store waits, in ms. From 0 to 3,600,000 (1 h). So a process whose clock
   * is fast does not run the job much too early.
   * @default 10_000
   */
  readonly maxSkew?: number | undefined;
  /**
   * How many runs of one instant may begin, if the worker died or lost its lock. From 1 to 10. With 1, no instant begins twice, under any
   * crash, pause or clock. With more, the job must be one that may be repeated.
   * @default 1
   */
  readonly attempts?: number | undefined;
  /**
   * How long an instant is remembered, in ms. From 60,000 to 604,800,000 (7 d). It is remembered for longer if a run could still begin
   * then. It costs about 250 bytes for each instant.
   * @default 3_600_000
   */
  readonly keepFor?: number | undefined;
  /** Where the records are. @default lockRecords(redlock) */
  readonly records?: RecordStore | undefined;
  /** Wraps the lock of the job in policies, such as a circuit breaker. @default none */
  readonly wrap?: ((lockable: Lockable) => Lockable) | undefined;
}

/** Options of `once`. Every duration is in milliseconds. One of `scheduledAt` and `every` is needed. */
export interface OnceOptions extends RunOptions {
  /**
   * The instant that this run is for, in ms since 1970: the same number in every process, and never "now".
   * @default none: `every`
   */
  readonly scheduledAt?: number | undefined;
  /**
   * Instead of `scheduledAt`: the instant is the time of the store, rounded down to a multiple of this, in ms. From 1,000 to 604,800,000
   * (7 d). The clocks of the processes do not matter then.
   * @default none: `scheduledAt`
   */
  readonly every?: number | undefined;
  /**
   * Ends the call with a `LockAbortedError` before the routine begins. After that, `run.signal` aborts with it.
   * @default none
   */
  readonly signal?: AbortSignal | undefined;
}

/** The limits of a run, checked and complete. */
export interface RunLimits {
  readonly atMostForMs: number;
  readonly atLeastForMs: number;
  readonly startWithinMs: number;
  /** How long an outage is waited for. */
  readonly retryForMs: number;
  readonly maxSkewMs: number;
  readonly attempts: number;
  readonly keepForMs: number;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const MAX_ATTEMPTS = 10;
/** Within this time after its end, the next attempt of a run begins. */
const RETRY_MARGIN_MS = HOUR;
/** The largest time of a JavaScript `Date`, in ms since 1970. */
const MAX_TIME = 8_640_000_000_000_000;

export const RUN_OPTIONS: Readonly<Record<keyof RunOptions, true>> = {
  atMostFor: true,
  atLeastFor: true,
  startWithin: true,
  maxSkew: true,
  attempts: true,
  keepFor: true,
  records: true,
  wrap: true,
};

/** @throws TypeError, RangeError for bad options, with the field and the value. */
export function resolveLimits(options: RunOptions, everyMs?: number): RunLimits {
  const { atMostFor = 10 * MINUTE, startWithin = MINUTE, maxSkew = 10 * SECOND } = options;
  const { atLeastFor = everyMs === undefined ? 0 : Math.floor(Math.min(everyMs / 2, DAY)) } = options;
  const { attempts = 1, keepFor = HOUR, wrap } = options;
  checkWrap(wrap);
  if (options.records !== undefined) checkRecordStore("records", options.records);
  const limits = {
    atMostForMs: checkWholeNumber("atMostFor", atMostFor, 100, DAY),
    atLeastForMs: checkWholeNumber("atLeastFor", atLeastFor, 0, DAY),
    startWithinMs: checkWholeNumber("startWithin", startWithin, 0, DAY),
    maxSkewMs: checkWholeNumber("maxSkew", maxSkew, 0, HOUR),
    attempts: checkWholeNumber("attempts", attempts, 1, MAX_ATTEMPTS),
    keepForMs: checkWholeNumber("keepFor", keepFor, MINUTE, 7 * DAY),
  };
  // For so long after a claim another claim of the same instant can come. It must find the record.
  const startableMs = (everyMs ?? limits.maxSkewMs + limits.startWithinMs) + SECOND;
  // With more attempts, also one that ran for as long as it may. Its record is written at its start.
  const repeatableMs = limits.attempts > 1 ? limits.atMostForMs + RETRY_MARGIN_MS : 0;
  const keepForMs = Math.max(limits.keepForMs, startableMs, repeatableMs);
  return { ...limits, retryForMs: limits.startWithinMs, keepForMs };
}

/** The instant of a call: a moment, or the length of the periods. */
export type Instant = { readonly scheduledAt: number } | { readonly everyMs: number };

/** @throws TypeError, RangeError for bad options, with the field and the value. */
export function resolveOnceOptions(options: OnceOptions): {
  readonly instant: Instant;
  readonly limits: RunLimits;
  readonly signal: AbortSignal | undefined;
} {
  checkOptions(options);
  refuseUnknownOptions(options, { ...RUN_OPTIONS, scheduledAt: true, every: true, signal: true });
  const { scheduledAt, every } = options;
  const signal = checkSignal(options.signal);
  if (scheduledAt !== undefined && every !== undefined)
    throw new TypeError("scheduledAt, every: give one of them, not both");
  if (every !== undefined) {
    checkWholeNumber("every", every, SECOND, 7 * DAY);
    return { instant: { everyMs: every }, limits: resolveLimits(options, every), signal };
  }
  if (scheduledAt === undefined)
    throw new TypeError(
      "scheduledAt: it is missing; give the instant that this run is for, the same in every process, or `every`",
    );
  checkWholeNumber("scheduledAt", scheduledAt, 1, MAX_TIME);
  return { instant: { scheduledAt }, limits: resolveLimits(options), signal };
}
