import { Redis } from "ioredis";
import { startRedisServers } from "quorumlock/testing";
import { count } from "../harness/numbers.ts";
import type { Scene } from "../harness/scene.ts";
import { oneRow } from "../harness/sql.ts";
import type { Story } from "../harness/story.ts";
import type { StoryProcess } from "../harness/story-process.ts";
import { OTHER_DATA, QUEUE, TABLES, type Task, type Transport } from "./tables.ts";

const TTL_MS = 400;
const LOCK_DURATION_MS = 300;
const TASKS = { short: 40, full: 500 };
/** How many tasks a worker does before its fault. */
const MAX_TASKS_BEFORE = 4;
/** Where the first three workers are killed: before the payment, or behind it. The fourth one is frozen. */
const KILLS = ["taken", "worked", "worked"] as const;

interface Facts {
  readonly tasks: number;
  readonly starts: number;
  readonly once: number;
  readonly lost: number;
  readonly twice: number;
  readonly paid: number;
  /** Known ids that came again with other data. */
  readonly repeats: number;
  readonly refused: number;
}

export const taskQueue: Story<Facts> = {
  name: "task-queue",
  summary: "tasks of a queue, while three workers are killed and one is frozen",
  columns: { ours: "TaskQueue", antiPattern: "RPOP; BullMQ alone" },
  tables: TABLES,
  ttlMs: TTL_MS,

  async run(scene, variant) {
    const tasks = scene.isShort ? TASKS.short : TASKS.full;
    const transports: readonly Transport[] = variant === "ours" ? ["taskQueue"] : ["list", "bullmq"];
    const [server] = await startRedisServers(1, { signal: scene.signal });
    try {
      for (const transport of transports) await runLoad(scene, transport, tasks, server!.url);
    } finally {
      await server!.stop();
    }
    return readFacts(scene, transports, tasks);
  },

  figures: ({ tasks, starts, once, lost, twice, paid, repeats, refused }) => [
    ["tasks", count(tasks)],
    ["  begun, repetitions included", count(starts)],
    ["  with one effect", count(once)],
    ["  lost: without an effect", count(lost)],
    ["  with more than one effect", count(twice)],
    ["units paid, of one for each task", count(paid)],
    ["known ids that came with other data", count(repeats)],
    ["  refused", count(refused)],
  ],

  judge: ({ tasks, once, lost, twice, paid, repeats, refused }) => [
    {
      claim: "each task has one effect",
      holds: once === tasks && twice === 0,
      found: `${count(twice)} have more`,
    },
    { claim: "no task is lost", holds: lost === 0, found: `${count(lost)} tasks` },
    { claim: "one unit is paid for each task", holds: paid === tasks, found: `${count(paid)} units` },
    {
      claim: "other data of a known id is refused",
      holds: repeats === OTHER_DATA && refused === repeats,
      found: `${count(refused)} of ${count(repeats)}`,
    },
  ],

  damage: ({ tasks, lost, twice, repeats, refused }) =>
    `of ${count(tasks)} tasks, half of them each, RPOP lost ${count(lost)}, and BullMQ did ${count(twice)} twice, after two kills behind a payment and after the freeze; ` +
    `${count(repeats - refused)} tasks with other data were ignored.`,
};

async function runLoad(scene: Scene, transport: Transport, tasks: number, queueUrl: string): Promise<void> {
  let workers = 0;
  const start = (produces = 0): StoryProcess => {
    const worker = `${transport}-${(workers += 1)}`;
    const task: Task = { transport, queueUrl, worker, produces, lockDurationMs: LOCK_DURATION_MS };
    return scene.start(worker, import.meta.resolve("./worker.ts"), task);
  };
  const victims = KILLS.map((point, index) => ({ point, process: start(index === 0 ? tasks : 0) }));
  const frozen = start();
  const before = (): number => scene.random.whole(1, MAX_TASKS_BEFORE);
  const replacements: StoryProcess[] = [];
  const killed = victims.map(async ({ point, process }) => {
    await process.reach(point, "kill", before());
    const replacement = start();
    replacements.push(replacement);
    await scene.go([replacement]);
  });
  // After an interruption, nobody waits for these any more.
  for (const each of killed) each.catch(() => undefined);
  const isFrozen = frozen.reach("taken", "stop", before());
  await scene.go([...victims.map(({ process }) => process), frozen]);
  await scene.orFail(isFrozen);
  await scene.pause(2 * TTL_MS);
  if (transport !== "list")
    await scene.until("another worker does the task of the frozen one", () => isDone(scene, frozen.name));
  frozen.resume();
  await scene.inTime("three workers are killed", Promise.all(killed), 60_000);
  // A list does not show whether a task that was taken from it is done. The workers finish the tasks that they have in hand.
  if (transport === "list") await untilEmpty(scene, queueUrl);
  else await scene.until("the tasks are done", async () => (await doneBy(scene, transport)) === tasks);
  await Promise.all([frozen, ...replacements].map((process) => process.stop()));
}

async function untilEmpty(scene: Scene, queueUrl: string): Promise<void> {
  const client = new Redis(queueUrl);
  try {
    await scene.until("the list is empty", async () => (await client.llen(QUEUE)) === 0);
  } finally {
    client.disconnect();
  }
}

/** Whether the last task that a worker has begun has an effect. */
async function isDone({ sql }: Scene, worker: string): Promise<boolean> {
  const { n } = await oneRow<{ n: number }>(
    sql,
    `SELECT count(*) AS n FROM effects WHERE (transport, task) =
      (SELECT transport, task FROM starts WHERE worker = $1 ORDER BY n DESC LIMIT 1)`,
    [worker],
  );
  return n > 0;
}

async function doneBy({ sql }: Scene, transport: Transport): Promise<number> {
  const { n } = await oneRow<{ n: number }>(
    sql,
    "SELECT count(DISTINCT task) AS n FROM effects WHERE transport = $1",
    [transport],
  );
  return n;
}

async function readFacts(
  { sql }: Scene,
  transports: readonly Transport[],
  perTransport: number,
): Promise<Facts> {
  const tasks = perTransport * transports.length;
  const effects = await sql.rows<{ n: number }>("SELECT count(*) AS n FROM effects GROUP BY transport, task");
  const once = effects.filter(({ n }) => n === 1).length;
  const rest = await oneRow<Pick<Facts, "starts" | "paid" | "repeats" | "refused">>(
    sql,
    `SELECT (SELECT count(*) FROM starts) AS starts, (SELECT sum(balance) FROM accounts) AS paid,
      (SELECT count(*) FROM repeats) AS repeats, (SELECT count(*) FROM repeats WHERE is_refused) AS refused`,
  );
  return { tasks, once, lost: tasks - effects.length, twice: effects.length - once, ...rest };
}
