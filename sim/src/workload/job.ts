import { type Lock, LockError } from "quorumlock";
import { lockRecords, type StoredRecord } from "quorumlock/patterns";
import { EPOCH_MS } from "../world/machine-clock.ts";
import type { Step } from "../plan/plan.ts";
import type { WorkerContext } from "./worker.ts";

/** Longer than a history. Its keys must be gone when the notes of sets are. */
const KEEP_MS = 110_000;

/** Does the job of a step once, as its record says, while the caller holds the lock. The lock may be lost meanwhile. */
export async function doJob(
  context: WorkerContext,
  { job: before, readsFirst, names, holdMs }: Step,
  lock: Lock,
): Promise<void> {
  const { checker, program, host, time, client, worker } = context;
  const period = before === undefined ? undefined : checker.records.periodOf(before);
  if (period === undefined) return;
  const job = `${names[0]}@${period.period}`;
  const records = lockRecords(program.redlock);
  const options = { createdAt: EPOCH_MS + period.startedAt, keep: KEEP_MS };
  const { fence } = lock;
  const result = `${client}/${worker} ${fence}`;
  const pause = (): Promise<void> =>
    new Promise((resolve) => void host.schedule(host.clock.after(holdMs / 2), resolve));
  try {
    const early = readsFirst === true ? resultIn(await records.get(job)) : undefined;
    if (early !== undefined) return checker.records.onConfirmed(job, early, "get");
    const startedAt = time.now;
    const { record } = await records.open(job, fence, options);
    const found = resultIn(record);
    if (found !== undefined) return checker.records.onConfirmed(job, found, "open");
    checker.records.onNotDone(job, startedAt);
    await pause();
    await records.put(job, { fence, version: 1, body: "running" }, options);
    await pause();
    await records.put(job, { fence, version: 2, body: result }, options);
    checker.records.onConfirmed(job, result, "put");
  } catch (error) {
    if (!(error instanceof LockError)) checker.report("errors", `a job got ${String(error)}`);
  }
}

/** The result of a job that is done. */
function resultIn(record: StoredRecord | undefined): string | undefined {
  return record === undefined || record.body === "running" ? undefined : record.body;
}
