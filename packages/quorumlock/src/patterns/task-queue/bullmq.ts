import { formatValue } from "../../base/check-value.ts";

/** The members of a job of BullMQ that the library uses. */
export interface BullmqJob {
  /** The id of the job. */
  id?: string | undefined;
  /** What the job is about. */
  data: unknown;
  /** Renews the lock of the job. Returns 1 if the token still has it. */
  extendLock(token: string, duration: number): Promise<number>;
  /** Gives the job back until a time, in ms since 1970. */
  moveToDelayed(timestamp: number, token?: string): Promise<void>;
  /** Ends the job. */
  moveToCompleted(value: unknown, token: string, fetchNext?: boolean): Promise<unknown>;
  /** Ends the job with an error. */
  moveToFailed(error: Error, token: string, fetchNext?: boolean): Promise<unknown>;
  /** Where the job is. */
  getState(): Promise<string>;
}

/** The members of a queue of BullMQ that the library uses. */
export interface BullmqQueue {
  /** Adds a job. */
  add(name: string, data: unknown, options?: object): Promise<unknown>;
  /** Reads a job. */
  getJob(id: string): Promise<BullmqJob | undefined>;
  /** Reports errors of the connection. */
  on(event: "error", listener: (error: Error) => void): unknown;
  /** Closes its connections. */
  close(): Promise<void>;
}

/** The members of a worker of BullMQ that the library uses. */
export interface BullmqWorker {
  /** Takes a job, or returns nothing. */
  getNextJob(token: string, options?: { block?: boolean }): Promise<BullmqJob | undefined>;
  /** Gives jobs whose worker has died to others, now and again and again. */
  startStalledCheckTimer(): Promise<void>;
  /** Reports errors of the connection. */
  on(event: "error", listener: (error: Error) => void): unknown;
  /** Reports jobs whose lock is lost. */
  on(event: "lockRenewalFailed", listener: (ids: string[]) => void): unknown;
  /** Waits for the jobs at work, and closes its connections. */
  close(): Promise<void>;
}

/** The members of the module `bullmq`, version 6, that the library uses: pass `await import("bullmq")`. */
export interface BullmqModule {
  /** Holds jobs. */
  readonly Queue: new (name: string, options: never) => unknown;
  /** Takes jobs. */
  readonly Worker: new (name: string, processor: never, options: never) => unknown;
  /** Tells a worker that its job was given back. */
  readonly DelayedError: new (message?: string) => Error;
  /** Tells a worker that its job has failed for good. */
  readonly UnrecoverableError: new (message?: string) => Error;
}

export type BullmqProcessor = (job: BullmqJob, token: string | undefined) => Promise<unknown>;

const CLASSES: readonly (keyof BullmqModule)[] = ["Queue", "Worker", "DelayedError", "UnrecoverableError"];

/** @throws TypeError if it is not the module. */
export function checkBullmq(module: BullmqModule): BullmqModule {
  const members = module as Partial<BullmqModule> | null | undefined;
  const missing = CLASSES.find((name) => typeof members?.[name] !== "function");
  if (missing === undefined) return module;
  throw new TypeError(
    `bullmq: ${formatValue(module)} has no class ${missing}; pass the module, as in \`import * as bullmq from "bullmq"\``,
  );
}

export function openQueue({ Queue }: BullmqModule, name: string, options: object): BullmqQueue {
  return new Queue(name, options as never) as BullmqQueue;
}

/** @param processor `null`: the worker takes jobs only with `getNextJob`. */
export function openWorker(
  { Worker }: BullmqModule,
  name: string,
  processor: BullmqProcessor | null,
  options: object,
): BullmqWorker {
  return new Worker(name, processor as never, options as never) as BullmqWorker;
}
