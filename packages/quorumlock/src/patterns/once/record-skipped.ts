import type { Lock } from "../../lockable.ts";
import { type Job, runId, runOptions } from "./job.ts";
import { claimFields, encodeRun, runIn } from "./run-record.ts";

/**
 * Records instants that came due while the run before them was at work, so that a process whose clock is slow does not run them later.
 * An instant that has a record is left alone. A failure changes nothing: then such an instant may run.
 */
export async function recordSkipped(job: Job, lock: Lock, instants: readonly number[]): Promise<void> {
  await Promise.allSettled(
    instants.map(async (scheduledAt) => {
      const id = runId(job.name, scheduledAt);
      const options = runOptions(job, scheduledAt);
      const { record, now } = await job.records.open(id, lock.fence, options);
      const run = runIn(record, scheduledAt);
      if (run !== undefined && run.state !== "withdrawn") return;
      const body = encodeRun({
        scheduledAt,
        state: "skipped",
        attempt: run?.attempt ?? 0,
        ...claimFields(lock),
        startedAt: now,
        finishedAt: now,
        error: undefined,
      });
      await job.records.put(id, { fence: lock.fence, version: 1, body }, options);
    }),
  );
}
