/** What is to be seen of a worker. */
export interface Worker {
  /** For people: "pid 4711", or "worker 3" where there are no processes. */
  readonly name: string;
  readonly state: "starting" | "at work" | "killed";
}

/** What is to be seen of a server. */
export interface Server {
  /** For people: its address, or "memory-3". */
  readonly name: string;
  /** Of its process, if it has one. */
  readonly pid?: number;
  readonly state: "up" | "paused" | "killed";
  /** Makes it hang: connections stay open, nothing is answered. */
  pause(): void;
  /** Ends it without any goodbye. */
  kill(): void;
}

/** Where workers do their business: what they read and write. */
export interface Counter {
  /** @returns the stock; `undefined` where the worker was killed over it and gets no answer any more. */
  read(worker: number, fence: number | undefined): number | undefined;
  write(worker: number, stock: number): void;
  leave(worker: number): void;
}

/** The workers of one sale. */
export interface Crew extends AsyncDisposable {
  readonly workers: readonly Worker[];
  /** Ends a worker at once, wherever it is, with its lock not released. */
  kill(worker: number): void;
  /** Resolves when all of them can begin; rejects when one of them fails before. */
  ready(): Promise<void>;
  /** Lets them sell. Resolves when all that live found nothing left to sell; rejects when one of them fails. */
  sell(): Promise<void>;
}

/** What a sale is played on: servers and workers that are processes, or stand-ins in memory. */
export interface Stage extends AsyncDisposable {
  readonly servers: readonly Server[];
  /** By what servers and workers fail here, for people. */
  readonly words: { readonly pause: string; readonly killServer: string; readonly killWorker: string };
  /** Brings workers; with `locked` each has a lock client of its own on all servers. */
  hire(workers: number, locked: boolean, counter: Counter): Crew;
}
