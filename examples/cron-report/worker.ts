// One of four servers that all have the same job in their schedule: the report of each day, and a notice about it.
import { LockLostError } from "quorumlock";
import { type Run, schedule, type Schedule } from "quorumlock/patterns";
import { oneRow } from "../harness/sql.ts";
import { point, runWorker } from "../harness/worker.ts";
import { runCareless } from "./careless.ts";
import { Days } from "./days.ts";
import { growthOf, makeReport } from "./report.ts";
import { JOB, type Task } from "./tables.ts";

/** A report may be begun again if the process that made it died. */
const ATTEMPTS = 3;

await runWorker<Task>(async (worker) => {
  const { task, redlock, sql } = worker;
  const days = await Days.read(sql, task);
  if (task.isCareless) return runCareless(worker, days);

  const job = schedule(redlock, JOB, days, { attempts: ATTEMPTS, overlap: "allow" }, runReport);
  await allHandled(job, days);
  await job.stop();

  async function runReport({ scheduledAt, fence, signal }: Run): Promise<void> {
    const day = days.dayOf(scheduledAt);
    if (!(await begin(day, fence))) return;
    try {
      const onHalf = (): void => point("half");
      const report = await makeReport(sql, day, { reportMs: task.reportMs, growth: growthOf, onHalf });
      await finish(day, fence, JSON.stringify(report));
    } catch (error) {
      // After a lost lock another process tries again, so the report has not failed.
      if (!signal.aborted && !(error instanceof LockLostError)) await fail(day, fence, String(error));
      throw error;
    }
  }

  /** Returns whether the report must be made. A process that died may have stored it, and not recorded that its run has ended. */
  async function begin(day: number, fence: number): Promise<boolean> {
    const begun = await sql.change(
      `INSERT INTO reports (day, state, fence) VALUES ($1, 'running', $2)
       ON CONFLICT (day) DO UPDATE SET fence = $2 WHERE reports.fence < $2 AND reports.state = 'running'`,
      [day, fence],
    );
    if (begun === 1) return true;
    const { state } = await oneRow<{ state: string }>(sql, "SELECT state FROM reports WHERE day = $1", [day]);
    if (state === "running") throw new LockLostError([JOB], "a later holder makes the report");
    return false;
  }

  /** The report and its notice, or neither. */
  async function finish(day: number, fence: number, body: string): Promise<void> {
    await sql.transaction(async (tx) => {
      const changed = await tx.change(
        "UPDATE reports SET state = 'done', body = $3 WHERE day = $1 AND fence = $2 AND state = 'running'",
        [day, fence, body],
      );
      if (changed === 0) throw new LockLostError([JOB], "a later holder makes the report");
      await tx.change("INSERT INTO notices (day) VALUES ($1)", [day]);
    });
  }

  /** The failure marker: readers need not wait any longer. */
  async function fail(day: number, fence: number, error: string): Promise<void> {
    await sql.change(
      "UPDATE reports SET state = 'failed', error = $3 WHERE day = $1 AND fence = $2 AND state = 'running'",
      [day, fence, error],
    );
  }
});

/** Resolves when each day from now on has ended for this process: it ran here, or another process has run it. */
function allHandled(job: Schedule, days: Days): Promise<void> {
  const firstMs = job.next() ?? Infinity;
  const open = new Set(days.all.map((day) => days.instantOf(day)).filter((instant) => instant >= firstMs));
  return new Promise((resolve) => {
    const onEnd = ({ scheduledAt }: { readonly scheduledAt: number }): void => {
      open.delete(scheduledAt);
      if (open.size === 0) resolve();
    };
    for (const event of ["succeeded", "failed", "skipped"] as const) job.on(`schedule:run:${event}`, onEnd);
    if (open.size === 0) resolve();
  });
}
