import { setTimeout as sleep } from "node:timers/promises";
import type { LockClient } from "../contender.ts";
import { readTask } from "../child-task.ts";
import { machineTime } from "../machine-time.ts";
import { messageOf, withTimeout } from "../with-timeout.ts";
import { connectionsOf } from "./connections.ts";
import { load } from "./load.ts";
import type { Contend, Contended, FromWorker, Hold, ServedCall, ToWorker, WorkerTask } from "./messages.ts";

// One of several processes that compete for a lock. The parent sends it messages, and kills it at the end.

/** A turn ends after this many errors, because a contender that is refused at once would retry without a pause. */
const MAX_ERRORS = 1_000;
/** The time limit for callers that still wait at the end of the turn. */
const END_TIMEOUT_MS = 4_000;

const task = readTask() as WorkerTask;
const { servers, contenders } = connectionsOf(task);
const lockClients = new Map<string, LockClient>();
for (const contender of contenders) {
  lockClients.set(contender.name, await contender.connect(servers, task));
}

process.on("message", (message: ToWorker) => {
  void answer(message).then(send);
});
process.on("disconnect", () => process.exit());
send({ kind: "ready" });

function send(message: FromWorker): void {
  process.send?.(message);
}

function answer(message: ToWorker): Promise<FromWorker> {
  switch (message.kind) {
    case "contend":
      return contend(message);
    case "load":
      return load(lockClientOf(message.contender), message);
    case "hold":
      return hold(message);
  }
}

function lockClientOf(name: string): LockClient {
  const lockClient = lockClients.get(name);
  if (lockClient === undefined) throw new Error(`${name} is not connected in this process`);
  return lockClient;
}

async function contend({ contender, lock, waiters, holdMs, timeMs }: Contend): Promise<Contended> {
  const lockClient = lockClientOf(contender);
  const holdPeriods = Array.from({ length: waiters }, (): ServedCall[] => []);
  const errors: string[] = [];
  const endsAt = machineTime() + timeMs;
  const isOver = (): boolean => machineTime() >= endsAt || errors.length >= MAX_ERRORS;
  const runs = holdPeriods.map(async (own) => {
    while (!isOver()) {
      try {
        const calledAt = machineTime();
        const grant = await lockClient.acquire(lock);
        const startedAt = machineTime();
        if (!isOver()) await sleep(holdMs);
        own.push({ calledAt, startedAt, endedAt: machineTime(), fence: grant.fence });
        await grant.release();
      } catch (error) {
        errors.push(messageOf(error));
      }
    }
  });
  await withTimeout(Promise.all(runs), timeMs + END_TIMEOUT_MS);
  return { kind: "contended", holdPeriods, errors };
}

async function hold({ contender, lock }: Hold): Promise<FromWorker> {
  try {
    await lockClientOf(contender).acquire(lock);
    return { kind: "held", lock };
  } catch (error) {
    return { kind: "held", lock, error: messageOf(error) };
  }
}
