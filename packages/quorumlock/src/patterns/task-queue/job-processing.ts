import type { Client } from "../../client/client.ts";
import { toError } from "../../base/to-error.ts";
import { toSafeError } from "../../base/safe-error.ts";
import type { Redlock } from "../../redlock.ts";
import { IdempotencyMismatchError } from "../errors.ts";
import { processTask } from "../process-once/process-once.ts";
import type { AttemptOptions } from "../process-once/options.ts";
import type { Task } from "../process-once/task.ts";
import type { RecordStore } from "../records/record-store.ts";
import { remoteErrorOf } from "../remote-error.ts";
import type { BullmqJob } from "./bullmq.ts";
import { inputOf, jobDataIn } from "./job-data.ts";
import { DEFAULT_PREFIX, retryDelayAfter } from "./options.ts";
import type { TaskEnd } from "./task-end.ts";

/** What the routine of a `TaskQueue` gets. */
export interface QueueTask<Data> extends Task {
  /** The id of the task. */
  readonly id: string;
  /** What was given to `enqueue`, as JSON has it. */
  readonly data: Data;
}

/** Processes one task. Its result is what JSON makes of it, at most some 3,900 bytes. */
export type QueueRoutine<Data, T> = (task: QueueTask<Data>) => T | Promise<T>;

/** What the processing of jobs needs. */
export interface ProcessingParts {
  readonly redlock: Redlock;
  readonly client: Client;
  /** The name of the queue, with its prefix if that is not the default. */
  readonly queueId: string;
  readonly options: AttemptOptions;
  readonly records: RecordStore;
  readonly retryDelayMs: number;
}

/** How long a task waits at least if its lock or its record failed, so that an outage is no busy loop. */
const OUTAGE_DELAY_MS = 1_000;

/** The name of a queue with its prefix, if that is not the default. Queues that differ in one of them do not share records. */
export function queueIdOf(prefix: string, name: string): string {
  // A name has no colon, so no prefix looks like the name of another queue.
  return prefix === DEFAULT_PREFIX ? name : `:${encodeURIComponent(prefix)}:${name}`;
}

/** The id of a task for `processOnce`. */
export function taskIdOf(queueId: string, id: string): string {
  return `${queueId}:${id}`;
}

/**
 * Processes the task of a job. The lock of BullMQ says who may end the job; ours says who may do the work, and its fence refuses a late
 * effect. `signal`: aborts when the lock of the job is lost. Never rejects.
 */
export async function processJob<Data, T>(
  parts: ProcessingParts,
  job: Pick<BullmqJob, "id" | "data">,
  signal: AbortSignal,
  routine: QueueRoutine<Data, T>,
): Promise<TaskEnd<T>> {
  const { redlock, client, queueId, options, records, retryDelayMs } = parts;
  const { clock } = client;
  const found = jobDataIn(job);
  if (found === undefined) {
    const error = new TypeError(`the job ${job.id} was not added by enqueue() of a TaskQueue`);
    return { state: "failed", id: job.id ?? "", error: remoteErrorOf(error) };
  }
  const { id, data } = found;
  const delayed = (delayMs: number, error: unknown): TaskEnd<T> => ({
    state: "delayed",
    id,
    delay: Math.ceil(delayMs),
    error: toSafeError(error),
  });
  try {
    const { retainFor, runFor, grace, maxAttempts, onFailure, onCrash, wrap } = options;
    const result = await processTask<T>(
      redlock,
      taskIdOf(queueId, id),
      {
        retainFor,
        runFor,
        grace,
        maxAttempts,
        onFailure,
        onCrash,
        wrap,
        input: inputOf(found),
        records,
        signal,
      },
      (task) => routine(Object.assign(task, { id, data: data as Data })),
    );
    switch (result.outcome) {
      case "done": {
        const { value, replayed, attempt } = result;
        return { state: "done", id, value, replayed, attempt };
      }
      case "failed":
        return { state: "failed", id, error: result.error };
      case "threw":
        if (result.isFinal) return { state: "failed", id, error: remoteErrorOf(result.error) };
        return delayed(retryDelayAfter(retryDelayMs, result.attempt, clock.random()), result.error);
      case "running": {
        // The worker that has the lease lives, or has just died. Then its lease ends by itself.
        const { ttlMs } = client.options;
        const leftMs = Math.min(result.holder?.remaining ?? ttlMs, ttlMs);
        return { state: "delayed", id, delay: Math.ceil(leftMs), error: undefined };
      }
    }
  } catch (error) {
    if (error instanceof IdempotencyMismatchError)
      return { state: "failed", id, error: remoteErrorOf(error) };
    // Nobody knows more than the record, which the next attempt reads.
    return delayed(Math.max(retryDelayMs, OUTAGE_DELAY_MS), toError(error));
  }
}
