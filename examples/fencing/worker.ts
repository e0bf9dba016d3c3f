// One till. It moves money from its own account to the account of the shop, which both tills share.
import { LockError } from "quorumlock";
import { oneRow, type Query } from "../harness/sql.ts";
import { point, runWorker } from "../harness/worker.ts";
import { PRICE, SHOP, type Task } from "./tables.ts";

/** The database has seen a larger fencing token. */
class LateWriteError extends Error {}

await runWorker<Task>(async ({ task, redlock, sql, signal }) => {
  const { till, isFenced } = task;
  while (!signal.aborted) {
    try {
      await redlock.using(SHOP, { wait: Infinity, signal }, async (lock) => {
        const own = await balanceOf(till);
        const shop = await balanceOf(SHOP);
        if (!lock.isHeld) return;
        // The process can be paused here for any time, and no check before this line helps.
        point("read");
        await sql.transaction(async (tx) => {
          await write(tx, till, own - PRICE, lock.fence);
          await write(tx, SHOP, shop + PRICE, lock.fence);
          await tx.change("INSERT INTO payments (till, fence) VALUES ($1, $2)", [till, lock.fence]);
        });
      });
    } catch (error) {
      // The database or the lock says that another till had the lock meanwhile. The payment was not made.
      if (!(error instanceof LateWriteError || error instanceof LockError)) throw error;
    }
  }

  async function balanceOf(id: string): Promise<number> {
    return (await oneRow<{ balance: number }>(sql, "SELECT balance FROM accounts WHERE id = $1", [id]))
      .balance;
  }

  async function write(tx: Query, id: string, balance: number, fence: number): Promise<void> {
    const predicate = isFenced ? "AND fence <= $3" : "";
    const text = `UPDATE accounts SET balance = $2, fence = $3 WHERE id = $1 ${predicate}`;
    if ((await tx.change(text, [id, balance, fence])) === 0) throw new LateWriteError();
  }
});
