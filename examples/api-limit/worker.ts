// Callers of the API. At most five calls may be in flight, over all processes.
import { setTimeout as sleep } from "node:timers/promises";
import { Redis } from "ioredis";
import { LockError } from "quorumlock";
import { runCallers } from "../harness/callers.ts";
import { postJson } from "../harness/json-http.ts";
import { point, runWorker } from "../harness/worker.ts";
import { counterKey, LIMIT, type Task } from "./protocol.ts";

const CALLERS = 2;
/** How long a caller of the anti-pattern waits before it counts again. */
const POLL_MS = 10;

/** The API answered, but not with success. */
class CallError extends Error {}

await runWorker<Task>(async ({ task, redlock, signal, prefix, redisUrls }) => {
  const permits = redlock.semaphore("api", { permits: LIMIT });
  const counter = new Redis(redisUrls[0] ?? "");
  const key = counterKey(prefix);
  const work = task.isCounter ? callWithCounter : callWithPermit;
  await runCallers(CALLERS, async () => {
    while (!signal.aborted) {
      try {
        await work();
      } catch (error) {
        if (!(error instanceof CallError || error instanceof LockError)) throw error;
      }
    }
  });
  counter.disconnect();

  /** `using` gives the permit back, whether the call succeeds or throws. */
  async function callWithPermit(): Promise<void> {
    await permits.using({ wait: 60_000, signal }, async (lock) => {
      point("granted");
      // After a long pause the permit belongs to another caller.
      if (lock.isHeld) await callApi();
    });
  }

  /** The mistake: a counter, and no `finally`. */
  async function callWithCounter(): Promise<void> {
    if ((await counter.incr(key)) > LIMIT) {
      await counter.decr(key);
      await sleep(POLL_MS);
      return;
    }
    point("granted");
    await callApi();
    await counter.decr(key);
  }

  async function callApi(): Promise<void> {
    const { status } = await postJson(`${task.apiUrl}/call`, {});
    if (status !== 200) throw new CallError(`the API answered ${status}`);
  }
});
