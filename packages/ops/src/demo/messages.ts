/** The argument of a worker process, as JSON. */
export interface WorkerTask {
  /** Ports of the lock servers. Empty to sell without a lock. */
  readonly ports: readonly number[];
}

/** A request of a worker process. The process waits for the answer before its next request. */
export type FromWorker =
  | { readonly kind: "ready" }
  | { readonly kind: "read"; readonly fence: number | undefined }
  | { readonly kind: "write"; readonly stock: number }
  | { readonly kind: "leave" }
  | { readonly kind: "finished" };

/** The answer to a request. `stock` is set only for `read`. */
export interface ToWorker {
  readonly stock?: number;
}
