import type { Allocation } from "../allocation.ts";

/** The task of a process that counts the bytes that cycles allocate. */
export interface AllocationTask {
  readonly ports: readonly number[];
  readonly contenders: readonly [string];
  readonly callers: number;
  /** Cycles of all callers together. */
  readonly warmUpCycles: number;
  readonly cycles: number;
}

export interface AllocationAnswer {
  /** The median of several measurements, or `undefined` if garbage was collected during all of them. */
  readonly perCycle?: Allocation | undefined;
}
