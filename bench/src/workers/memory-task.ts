/** The task of a process that holds many locks. */
export interface MemoryTask {
  readonly ports: readonly number[];
  readonly contenders: readonly [string];
  readonly locks: number;
  readonly ttlMs: number;
  /** Either one, because counting timers changes the heap. */
  readonly count: "heap" | "timers";
}

export interface MemoryAnswer {
  /** How many bytes or timers were added while all locks were held. */
  readonly cost: number;
  readonly locks: number;
}
