import { checkWholeNumber } from "../../base/check-whole-number.ts";
import { checkText, formatValue } from "../../base/check-value.ts";
import { refuseUnknownOptions } from "../../base/known-options.ts";
import { checkOptions } from "../../base/options.ts";
import type { Instance } from "../../instances/port.ts";
import { checkSource, type InstanceSource } from "../../instances/sources.ts";
import {
  ATTEMPT_OPTIONS,
  type AttemptOptions,
  resolveAttemptOptions,
  type ResolvedAttemptOptions,
} from "../process-once/options.ts";
import { checkRecordStore } from "../records/check-record.ts";
import type { RecordStore } from "../records/record-store.ts";
import { type BullmqModule, checkBullmq } from "./bullmq.ts";

/** The settings of the workers of BullMQ. */
export interface TaskWorkerOptions {
  /** How many tasks one call of `work` processes at a time. A whole number from 1 to 1,000. @default 1 */
  readonly concurrency?: number | undefined;
  /** How long BullMQ leaves a task to a worker that does not renew it, in ms. From 100 to 600,000. @default 30_000 */
  readonly lockDuration?: number | undefined;
  /**
   * How often it is checked whether workers have died, in ms. From 100 to 600,000. A task of a dead worker waits for up to `lockDuration`
   * and two of these.
   * @default lockDuration
   */
  readonly stalledInterval?: number | undefined;
}

/** Options of a `TaskQueue`. Every duration is in milliseconds. */
export interface TaskQueueOptions extends AttemptOptions {
  /** The module `bullmq`, version 6: `import * as bullmq from "bullmq"`. */
  readonly bullmq: BullmqModule;
  /**
   * The Redis server or the cluster of the queue: a URL, or a client of ioredis with `maxRetriesPerRequest: null`, or of node-redis. It is
   * no lock server. The queue is as durable as this server, so run it with `appendonly yes`.
   */
  readonly connection: Exclude<InstanceSource, Instance>;
  /** The name of the queue, the same in every process. Any text without `:`. */
  readonly name: string;
  /** The start of the keys of BullMQ. A cluster needs one with a hash tag, such as `"{bull}"`. @default "bull" */
  readonly prefix?: string | undefined;
  /** The settings of the workers of BullMQ. @default see there */
  readonly worker?: TaskWorkerOptions | undefined;
  /**
   * How long a task waits after its first failed attempt, in ms. From 0 to 3,600,000. The time doubles with each attempt, up to an hour,
   * and up to a half is taken off at random.
   * @default 1_000
   */
  readonly retryDelay?: number | undefined;
  /**
   * Where the records are. With `sqlRecords(pool, { transaction: true })`, the effects of a task and its end are one transaction.
   * @default on the server of the queue, so that both have the same fate
   */
  readonly records?: RecordStore | undefined;
}

/** The options, checked and complete. */
export interface ResolvedTaskQueueOptions {
  readonly attempts: ResolvedAttemptOptions;
  readonly prefix: string;
  readonly concurrency: number;
  readonly lockDurationMs: number;
  readonly stalledIntervalMs: number;
  readonly retryDelayMs: number;
}

/** The default `prefix`, which is that of BullMQ. */
export const DEFAULT_PREFIX = "bull";
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const MAX_CONCURRENCY = 1_000;
const MIN_LOCK_MS = 100;
const MAX_LOCK_MS = 600_000;
const LOCK_MS = 30_000;
const RETRY_DELAY_MS = 1_000;
const MAX_RETRY_DELAY_MS = HOUR;
const MAX_QUEUE_NAME_LENGTH = 200;

const KNOWN: Readonly<Record<keyof TaskQueueOptions, true>> = {
  ...ATTEMPT_OPTIONS,
  bullmq: true,
  connection: true,
  name: true,
  prefix: true,
  worker: true,
  retryDelay: true,
  records: true,
};

/** @throws TypeError, RangeError for bad options, with the field and the value. */
export function resolveTaskQueueOptions(options: TaskQueueOptions): ResolvedTaskQueueOptions {
  checkOptions(options);
  refuseUnknownOptions(options, KNOWN);
  const { bullmq, connection, name, worker = {}, retryDelay = RETRY_DELAY_MS } = options;
  checkBullmq(bullmq);
  checkSource(connection, "connection");
  checkQueueName(name);
  if (options.records !== undefined) checkRecordStore("records", options.records);
  checkOptions(worker);
  refuseUnknownOptions(worker, { concurrency: true, lockDuration: true, stalledInterval: true });
  const lockDurationMs = checkWholeNumber(
    "worker.lockDuration",
    worker.lockDuration ?? LOCK_MS,
    MIN_LOCK_MS,
    MAX_LOCK_MS,
  );
  const stalledIntervalMs = checkWholeNumber(
    "worker.stalledInterval",
    worker.stalledInterval ?? lockDurationMs,
    MIN_LOCK_MS,
    MAX_LOCK_MS,
  );
  const retryDelayMs = checkWholeNumber("retryDelay", retryDelay, 0, MAX_RETRY_DELAY_MS);
  const attempts = resolveAttemptOptions(options);
  // The next delivery must find the record: after the longest pause, and after a worker died at the end of an attempt.
  const pauseMs = longestDelayBefore(retryDelayMs, attempts.maxAttempts);
  const redeliveryMs = attempts.runForMs + attempts.graceMs + lockDurationMs + 2 * stalledIntervalMs;
  const keepMs = Math.max(attempts.keepMs, Math.max(pauseMs, redeliveryMs) + MINUTE);
  return {
    attempts: { ...attempts, keepMs },
    prefix: checkText("prefix", options.prefix ?? DEFAULT_PREFIX),
    concurrency: checkWholeNumber("worker.concurrency", worker.concurrency ?? 1, 1, MAX_CONCURRENCY),
    lockDurationMs,
    stalledIntervalMs,
    retryDelayMs,
  };
}

/** How long a task waits after an attempt, in ms. `random`: from 0 to 1. */
export function retryDelayAfter(firstMs: number, attempt: number, random: number): number {
  return longestDelayBefore(firstMs, attempt) * (1 - random / 2);
}

function longestDelayBefore(firstMs: number, attempt: number): number {
  return Math.min(MAX_RETRY_DELAY_MS, firstMs * 2 ** (attempt - 1));
}

function checkQueueName(name: string): void {
  const isName =
    checkText("name", name) !== "" && !name.includes(":") && name.length <= MAX_QUEUE_NAME_LENGTH;
  if (!isName)
    throw new RangeError(
      `name: ${formatValue(name)} must have 1 to ${MAX_QUEUE_NAME_LENGTH} characters, and none of them ":"`,
    );
}
