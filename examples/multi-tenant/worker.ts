// Callers of one tenant. Each works under a lock of its own, so only the limit of the tenant keeps them apart.
import { setTimeout as sleep } from "node:timers/promises";
import { Redis } from "ioredis";
import { type AcquireOptions, TenantLimitError } from "quorumlock";
import { runCallers } from "../harness/callers.ts";
import { oneRow } from "../harness/sql.ts";
import { runWorker } from "../harness/worker.ts";
import { counterKey, LIMIT, type Task } from "./tables.ts";

/** How long a caller of the anti-pattern waits before it looks at the counter again. */
const POLL_MS = 10;

await runWorker<Task>(async ({ task, redlock, sql, signal, prefix, redisUrls }) => {
  const tenant = redlock.tenant(task.tenant, { maxLocks: LIMIT });
  const counter = new Redis(redisUrls[0] ?? "");
  const key = counterKey(prefix, task.tenant);
  const work = task.isCounter ? workWithCounter : workAsTenant;
  try {
    await runCallers(task.callers, async (caller) => {
      while (!signal.aborted) await work(`job:${process.pid}:${caller}`);
    });
  } finally {
    counter.disconnect();
  }

  /** The place under the limit is part of the lock: both are granted, extended and freed together. */
  async function workAsTenant(name: string): Promise<void> {
    const asked = await now();
    const options: AcquireOptions = { wait: 30_000, signal };
    try {
      await tenant.mutex(name).using(options, () => hold(asked));
    } catch (error) {
      if (!(error instanceof TenantLimitError)) throw error;
    }
  }

  /** The mistake: check the counter, acquire the lock, increment the counter. */
  async function workWithCounter(name: string): Promise<void> {
    const asked = await now();
    while (Number(await counter.get(key)) >= LIMIT) {
      if (signal.aborted) return;
      await sleep(POLL_MS);
    }
    await redlock.using(`${task.tenant}:${name}`, { signal }, async () => {
      await counter.incr(key);
      try {
        await hold(asked);
      } finally {
        await counter.decr(key);
      }
    });
  }

  async function hold(asked: number): Promise<void> {
    const { id } = await oneRow<{ id: number }>(
      sql,
      "INSERT INTO holds (tenant, pid, asked_ms) VALUES ($1, $2, $3) RETURNING id",
      [task.tenant, process.pid, asked],
    );
    await sleep(task.holdMs);
    await sql.change("UPDATE holds SET to_ms = now_ms() WHERE id = $1", [id]);
  }

  async function now(): Promise<number> {
    return (await oneRow<{ now: number }>(sql, "SELECT now_ms() AS now")).now;
  }
});
