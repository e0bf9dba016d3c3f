import { setTimeout as sleep } from "node:timers/promises";
import { point, type Worker } from "../harness/worker.ts";
import type { Days } from "./days.ts";
import { growthWithoutZero, makeReport } from "./report.ts";
import { JOB, type Task } from "./tables.ts";

/** The mistake: a lock for each day that is released when the report is done. A server whose clock is later finds it free. */
export async function runCareless({ task, redlock, sql, clock }: Worker<Task>, days: Days): Promise<void> {
  const runs: Promise<void>[] = [];
  for (const day of days.all) {
    const leftMs = days.instantOf(day) - clock.wall();
    // A server that starts later does not look back.
    if (leftMs < 0) continue;
    await sleep(leftMs);
    runs.push(runDay(day));
  }
  await Promise.all(runs);

  async function runDay(day: number): Promise<void> {
    const lock = await redlock.tryAcquire(`${JOB}:${day}`);
    if (lock === null) return;
    try {
      await write(day, "running", null, null);
      const onHalf = (): void => point("half");
      const report = await makeReport(sql, day, {
        reportMs: task.reportMs,
        growth: growthWithoutZero,
        onHalf,
      });
      await write(day, "done", JSON.stringify(report), null);
      await sql.change("INSERT INTO notices (day) VALUES ($1)", [day]);
    } catch (error) {
      await write(day, "failed", null, String(error));
    } finally {
      await lock.release();
    }
  }

  async function write(day: number, state: string, body: string | null, error: string | null): Promise<void> {
    await sql.change(
      `INSERT INTO reports VALUES ($1, $2, $3, $4, 0)
       ON CONFLICT (day) DO UPDATE SET state = $2, body = $3, error = $4`,
      [day, state, body, error],
    );
  }
}
