import { type Allocation, measureAllocation } from "../allocation.ts";
import { answerParent, readTask } from "../child-task.ts";
import { LockNames } from "../lock-names.ts";
import { median } from "../statistics.ts";
import type { AllocationAnswer, AllocationTask } from "./allocation-task.ts";
import { connectionsOf } from "./connections.ts";

// A process that counts the bytes that acquire and release allocate.

const MEASUREMENTS = 3;

const task = readTask() as AllocationTask;
const {
  servers,
  contenders: [contender],
} = connectionsOf(task);
if (contender === undefined) throw new Error("the task names no contender");
const lockClient = await contender.connect(servers);
const names = new LockNames(`bench:allocation:${contender.name}`, "new", 0);

for (const callers of task.callers) await runCycles(callers, task.warmUpCycles);
const perCycle: (Allocation | null)[] = [];
for (const callers of task.callers) perCycle.push(await measure(callers));
answerParent({ perCycle } satisfies AllocationAnswer);

async function measure(callers: number): Promise<Allocation | null> {
  const totals: Allocation[] = [];
  for (let count = 0; count < MEASUREMENTS; count++) {
    // Names are made in advance, because they are not part of the cost of a cycle.
    const upcoming = Array.from({ length: task.cycles }, () => names.next());
    const total = await measureAllocation(() => runCycles(callers, task.cycles, upcoming));
    if (total !== undefined) totals.push(total);
  }
  if (totals.length === 0) return null;
  return {
    heapBytes: median(totals.map(({ heapBytes }) => heapBytes)) / task.cycles,
    bufferBytes: median(totals.map(({ bufferBytes }) => bufferBytes)) / task.cycles,
  };
}

async function runCycles(callers: number, cycles: number, upcoming?: readonly string[]): Promise<void> {
  let started = 0;
  const run = async (): Promise<void> => {
    for (let index = started++; index < cycles; index = started++)
      await (await lockClient.acquire(upcoming?.[index] ?? names.next())).release();
  };
  await Promise.all(Array.from({ length: callers }, run));
}
