import { toSafeError } from "../../base/safe-error.ts";
import { clientOf } from "../../client/client-of.ts";
import type { Client } from "../../client/client.ts";
import { checkNumber } from "../../policies/check-number.ts";
import type { Redlock } from "../../redlock.ts";
import { IdempotencyMismatchError, QueueClosedError } from "../errors.ts";
import { EventListeners } from "../event-listeners.ts";
import { checkJobName, checkRoutine } from "../job-lock.ts";
import { jsonOf } from "../json.ts";
import { redisRecords } from "../records/redis-records.ts";
import type { StopOptions } from "../schedule/schedule.ts";
import { atMost } from "../sleep.ts";
import {
  type BullmqJob,
  type BullmqModule,
  type BullmqProcessor,
  type BullmqQueue,
  type BullmqWorker,
  openQueue,
  openWorker,
} from "./bullmq.ts";
import { type JobData, jobDataIn, jobIdOf, isSameData } from "./job-data.ts";
import {
  processJob,
  type ProcessingParts,
  queueIdOf,
  type QueueRoutine,
  taskIdOf,
} from "./job-processing.ts";
import { type ResolvedTaskQueueOptions, resolveTaskQueueOptions, type TaskQueueOptions } from "./options.ts";
import type { TaskEnd, TaskQueueEvents } from "./task-end.ts";

/** What became of a call of `enqueue`. */
export interface Enqueued {
  /**
   * - `queued`: the task is new.
   * - `known`: it waits, is in progress, or has failed for good.
   * - `done`: it is done.
   */
  readonly state: "queued" | "known" | "done";
}

/** Tasks of a queue that this process works on. */
export interface TaskWork {
  /**
   * Takes no other task, waits for those at work, and aborts those that take longer than `wait`: they come again later, and that
   * attempt does not count. A second call joins the first. Never rejects.
   */
  stop(options?: StopOptions): Promise<void>;
}

/**
 * BullMQ gives a job to another worker when its lock has expired, although the first one may only be slow. With its default, a job that
 * stalls twice fails, and the task is lost. A record bounds the attempts of a task, so a job may stall as often as it wants.
 */
const MAX_STALLED_COUNT = 1_000;
/** Only for errors in BullMQ itself. The attempts of a task are counted in its record. */
const JOB_ATTEMPTS = 1_000_000;
const JOB_BACKOFF_MS = 1_000;
const STOP_WAIT_MS = 30_000;

const EVENTS: Readonly<Record<keyof TaskQueueEvents, true>> = {
  "task:done": true,
  "task:failed": true,
  "task:delayed": true,
  problem: true,
};

/**
 * A queue of tasks on BullMQ 6 in which each task has one result, whatever happens to its workers. Each task is one call of `processOnce`:
 * the lock of BullMQ says who may end a job, and a lock on a majority says who may do the work. **An effect outside of a store that
 * compares `task.fence` can happen twice** (docs/patterns.md).
 *
 * <!-- not run: it needs a server for the queue. test/integration/task-queue.test.ts runs one in several processes. -->
 *
 * ```ts
 * import * as bullmq from "bullmq";
 * import { TaskQueue } from "quorumlock/patterns";
 *
 * const queue = new TaskQueue(redlock, { bullmq, connection: "redis://queue:6379", name: "invoices" });
 * await queue.enqueue("invoice-1", { amount: 100 });
 * const work = queue.work(async ({ id, data, fence, signal }) => {
 *   signal.throwIfAborted();
 *   return { id, data, isFenced: fence > 0 };
 * });
 * await work.stop();
 * await queue.close();
 * ```
 */
export class TaskQueue<Data = unknown> implements AsyncDisposable {
  readonly #client: Client;
  readonly #name: string;
  readonly #options: ResolvedTaskQueueOptions;
  readonly #parts: ProcessingParts;
  readonly #bullmq: BullmqModule;
  readonly #connection: unknown;
  readonly #queue: BullmqQueue;
  readonly #listeners = new EventListeners<TaskQueueEvents>(EVENTS);
  readonly #works = new Set<TaskWork>();
  /** The tasks that `processNext` is at work on. */
  readonly #processing = new Map<Promise<unknown>, AbortController>();
  readonly #closeRecords: () => Promise<void>;
  /** The worker of `processNext`. */
  #worker: Promise<BullmqWorker> | undefined;
  #closing: Promise<void> | undefined;

