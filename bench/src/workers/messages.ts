import type { Tenure } from "../referee.ts";

/** What a worker process is started with, as JSON in its argument. */
export interface WorkerTask {
  readonly ports: readonly number[];
  /** Names of contenders. */
  readonly contenders: readonly string[];
  readonly ttlMs: number;
}

/** Contend for one lock. */
export interface Contend {
  readonly kind: "contend";
  readonly contender: string;
  readonly lock: string;
  readonly waiters: number;
  readonly holdMs: number;
  readonly timeMs: number;
}

/** Acquire a lock and keep it. */
export interface Hold {
  readonly kind: "hold";
  readonly contender: string;
  readonly lock: string;
}

export type ToWorker = Contend | Hold;

interface Ready {
  readonly kind: "ready";
}

export interface Contended {
  readonly kind: "contended";
  /** The tenures of each waiter, in milliseconds of the machine's monotonic clock. */
  readonly tenures: readonly (readonly Tenure[])[];
  /** Why acquisitions and releases failed, one entry each. */
  readonly errors: readonly string[];
}

interface Held {
  readonly kind: "held";
  readonly lock: string;
  readonly error?: string | undefined;
}

export type FromWorker = Ready | Contended | Held;
