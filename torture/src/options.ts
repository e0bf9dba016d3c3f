import type { FaultKind } from "./faults/kinds.ts";

/** What a run is made of. */
export interface TortureOptions {
  readonly servers: 3 | 5;
  readonly processes: number;
  /** For the faults of all phases together. */
  readonly seconds: number;
  /** Which kinds of faults. */
  readonly faults: readonly FaultKind[];
  /** Whether there is a phase with several kinds at once. */
  readonly mixed: boolean;
  readonly seed: number;
  /** Whether members that restarted without their memory abstain. */
  readonly restartGuard: boolean;
}

/** The time to live of every lock, in ms: short, so that many of them end within a run. */
export const TTL_MS = 800;

/** How many locks each worker process works for at a time. */
export const HANDS = 2;

/**
 * How long every hand of every worker may take to acquire another lock when no fault is left, in ms. Far above what it
 * takes, since the machine may be busy: it tells who waits for ever.
 */
export const STUCK_AFTER_MS = 15_000;
