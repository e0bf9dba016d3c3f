import type { HoldPeriod } from "../exclusion-checker.ts";

/** The task of a worker process. */
export interface WorkerTask {
  readonly ports: readonly number[];
  /** Names of contenders. */
  readonly contenders: readonly string[];
  readonly ttlMs: number;
}

/** Compete for one lock. */
export interface Contend {
  readonly kind: "contend";
  readonly contender: string;
  readonly lock: string;
  readonly waiters: number;
  readonly holdMs: number;
  readonly timeMs: number;
}

/** Acquire a lock and do not release it. */
export interface Hold {
  readonly kind: "hold";
  readonly contender: string;
  readonly lock: string;
}

export type ToWorker = Contend | Hold;

interface Ready {
  readonly kind: "ready";
}

/** A call, and when its caller held the lock. */
export interface ServedCall extends HoldPeriod {
  readonly calledAt: number;
}

export interface Contended {
  readonly kind: "contended";
  /** The hold periods of each waiter, in milliseconds of the machine's monotonic clock. */
  readonly holdPeriods: readonly (readonly ServedCall[])[];
  /** Messages of failed acquisitions and releases. */
  readonly errors: readonly string[];
}

interface Held {
  readonly kind: "held";
  readonly lock: string;
  readonly error?: string | undefined;
}

export type FromWorker = Ready | Contended | Held;
