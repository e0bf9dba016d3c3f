/** A worker, as the screen shows it. */
export interface Worker {
  /** "pid 4711", or "worker 3" if the workers are no processes. */
  readonly name: string;
  readonly state: "starting" | "at work" | "killed";
}

/** A server, as the screen shows it. */
export interface Server {
  /** Its address, or "memory-3". */
  readonly name: string;
  /** `undefined` if the server is no process. */
  readonly pid?: number;
  readonly state: "up" | "paused" | "killed";
  /** Stops all answers. Connections stay open. */
  pause(): void;
  /** Ends the server at once. */
  kill(): void;
}

/** The store of the items: one number, which every worker may read and overwrite. */
export interface Store {
  /** Returns the stock, or `undefined` if this read killed the worker. A killed worker gets no answer. */
  read(worker: number, fence: number | undefined): number | undefined;
  write(worker: number, stock: number): void;
  /** The worker does not write after its read. */
  leave(worker: number): void;
}

/** The workers of one sale. */
export interface Workers extends AsyncDisposable {
  readonly all: readonly Worker[];
  /** Ends a worker at once. It does not release its lock. */
  kill(worker: number): void;
  /** Resolves when all workers are ready. Rejects if a worker fails before. */
  ready(): Promise<void>;
  /** Starts the sale. Resolves when no items are left. Rejects if a worker fails. */
  sell(): Promise<void>;
}

/** The servers and workers of the demo: real processes, or in-memory replacements. */
export interface Environment extends AsyncDisposable {
  readonly servers: readonly Server[];
  /** How this environment pauses or kills, as shown on the screen: "SIGSTOP". */
  readonly methods: {
    readonly pauseServer: string;
    readonly killServer: string;
    readonly killWorker: string;
  };
  /** Starts the workers of one sale. If `isLocked`, each has its own lock client on all servers. */
  startWorkers(count: number, isLocked: boolean, store: Store): Workers;
}
