// Somebody who opens each report while it is made, and waits for it.
import { setTimeout as sleep } from "node:timers/promises";
import { runWorker } from "../harness/worker.ts";
import { Days } from "./days.ts";
import { JOB, type Task } from "./tables.ts";

/** How often the reader looks whether the next report has been begun. That is the load, and no part of the solution. */
const LOOK_MS = 10;
/** The pause if the writer died, and nobody has taken over yet. */
const TAKEOVER_PAUSE_MS = 20;
const WAIT_MS = 60_000;

await runWorker<Task>(async ({ task, redlock, sql, signal }) => {
  const days = await Days.read(sql, task);
  await Promise.all(
    days.all.map(async (day) => {
      while ((await stateOf(day)) === undefined) await sleep(LOOK_MS, undefined, { signal });
      const state = await (task.isCareless ? poll(day) : waitFor(day));
      await sql.change("INSERT INTO reads (day, state) VALUES ($1, $2)", [day, state]);
    }),
  );

  /** Waits for the end of the one who makes the report, and looks. Waiting takes no place in a line, and no lock. */
  async function waitFor(day: number): Promise<string> {
    for (;;) {
      const holder = await redlock.untilFree(`${JOB}@${days.instantOf(day)}`, { wait: WAIT_MS, signal });
      const state = await stateOf(day);
      if (state !== undefined && state !== "running") return state;
      if (holder === undefined) await sleep(TAKEOVER_PAUSE_MS, undefined, { signal });
    }
  }

  /** The mistake: looks now and then, and only for a report, so a failure is never seen. */
  async function poll(day: number): Promise<string> {
    for (;;) {
      const state = await stateOf(day);
      if (state === "done") return state;
      await sleep(task.pollMs, undefined, { signal });
    }
  }

  async function stateOf(day: number): Promise<string | undefined> {
    const [row] = await sql.rows<{ state: string }>("SELECT state FROM reports WHERE day = $1", [day]);
    return row?.state;
  }
});
