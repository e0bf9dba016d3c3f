// The batch, or a process with interactive requests. Both need the same lock.
import { setTimeout as sleep } from "node:timers/promises";
import { LockError } from "quorumlock";
import { oneRow, type Query } from "../harness/sql.ts";
import { point, runWorker } from "../harness/worker.ts";
import { CHUNK, ITEM_MS, LOCK, LONG_TTL_MS, type Task } from "./tables.ts";

/** How long an interactive request holds the lock, and the pause between two requests. */
const REQUEST_MS = 2;
const REQUEST_PAUSE_MS = 40;
/** The pause between two chunks, in which others get the lock even if their turn was passed over. */
const CHUNK_PAUSE_MS = 50;
/** How many parts of a chunk there are, so that a kill hits the middle of it. */
const PARTS = 4;

await runWorker<Task>(async ({ task, redlock, sql, signal }) => {
  // Interactive requests come before the next chunk.
  const forBatch = redlock.fair(LOCK);
  const forRequests = redlock.fair(LOCK, { priority: 100 });
  if (task.role === "interactive") await makeRequests();
  else if (task.isOneLock) await runUnderOneLock();
  else await runInChunks();

  /** A lock for each chunk. The items and the cursor change in one transaction. */
  async function runInChunks(): Promise<void> {
    let hasMore = true;
    while (hasMore && !signal.aborted) {
      try {
        hasMore = await forBatch.using({ wait: Infinity, signal }, (lock) =>
          sql.transaction(async (tx) => {
            const first = await nextItem(tx);
            if (first === undefined) return false;
            await workOn(tx, first, lock.fence);
            // A batch that was believed dead can still be alive. Its token is smaller, so it changes no row.
            const moved = await tx.change(
              "UPDATE cursor SET next = $2, fence = $3 WHERE next = $1 AND fence <= $3",
              [first, first + CHUNK, lock.fence],
            );
            if (moved === 0) throw new Error("another batch has moved the cursor");
            return true;
          }),
        );
      } catch (error) {
        if (!(error instanceof LockError)) throw error;
      }
      await sleep(CHUNK_PAUSE_MS);
    }
  }

  /** The mistake: one lock for everything, with a ttl that is long enough for everything. */
  async function runUnderOneLock(): Promise<void> {
    const lock = await forBatch.acquire({ ttl: LONG_TTL_MS, wait: Infinity, autoExtend: false, signal });
    try {
      for (let first = await nextItem(sql); first !== undefined; first = await nextItem(sql)) {
        await workOn(sql, first, lock.fence);
        await sql.change("UPDATE cursor SET next = $1", [first + CHUNK]);
      }
    } finally {
      await lock.release();
    }
  }

  async function nextItem(query: Query): Promise<number | undefined> {
    const { next, total } = await oneRow<{ next: number; total: number }>(
      query,
      "SELECT next, (SELECT count(*) FROM items) AS total FROM cursor",
    );
    return next < total ? next : undefined;
  }

  async function workOn(query: Query, first: number, fence: number): Promise<void> {
    await query.change("INSERT INTO chunks VALUES ($1, now_ms()) ON CONFLICT DO NOTHING", [first]);
    for (let part = 0; part < PARTS; part += 1) {
      await sleep((CHUNK / PARTS) * ITEM_MS);
      const from = first + (part * CHUNK) / PARTS;
      await query.change("UPDATE items SET times = times + 1, fence = $3 WHERE id >= $1 AND id < $2", [
        from,
        from + CHUNK / PARTS,
        fence,
      ]);
      if (part === PARTS / 2) point("in chunk");
    }
    await query.change("UPDATE chunks SET to_ms = now_ms() WHERE first = $1", [first]);
  }

  async function makeRequests(): Promise<void> {
    while (!signal.aborted) {
      const { id } = await oneRow<{ id: number }>(sql, "INSERT INTO requests DEFAULT VALUES RETURNING id");
      await forRequests.using({ wait: Infinity, signal }, async () => {
        await sql.change("UPDATE requests SET got_ms = now_ms() WHERE id = $1", [id]);
        await sleep(REQUEST_MS);
      });
      await sleep(REQUEST_PAUSE_MS);
    }
  }
});
