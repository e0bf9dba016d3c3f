import type { Access } from "../contest/hold.ts";
import type { WorkerOptions } from "../worker/worker-options.ts";

/** The argument of a worker process, as JSON. */
export interface WorkerTask extends WorkerOptions {
  /** Number of the process. A replacement gets a new number. */
  readonly id: number;
  /** Path of the file to which the workers write their records. */
  readonly journal: string;
}

export interface Assignment {
  /** Ports of the servers, in the same order for every process. */
  readonly ports: readonly number[];
  /** All names that the workers lock begin with it, so that phases do not affect each other. */
  readonly prefix: string;
}

/** What a worker does with the data of a node. */
export interface Write {
  readonly node: string;
  readonly access: Access;
  readonly fence: number;
  /** The lock under which the worker writes: the worker and the `lockId`, such as "4711.0/17". */
  readonly lock: string;
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
