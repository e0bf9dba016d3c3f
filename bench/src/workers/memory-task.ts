/** What the process that holds many locks is started with, as JSON in its argument. */
export interface MemoryTask {
  readonly ports: readonly number[];
  readonly contender: string;
  readonly locks: number;
  readonly ttlMs: number;
  /** Counting timers changes what is on the heap: one of them at a time. */
  readonly count: "heap" | "timers";
}

export interface MemoryAnswer {
  /** Bytes or timers that there are more of with all locks held. */
  readonly cost: number;
  readonly locks: number;
}
