/** What a worker process is started with, as JSON in its first argument. */
export interface WorkerTask {
  /** Ports of the servers to lock with; none to sell without a lock. */
  readonly ports: readonly number[];
}

/** What a worker says. It says nothing more until it is answered. */
export type FromWorker =
  | { readonly kind: "ready" }
  | { readonly kind: "read"; readonly fence: number | undefined }
  | { readonly kind: "write"; readonly stock: number }
  | { readonly kind: "leave" }
  | { readonly kind: "finished" };

/** The answer to anything a worker says; `stock` to a read. */
export interface ToWorker {
  readonly stock?: number;
}
