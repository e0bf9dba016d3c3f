import type { WorkerOptions } from "../worker/worker-options.ts";

/** The argument of a worker process, as JSON. */
export interface WorkerTask extends WorkerOptions {
  /** Number of the process. A replacement gets a new number. */
  readonly id: number;
  /** Path of the file to which the workers write their records. */
  readonly journal: string;
}

/** The resources that the workers lock in one phase. */
export interface Resources {
  /** Each hold takes a few ms. */
  readonly short: readonly string[];
  /** Each hold takes about a ttl, or ends when the holder loses the lock. */
  readonly long: string;
}

export interface Assignment {
  /** Ports of the servers, in the same order for every process. */
  readonly ports: readonly number[];
  readonly resources: Resources;
}

export interface Write {
  readonly resource: string;
  readonly fence: number;
  readonly token: string;
  readonly value: string;
  /** Monotonic, in ms. */
  readonly sentAt: number;
}

/** Messages from the controller to a worker process. */
export type ToWorker =
  | { readonly kind: "work"; readonly assignment: Assignment }
  /** Requests `progressed` when each worker has acquired another lock. */
  | { readonly kind: "report-progress"; readonly round: number }
  /** Requests `work-ended` when all workers have ended their current operation. */
  | { readonly kind: "end-work" }
  /** The store's answer to `write`. */
  | { readonly kind: "write-result"; readonly id: number; readonly isAccepted: boolean };

/** Messages from a worker process to the controller. */
export type FromWorker =
  | { readonly kind: "ready" }
  /** A worker has checked that it holds its lock, and has not written yet. */
  | { readonly kind: "holding"; readonly isLongHold: boolean }
  | { readonly kind: "write"; readonly id: number; readonly write: Write }
  | { readonly kind: "progressed"; readonly round: number }
  | { readonly kind: "work-ended" };
