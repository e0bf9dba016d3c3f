import type { Allocation } from "../allocation.ts";

/** The task of a process that counts the bytes that cycles allocate. */
export interface AllocationTask {
  readonly ports: readonly number[];
  readonly contenders: readonly [string];
  /** Numbers of concurrent callers. Each is measured on its own. */
  readonly callers: readonly number[];
  /** Cycles of all callers together. */
  readonly warmUpCycles: number;
  readonly cycles: number;
}

export interface AllocationAnswer {
  /**
   * One entry for each number of callers: the median of several measurements, or `null` if garbage was collected during all of
   * them.
   */
  readonly perCycle: readonly (Allocation | null)[];
}
