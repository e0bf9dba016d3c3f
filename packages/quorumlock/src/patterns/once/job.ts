import type { Client } from "../../client/client.ts";
import type { Lockable } from "../../lockable.ts";
import { MAX_FENCE } from "../../operations/limits.ts";
import type { OpenOptions, RecordStore } from "../records/record-store.ts";
import type { Instant, RunLimits } from "./options.ts";

/** One call: which job, which instant, and where its lock and its records are. */
export interface Job {
  readonly client: Client;
  /** The name of the job. */
  readonly name: string;
  /** Excludes other runs: of the whole job, or of this instant only. */
  readonly lockable: Lockable;
  readonly records: RecordStore;
  readonly instant: Instant;
  readonly limits: RunLimits;
  readonly signal: AbortSignal | undefined;
  /**
   * Called after the routine, before the lock is released: the instants that have come due meanwhile, by the clock of the store. They are
   * recorded as skipped.
   */
  readonly overrun?: ((startedAt: number, now: number) => readonly number[]) | undefined;
}

/** The allowance for the times of servers, of which the median is taken. */
const CLOCK_ALLOWANCE_MS = 2_000;
/** How long the latest run of a job is remembered. */
const LAST_RUN_KEEP_MS = 35 * 24 * 3_600_000;

/** The ids of the records of a job. */
export function runId(name: string, scheduledAt: number): string {
  return `${name}@${scheduledAt}`;
}

export function holdId(name: string): string {
  return `${name}:hold`;
}

/** No claim of an instant is made earlier than this, so its record is not older. */
function earliestClaim({ instant, limits }: Job, scheduledAt: number): number {
  const skewMs = "everyMs" in instant ? 0 : limits.maxSkewMs;
  return Math.max(0, scheduledAt - skewMs - CLOCK_ALLOWANCE_MS);
}

export function runOptions(job: Job, scheduledAt: number): OpenOptions {
  return { createdAt: earliestClaim(job, scheduledAt), keep: job.limits.keepForMs };
}

export function lastRunOptions(job: Job, scheduledAt: number): OpenOptions {
  return { createdAt: earliestClaim(job, scheduledAt), keep: LAST_RUN_KEEP_MS };
}

/**
 * A server that has forgotten the hold may be asked all the same: then two runs can come closer, and nothing worse. So no clock of a
 * process plays a part.
 */
export function holdOptions({ limits }: Job): OpenOptions {
  return { createdAt: MAX_FENCE, keep: Math.max(1_000, limits.atLeastForMs) };
}