  /** @throws TypeError, RangeError for bad options, with the field and the value. */
  constructor(redlock: Redlock, options: TaskQueueOptions) {
    this.#client = clientOf(redlock);
    this.#options = resolveTaskQueueOptions(options);
    const { bullmq, connection, name } = options;
    this.#bullmq = bullmq;
    this.#connection = typeof connection === "string" ? { url: connection } : connection;
    const { prefix, retryDelayMs } = this.#options;
    const own =
      options.records === undefined
        ? redisRecords(connection, { prefix: `${prefix}-records:`, clock: this.#client.clock })
        : undefined;
    this.#closeRecords = async () => own?.close();
    const records = own ?? options.records!;
    const { keepMs } = this.#options.attempts;
    this.#name = name;
    this.#parts = {
      redlock,
      client: this.#client,
      queueId: queueIdOf(prefix, name),
      options: { ...options, retainFor: keepMs },
      records,
      retryDelayMs,
    };
    this.#queue = openQueue(bullmq, name, { connection: this.#connection, prefix });
    this.#queue.on("error", (error) => this.#report(error));
  }

  /**
   * Puts a task into the queue, unless it is known.
   * @param id of the task: the same for each try to enqueue it.
   * @param data what the task is about: anything JSON.
   * @throws IdempotencyMismatchError if the id is known with other data. TypeError, RangeError for bad arguments.
   * @throws QueueClosedError if the queue is closed. The error of BullMQ if its server could not be reached.
   */
  async enqueue(id: string, data: Data): Promise<Enqueued> {
    this.#checkOpen();
    checkJobName("id", id);
    checkJobName("id", taskIdOf(this.#parts.queueId, id));
    if (data !== undefined) jsonOf("data", data);
    const jobId = jobIdOf(id);
    const added: JobData = { id, data, addedBy: this.#client.clock.randomToken() };
    const age = Math.ceil(this.#options.attempts.keepMs / 1_000);
    await this.#queue.add("task", added, {
      jobId,
      attempts: JOB_ATTEMPTS,
      backoff: { type: "fixed", delay: JOB_BACKOFF_MS },
      removeOnComplete: { age },
      removeOnFail: { age },
    });
    // BullMQ ignores a job whose id is known, and does not say so.
    const job = await this.#queue.getJob(jobId);
    const known = job && jobDataIn(job);
    if (known === undefined || known.addedBy === added.addedBy) return { state: "queued" };
    if (!isSameData(known, added)) throw new IdempotencyMismatchError(id);
    return { state: (await job?.getState()) === "completed" ? "done" : "known" };
  }

  /**
   * Processes one task, if one waits. `undefined` if none does.
   * @param workerId who processes it, for the lock of BullMQ.
   * @throws QueueClosedError if the queue is closed. The error of BullMQ if its server could not be reached.
   */
  async processNext<T>(workerId: string, routine: QueueRoutine<Data, T>): Promise<TaskEnd<T> | undefined> {
    this.#checkOpen();
    checkRoutine("routine", routine);
    checkJobName("workerId", workerId);
    this.#worker ??= this.#openManualWorker();
    const worker = await this.#worker;
    this.#checkOpen();
    const controller = new AbortController();
    const token = `${workerId}:${this.#client.clock.randomToken()}`;
    const processing = this.#processOne(worker, token, controller, routine);
    this.#processing.set(processing, controller);
    try {
      return await processing;
    } finally {
      this.#processing.delete(processing);
    }
  }

  /**
   * Processes tasks as they come, `worker.concurrency` at a time.
   * @throws TypeError if the routine is no function. QueueClosedError if the queue is closed.
   */
  work<T>(routine: QueueRoutine<Data, T>): TaskWork {
    this.#checkOpen();
    checkRoutine("routine", routine);
    // A job that stalls can come back to this worker while its first delivery is still at work.
    const running = new Set<{ readonly jobId: string | undefined; readonly controller: AbortController }>();
    const stopped = new AbortController();
    const processor: BullmqProcessor = async (job, token) => {
      const delivery = { jobId: job.id, controller: new AbortController() };
      running.add(delivery);
      // It was on its way when the others were aborted.
      if (stopped.signal.aborted) delivery.controller.abort(stopped.signal.reason);
      try {
        return await this.#endOfJob(job, token ?? "", delivery.controller.signal, routine);
      } finally {
        running.delete(delivery);
      }
    };
    const worker = this.#openWorker(processor);
    worker.on("lockRenewalFailed", (jobIds) => {
      for (const { jobId = "", controller } of running)
        if (jobIds.includes(jobId)) controller.abort(new Error(`BullMQ lost the lock of ${jobId}`));
    });
    let stopping: Promise<void> | undefined;
    const stop = async (waitMs: number): Promise<void> => {
      const closed = worker.close().catch((error: unknown) => this.#report(error));
      if (!(await atMost(this.#client.clock, waitMs, closed))) {
        stopped.abort(new Error("the worker stops"));
        for (const { controller } of running) controller.abort(stopped.signal.reason);
      }
      await closed;
      this.#works.delete(work);
    };
    const work: TaskWork = {
      stop: ({ wait = STOP_WAIT_MS } = {}) => (stopping ??= stop(checkNumber("wait", wait, 0, Infinity))),
    };
    this.#works.add(work);
    return work;
  }

  /** Calls the listener at every event, until the returned function is called. The events: `TaskQueueEvents`. */
  on<Name extends keyof TaskQueueEvents>(
    event: Name,
    listener: (event: TaskQueueEvents[Name]) => void,
  ): () => void {
    return this.#listeners.on(event, listener);
  }

  /**
   * Stops all work as `stop()` does, and closes the connections that were opened here. A client that you passed stays open. A second call
   * joins the first.
   */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(): Promise<void> {
    await Promise.all([...this.#works].map((work) => work.stop()));
    const processing = Promise.allSettled(this.#processing.keys()).then(() => undefined);
    if (!(await atMost(this.#client.clock, STOP_WAIT_MS, processing)))
      for (const controller of this.#processing.values()) controller.abort(new Error("the queue closes"));
    await processing;
    const worker = await this.#worker;
    await Promise.all([worker?.close(), this.#queue.close(), this.#closeRecords()]);
  }

  async #processOne<T>(
    worker: BullmqWorker,
    token: string,
    controller: AbortController,
    routine: QueueRoutine<Data, T>,
  ): Promise<TaskEnd<T> | undefined> {
    const job = await worker.getNextJob(token, { block: false });
    if (job === undefined) return undefined;
    const stopRenewing = this.#renew(job, token, controller);
    try {
      const end = await this.#process(job, controller.signal, routine);
      await this.#endByHand(job, token, end);
      return end;
    } finally {
      stopRenewing();
    }
  }

  /** For a worker that takes jobs by itself: it ends the job by what this returns or throws. */
  async #endOfJob<T>(
    job: BullmqJob,
    token: string,
    signal: AbortSignal,
    routine: QueueRoutine<Data, T>,
  ): Promise<unknown> {
    const end = await this.#process(job, signal, routine);
    if (end.state === "done") return end.value;
    if (end.state === "failed") throw new this.#bullmq.UnrecoverableError(end.error.message);
    await job.moveToDelayed(this.#wallIn(end.delay), token);
    throw new this.#bullmq.DelayedError();
  }

  async #endByHand(job: BullmqJob, token: string, end: TaskEnd<unknown>): Promise<void> {
    try {
      if (end.state === "done") await job.moveToCompleted(end.value, token, false);
      else if (end.state === "delayed") await job.moveToDelayed(this.#wallIn(end.delay), token);
      else await job.moveToFailed(new this.#bullmq.UnrecoverableError(end.error.message), token, false);
    } catch (error) {
      // BullMQ delivers the job again, and its record says what was done.
      this.#report(error);
    }
  }

  async #process<T>(
    job: BullmqJob,
    signal: AbortSignal,
    routine: QueueRoutine<Data, T>,
  ): Promise<TaskEnd<T>> {
    const end = await processJob(this.#parts, job, signal, routine);
    const { state, ...event } = end;
    this.#listeners.emit(`task:${state}`, event);
    return end;
  }

  /** Renews the lock of a job at half of its time, as a worker of BullMQ does. Returns a function that ends this. */
  #renew(job: BullmqJob, token: string, controller: AbortController): () => void {
    const { lockDurationMs } = this.#options;
    const { clock } = this.#client;
    const renew = async (): Promise<void> => {
      timer = clock.setTimer(lockDurationMs / 2, renewLater, true);
      const extended = await job.extendLock(token, lockDurationMs);
      if (extended !== 1) controller.abort(new Error(`BullMQ lost the lock of ${job.id}`));
    };
    const renewLater = (): void => void renew().catch((error: unknown) => this.#report(error));
    let timer = clock.setTimer(lockDurationMs / 2, renewLater, true);
    return () => timer.cancel();
  }

  #openWorker(processor: BullmqProcessor | null): BullmqWorker {
    const { prefix, concurrency, lockDurationMs, stalledIntervalMs } = this.#options;
    const worker = openWorker(this.#bullmq, this.#name, processor, {
      connection: this.#connection,
      prefix,
      concurrency,
      lockDuration: lockDurationMs,
      stalledInterval: stalledIntervalMs,
      maxStalledCount: MAX_STALLED_COUNT,
      autorun: processor !== null,
    });
    worker.on("error", (error) => this.#report(error));
    return worker;
  }

  async #openManualWorker(): Promise<BullmqWorker> {
    const worker = this.#openWorker(null);
    await worker.startStalledCheckTimer();
    return worker;
  }

  #wallIn(delayMs: number): number {
    return Math.ceil(this.#client.clock.wall() + delayMs);
  }

  #checkOpen(): void {
    if (this.#closing === undefined) return;
    throw new QueueClosedError(this.#name);
  }

  #report(error: unknown): void {
    this.#listeners.emit("problem", { error: toSafeError(error) });
  }
}
