// Pays 1 into an account for each task of a queue. The task, its effect and its result are one transaction.
import { setTimeout as sleep } from "node:timers/promises";
import * as bullmq from "bullmq";
import { Redis } from "ioredis";
import { IdempotencyMismatchError, type SqlClient, sqlRecords, TaskQueue } from "quorumlock/patterns";
import { openPool } from "../harness/sql.ts";
import { point, runWorker } from "../harness/worker.ts";
import { ACCOUNTS, OTHER_DATA, QUEUE, RECORDS_TABLE, type Task } from "./tables.ts";

const THINK_MS = 2;

interface Payment {
  readonly task: number;
  readonly amount: number;
}

await runWorker<Task>(async ({ task, redlock, sql, databaseUrl, schema, signal }) => {
  const { transport, worker, produces, lockDurationMs } = task;
  const connection = new Redis(task.queueUrl, { maxRetriesPerRequest: null });
  const pool = openPool(databaseUrl, schema, { connections: 3 });
  await { taskQueue: useTaskQueue, list: useList, bullmq: useBullmq }[transport]();
  await pool.end();
  connection.disconnect();

  async function useTaskQueue(): Promise<void> {
    const queue = new TaskQueue<Payment>(redlock, {
      bullmq,
      connection,
      name: QUEUE,
      retryDelay: 50,
      worker: { lockDuration: lockDurationMs, stalledInterval: lockDurationMs },
      records: sqlRecords(pool, { table: RECORDS_TABLE, transaction: true }),
    });
    await produce(async (payment) => {
      try {
        await queue.enqueue(`payment-${payment.task}`, payment);
        return false;
      } catch (error) {
        if (error instanceof IdempotencyMismatchError) return true;
        throw error;
      }
    });
    const work = queue.work(({ data, fence, tx }) => pay(data, tx, fence));
    await ended();
    await work.stop();
    await queue.close();
  }

  /** The mistake: a task that was popped is nowhere else. */
  async function useList(): Promise<void> {
    await produce(async (payment) => {
      await connection.lpush(QUEUE, JSON.stringify(payment));
      return false;
    });
    while (!signal.aborted) {
      const popped = await connection.rpop(QUEUE);
      if (popped === null) await sleep(THINK_MS);
      else await pay(JSON.parse(popped) as Payment, pool);
    }
  }

  /** The other mistake: BullMQ gives a task to a second worker, and the first one goes on. */
  async function useBullmq(): Promise<void> {
    const queue = new bullmq.Queue<Payment>(QUEUE, { connection });
    await produce(async (payment) => {
      await queue.add("payment", payment, { jobId: `payment-${payment.task}` });
      return false;
    });
    const workers = new bullmq.Worker<Payment>(QUEUE, ({ data }) => pay(data, pool), {
      connection,
      lockDuration: lockDurationMs,
      stalledInterval: lockDurationMs,
    });
    workers.on("error", () => undefined);
    await ended();
    await workers.close();
    await queue.close();
  }

  /** @param add returns whether the task was refused, because its id is known with other data. */
  async function produce(add: (payment: Payment) => Promise<boolean>): Promise<void> {
    if (produces === 0) return;
    const numbers = Array.from({ length: produces }, (_, index) => index);
    await Promise.all(numbers.map((number) => add({ task: number, amount: 1 })));
    if (transport === "list") return;
    for (const number of numbers.slice(0, OTHER_DATA)) {
      const isRefused = await add({ task: number, amount: 1_000 });
      await sql.change("INSERT INTO repeats VALUES ($1, $2, $3)", [transport, number, isRefused]);
    }
  }

  async function pay(payment: Payment, database: SqlClient, fence?: number): Promise<void> {
    await sql.change("INSERT INTO starts (transport, task, worker) VALUES ($1, $2, $3)", [
      transport,
      payment.task,
      worker,
    ]);
    point("taken");
    await sleep(THINK_MS);
    await database.query("INSERT INTO effects (transport, task, worker, fence) VALUES ($1, $2, $3, $4)", [
      transport,
      payment.task,
      worker,
      fence ?? null,
    ]);
    await database.query("UPDATE accounts SET balance = balance + $2 WHERE id = $1", [
      payment.task % ACCOUNTS,
      payment.amount,
    ]);
    point("worked");
  }

  function ended(): Promise<void> {
    return new Promise((resolve) => {
      if (signal.aborted) resolve();
      else signal.addEventListener("abort", () => resolve(), { once: true });
    });
  }
});
