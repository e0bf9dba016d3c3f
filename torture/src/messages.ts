import type { WorkerOptions } from "./worker/options.ts";

/** What a worker process is started with, as JSON in its first argument. */
export interface WorkerTask extends WorkerOptions {
  /** Names the worker; two that follow each other have different numbers. */
  readonly id: number;
  /** Where it writes down what it does. */
  readonly journal: string;
}

/** The lock's resources in one phase. */
export interface Resources {
  /** Held for some ms at a time. */
  readonly brisk: readonly string[];
  /** Held for longer than a ttl, or until it is lost. */
  readonly long: string;
}

export interface Assignment {
  /** The ports of the servers, in the order of the members. */
  readonly ports: readonly number[];
  readonly resources: Resources;
}

export interface Write {
  readonly resource: string;
  readonly fence: number;
  readonly token: string;
  readonly value: string;
  /** When it was sent, monotonic, in ms. */
  readonly sentAt: number;
}

export type ToWorker =
  | { readonly kind: "work"; readonly assignment: Assignment }
  /** To be answered with `proved` once each hand has acquired another lock. */
  | { readonly kind: "prove"; readonly round: number }
  /** To be answered with `resting` once nothing is under way any more. */
  | { readonly kind: "rest" }
  | { readonly kind: "stored"; readonly id: number; readonly accepted: boolean };

export type FromWorker =
  | { readonly kind: "ready" }
  /** It has just seen that it holds a lock, and will write once it has worked: a moment, or about a ttl. */
  | { readonly kind: "checked"; readonly lingers: boolean }
  | { readonly kind: "write"; readonly id: number; readonly write: Write }
  | { readonly kind: "proved"; readonly round: number }
  | { readonly kind: "resting" };
