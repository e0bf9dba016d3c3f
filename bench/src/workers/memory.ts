import { createHook } from "node:async_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { contenders } from "../contenders/index.ts";
import type { MemoryAnswer, MemoryTask } from "./memory-task.ts";

// Holds many locks in a process of its own, tells what they cost, and ends.

/** So many are asked for at a time: what is on its way must not be counted. */
const TOGETHER = 250;
const WARM_UP = 500;
/** What came with the last of them has time to go. */
const SETTLE_MS = 300;

const task = JSON.parse(process.argv[2] ?? "") as MemoryTask;
const servers = task.ports.map((port) => ({ port, url: `redis://127.0.0.1:${port}` }));
/** Timers that exist, also those that do not keep the process running. */
const timers = new Set<number>();

const answer = await measure();
process.send?.(answer, () => process.exit());

async function measure(): Promise<MemoryAnswer> {
  const contender = contenders.find(({ name }) => name === task.contender);
  if (contender === undefined) throw new Error(`there is no contender ${task.contender}`);
  if (task.count === "timers") {
    const hook = createHook({
      init: (id, type) => void (type === "Timeout" && timers.add(id)),
      destroy: (id) => void timers.delete(id),
    });
    hook.enable();
  }
  const entrant = await contender.connect(servers, { ttlMs: task.ttlMs });
  for (let index = 0; index < WARM_UP; index++)
    await (await entrant.acquire(`bench:warm-up:${task.count}:${index}`)).release();
  const hold = (name: string): Promise<unknown> => entrant.hold?.(name) ?? entrant.acquire(name);
  const before = await take();
  const held: unknown[] = [];
  while (held.length < task.locks) {
    const missing = Math.min(TOGETHER, task.locks - held.length);
    const from = held.length;
    held.push(
      ...(await Promise.all(
        Array.from({ length: missing }, (_, index) => hold(`bench:held:${task.count}:${from + index}`)),
      )),
    );
  }
  const after = await take();
  return { cost: Math.max(0, after - before), locks: held.length };
}

async function take(): Promise<number> {
  await sleep(SETTLE_MS);
  if (task.count === "timers") return timers.size;
  for (let time = 0; time < 3; time++) globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}
