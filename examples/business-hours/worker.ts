// Callers that want to run a job, one at a time over all processes, and only in business hours.
import { setTimeout as sleep } from "node:timers/promises";
import { type Lock, LockError, type Subscribe, when } from "quorumlock";
import { runCallers } from "../harness/callers.ts";
import { oneRow } from "../harness/sql.ts";
import { point, runWorker } from "../harness/worker.ts";
import { DAY, JOB_HOURS, LAST_START_HOURS, type Task, WAIT_HOURS } from "./tables.ts";

const CALLERS = 4;
/** How long the anti-pattern sleeps between two looks at the condition, in hours. */
const POLL_HOURS = 0.1;

await runWorker<Task>(async ({ task, redlock, sql, signal, clock }) => {
  const { hourMs } = task;
  const { started } = await oneRow<{ started: number }>(sql, "SELECT started_ms AS started FROM day");
  const hour = (): number => DAY.start + (clock.wall() - started) / hourMs;
  /** Whether a job that begins now has ended at closing time. */
  const isOpen = (): boolean => hour() >= DAY.open && hour() <= DAY.close - LAST_START_HOURS;

  /** Notifies at the opening time. */
  const changed: Subscribe = (notify) => {
    const timer = setTimeout(notify, Math.max(0, (DAY.open - hour()) * hourMs) + 1);
    return () => clearTimeout(timer);
  };
  const batch = redlock.mutex("batch");
  const batchInHours = when(batch, isOpen, { changed });
  const wait = WAIT_HOURS * hourMs;

  await runCallers(CALLERS, async () => {
    while (hour() < DAY.end && !signal.aborted) {
      const { id } = await oneRow<{ id: number }>(
        sql,
        "INSERT INTO requests (pid) VALUES ($1) RETURNING id",
        [process.pid],
      );
      let outcome = "done";
      try {
        if (task.isCheckedOnce) outcome = await checkThenWait();
        else await batchInHours.using({ wait, signal }, runJob);
      } catch (error) {
        if (!(error instanceof LockError)) throw error;
        outcome = error.code;
      }
      await sql.change("UPDATE requests SET outcome = $2 WHERE id = $1", [id, outcome]);
    }
  });

  /** The mistake: the condition holds when the wait begins, and nobody looks again when it ends. */
  async function checkThenWait(): Promise<string> {
    while (!isOpen() && hour() < DAY.end) await sleep(POLL_HOURS * hourMs);
    if (hour() >= DAY.end) return "gave up";
    await batch.using({ wait, signal }, runJob);
    return "done";
  }

  async function runJob(lock: Lock): Promise<void> {
    point("holds");
    if (!lock.isHeld) return;
    await sql.change("INSERT INTO work (pid) VALUES ($1)", [process.pid]);
    await sleep(JOB_HOURS * hourMs);
  }
});
