// A process that works on the tasks of a queue, until its parent says that it shall stop. Each task writes a row for its start and one for its
// effect. argv: the settings as JSON.
import * as bullmq from "bullmq";
import { Redis } from "ioredis";
import pg from "pg";
import { Redlock } from "../../src/index.ts";
import { sqlRecords, TaskQueue } from "../../src/patterns/index.ts";
import { FRESH } from "./fresh.ts";

export interface QueueProcessSettings {
  readonly ports: readonly number[];
  readonly queuePort: number;
  readonly databaseUrl: string;
  readonly name: string;
  readonly ttl: number;
  readonly lockDuration: number;
  /** The table of records whose effects are in one transaction with the result. Without it, the effect compares the fencing token. */
  readonly table?: string;
  /** In the middle of this task, counted from 1, the process kills or stops itself. */
  readonly failsAt?: number;
  readonly signal?: "SIGKILL" | "SIGSTOP";
}

const settings = JSON.parse(process.argv[2] ?? "{}") as QueueProcessSettings;
const { name, ttl, lockDuration, table } = settings;
const clients = settings.ports.map((port) => new Redis(port));
const redlock = new Redlock(clients, { ...FRESH, requestTimeout: 10_000, ttl });
const connection = new Redis(settings.queuePort, { maxRetriesPerRequest: null });
const pool = new pg.Pool({ connectionString: settings.databaseUrl, max: 3 });
const queue = new TaskQueue(redlock, {
  bullmq,
  connection,
  name,
  retryDelay: 10,
  // Workers of one queue share the checks for dead ones: the one that checks last says how long the next check waits.
  worker: { lockDuration, stalledInterval: 500 },
  ...(table !== undefined && { records: sqlRecords(pool, { table, transaction: true, timeout: 60_000 }) }),
});
queue.on("task:delayed", ({ id, error }) => process.send?.({ event: "delayed", id, error: error?.name }));
queue.on("task:done", ({ id, replayed }) => process.send?.({ event: "done", id, replayed }));
let tasks = 0;

const work = queue.work(async (task) => {
  const { id, fence, attempt } = task;
  tasks += 1;
  await pool.query("insert into starts (task, attempt, fence) values ($1, $2, $3)", [id, attempt, fence]);
  if (tasks === settings.failsAt) process.kill(process.pid, settings.signal ?? "SIGKILL");
  if (table !== undefined) {
    await task.tx.query("insert into effects (task, fence) values ($1, $2)", [id, fence]);
    return;
  }
  const { rows } = await pool.query(
    "update accounts set balance = balance + 1, fence = $2 where task = $1 and fence < $2 returning task",
    [id, fence],
  );
  process.send?.({ event: "written", id, rows: rows.length });
});

process.send?.({ event: "ready" });
await new Promise<void>((resolve) => process.once("message", () => resolve()));
await work.stop();
await queue.close();
await pool.end();
await redlock.close();
for (const client of [...clients, connection]) client.disconnect();
process.disconnect?.();
