import { createHook } from "node:async_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { answerParent, readTask } from "../child-task.ts";
import { collectGarbage } from "../allocation.ts";
import type { MemoryAnswer, MemoryTask } from "./memory-task.ts";
import { connectionsOf } from "./connections.ts";

// A process that holds many locks and reports what they cost.

/** Acquisitions in flight. */
const BATCH = 250;
const WARM_UP_CYCLES = 500;
/** Objects of the last acquisitions become garbage during this pause. */
const SETTLE_MS = 300;

const task = readTask() as MemoryTask;
/** The ids of all timers, also of timers that do not keep the process running. */
const timers = new Set<number>();

answerParent(await measure());

async function measure(): Promise<MemoryAnswer> {
  const {
    servers,
    contenders: [contender],
  } = connectionsOf(task);
  if (contender === undefined) throw new Error("the task names no contender");
  if (task.count === "timers") {
    const hook = createHook({
      init: (id, type) => void (type === "Timeout" && timers.add(id)),
      destroy: (id) => void timers.delete(id),
    });
    hook.enable();
  }
  const lockClient = await contender.connect(servers, { ttlMs: task.ttlMs });
  for (let index = 0; index < WARM_UP_CYCLES; index++)
    await (await lockClient.acquire(`bench:warm-up:${task.count}:${index}`)).release();
  const hold = (name: string): Promise<unknown> => lockClient.hold?.(name) ?? lockClient.acquire(name);
  const before = await readCost();
  const held: unknown[] = [];
  while (held.length < task.locks) {
    const count = Math.min(BATCH, task.locks - held.length);
    const from = held.length;
    const names = Array.from({ length: count }, (_, index) => `bench:held:${task.count}:${from + index}`);
    held.push(...(await Promise.all(names.map(hold))));
  }
  const after = await readCost();
  return { cost: Math.max(0, after - before), locks: held.length };
}

async function readCost(): Promise<number> {
  await sleep(SETTLE_MS);
  if (task.count === "timers") return timers.size;
  for (let time = 0; time < 3; time++) collectGarbage();
  return process.memoryUsage().heapUsed;
}
