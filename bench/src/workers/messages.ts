import type { HoldPeriod } from "../exclusion-checker.ts";

/** The task of a worker process. */
export interface WorkerTask {
  readonly ports: readonly number[];
  /** Names of contenders. */
  readonly contenders: readonly string[];
  readonly ttlMs: number;
  /** As in `ConnectOptions`. */
  readonly permits?: number | undefined;
  readonly countsRounds?: boolean | undefined;
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

/** Callers of one process that do the same. */
export interface CallerGroup {
  /** Callers that call one after another. With `perSecond` there are as many as are needed. */
  readonly callers: number;
  readonly holdMs: number;
  /** The pause of a caller after each release. A caller begins at any moment of its hold and its pause. @default 0: no pause */
  readonly pauseMs?: number | undefined;
  /** How much longer or shorter each hold and pause is, as a share of it, so that callers do not stay in step. @default 0 */
  readonly variation?: number | undefined;
  /** Calls per second at random moments, however long the calls take, each for a new name. @default no such calls */
  readonly perSecond?: number | undefined;
  /** Whether the callers acquire the lock beside others, as readers. @default false */
  readonly shared?: boolean | undefined;
}

/** Put load on one lock. */
export interface Load {
  readonly kind: "load";
  readonly contender: string;
  readonly lock: string;
  readonly groups: readonly CallerGroup[];
  readonly timeMs: number;
}

/** Acquire a lock and do not release it. */
export interface Hold {
  readonly kind: "hold";
  readonly contender: string;
  readonly lock: string;
}

export type ToWorker = Contend | Load | Hold;

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

/** A call that was granted the lock. Times are in milliseconds of the machine's monotonic clock. */
export interface LoadCall {
  readonly calledAt: number;
  readonly grantedAt: number;
  /** When the release began. */
  readonly endedAt: number;
  readonly fence?: number | undefined;
  readonly rounds?: number | undefined;
}

export interface Loaded {
  readonly kind: "loaded";
  /** The calls of each group, in any order. */
  readonly calls: readonly (readonly LoadCall[])[];
  /** Messages of failed acquisitions and releases. */
  readonly errors: readonly string[];
  /** Calls that still waited or held the lock when the worker stopped to wait for them. */
  readonly unfinished: number;
}

interface Held {
  readonly kind: "held";
  readonly lock: string;
  readonly error?: string | undefined;
}

export type FromWorker = Ready | Contended | Loaded | Held;
