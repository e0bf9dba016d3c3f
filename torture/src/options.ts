import type { FaultKind } from "./faults/phases.ts";

/** The options of one run. */
export interface TortureOptions {
  readonly servers: 3 | 5;
  /** Number of worker processes. */
  readonly processes: number;
  /** Length of all phases together, in seconds. */
  readonly seconds: number;
  /** The kinds of fault to inject. */
  readonly faults: readonly FaultKind[];
  /** Whether the run has a phase with several kinds of fault at once. */
  readonly mixed: boolean;
  readonly seed: number;
  /** Whether a server that restarted without its data abstains for a while. */
  readonly restartGuard: boolean;
}

/** The ttl of every lock, in ms. It is short, so that many locks expire within a run. */
export const TTL_MS = 800;

/**
 * How long a server that was flushed abstains at most, in ms, if the others answer: the window of the restart guard, and
 * the time to recover the fencing counters.
 */
export const FLUSH_ABSTENTION_MS = TTL_MS + 500;

/**
 * How long a server that restarted with less data abstains at most, in ms, if the others answer. Servers report their
 * uptime in whole seconds, so this is 1 s more. The rest is for clients that connect late.
 */
export const RESTART_ABSTENTION_MS = TTL_MS + 2_000;

export const WORKERS_PER_PROCESS = 3;

/**
 * How long a worker without faults may take to acquire its next lock, in ms. The limit is far above the usual time,
 * because the machine may be busy: it finds workers that wait for ever.
 */
export const STUCK_AFTER_MS = 15_000;
