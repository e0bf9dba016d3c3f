import { type Job, lastRunOptions } from "./job.ts";
import { type ClaimedRun, type LastRun } from "./run-record.ts";

/** Who writes the end of a run. The worker knows more than the process that finds it dead. */
type Writer = "lost worker" | "successor" | "worker";

const RANKS: readonly Writer[] = ["lost worker", "successor", "worker"];

/**
 * Writes the report of the latest run. Later instants are newer, and of one instant later attempts. It is a report and no record of
 * safety, so a failure changes nothing.
 */
export async function putLastRun(
  job: Job,
  run: ClaimedRun,
  durationMs: number,
  writer: Writer,
): Promise<void> {
  const { scheduledAt, state, startedAt, by, error, attempt } = run;
  const report = { scheduledAt, state, startedAt, durationMs: Math.round(durationMs), by, error };
  // The instant takes the place of the fencing token, because instants may have locks of their own.
  const record = {
    fence: scheduledAt,
    version: attempt * RANKS.length + RANKS.indexOf(writer) + 1,
    body: JSON.stringify(report satisfies Omit<LastRun, "state"> & { readonly state: string }),
  };
  await job.records.put(job.name, record, lastRunOptions(job, scheduledAt)).catch(() => undefined);
}
