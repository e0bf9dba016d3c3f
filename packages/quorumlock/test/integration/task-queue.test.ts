import type { ChildProcess } from "node:child_process";
import { once as event } from "node:events";
import * as bullmq from "bullmq";
import { Redis } from "ioredis";
import { afterEach, beforeAll, expect, test } from "vitest";
import { Redlock } from "../../src/index.ts";
import { sqlRecords, TaskQueue } from "../../src/patterns/index.ts";
import { bundledProgram } from "../support/bundled-program.ts";
import { FRESH } from "../support/fresh.ts";
import { testPostgres } from "../support/postgres.ts";
import type { QueueProcessSettings } from "../support/queue-process.ts";
import { ports, testServers } from "../support/server-access.ts";
import { stateOf } from "../support/test-processes.ts";
import { patiently } from "../support/timing.ts";

// Workers that are killed and stopped in the middle of a task, on real servers. The judge is a database.

/** The ttl and BullMQ's lock of a worker that is stopped in its first task. Both end meanwhile, and nothing before that needs them. */
const STOPPED = { ttl: 1_000, lockDuration: 1_500 } as const;
/** Of a worker that is killed after some tasks: longer than a pause of the machine, and over within the test. */
const KILLED = { ttl: 6_000, lockDuration: 6_000 } as const;
/** Of all other workers: longer than any pause of the machine. */
const LONG = { ttl: 60_000, lockDuration: 60_000 } as const;
const LIMIT_MS = 150_000;
const servers = await testServers(3);
const [queueServer] = await testServers(1);
const { pool, url, newTable } = await testPostgres();
const startProcess = await bundledProgram(new URL("../support/queue-process.ts", import.meta.url));
let children: Worker[] = [];

interface Message {
  readonly event: "ready" | "delayed" | "done" | "written";
  readonly id?: string;
  readonly rows?: number;
  readonly error?: string;
  readonly replayed?: boolean;
}

interface Worker {
  readonly child: ChildProcess;
  readonly messages: Message[];
  readonly exited: Promise<unknown[]>;
}

beforeAll(() =>
  pool.query(`
    create table starts (id bigserial primary key, task text, attempt integer, fence bigint);
    create table effects (id bigserial primary key, task text, fence bigint);
    create table accounts (task text primary key, balance integer not null default 0, fence bigint not null default 0)`),
);
afterEach(() => {
  for (const { child } of children)
    if (child.exitCode === null && child.signalCode === null) child.kill("SIGKILL");
  children = [];
});

function start(settings: Pick<QueueProcessSettings, "name"> & Partial<QueueProcessSettings>): Worker {
  const all: QueueProcessSettings = {
    ports: ports(servers),
    queuePort: queueServer!.server.port,
    databaseUrl: url,
    ...LONG,
    ...settings,
  };
  const child = startProcess([JSON.stringify(all)]);
  const messages: Message[] = [];
  child.on("message", (message) => void messages.push(message as Message));
  const worker = { child, messages, exited: event(child, "exit") };
  children.push(worker);
  return worker;
}

async function openQueue(name: string): Promise<{ queue: TaskQueue; close: () => Promise<void> }> {
  const redlock = new Redlock(
    servers.map(({ server }) => server.url),
    { ...FRESH, requestTimeout: 5_000 },
  );
  const connection = new Redis(queueServer!.server.port, { maxRetriesPerRequest: null });
  const queue = new TaskQueue(redlock, { bullmq, connection, name });
  const close = async (): Promise<void> => {
    await queue.close();
    await redlock.close();
    connection.disconnect();
  };
  return { queue, close };
}

async function stop(workers: readonly Worker[]): Promise<void> {
  for (const { child } of workers) child.send("stop");
  await Promise.all(workers.map(({ exited }) => exited));
}

test("workers that are killed in a task: no task is lost, and each has one effect", async () => {
  const table = newTable();
  await sqlRecords(pool, { table }).createTable();
  const { queue, close } = await openQueue("killed");
  const ids = Array.from({ length: 24 }, (_, index) => `task-${index}`);
  for (const id of ids) await queue.enqueue(id, { id });
  const victims = [3, 5].map((failsAt) => start({ name: "killed", table, failsAt, ...KILLED }));
  for (const { exited } of victims) expect(await exited).toEqual([null, "SIGKILL"]);
  // Before that, it could do all tasks alone.
  const survivor = start({ name: "killed", table });
  await patiently(
    "all tasks have an effect",
    async () => (await pool.query("select distinct task from effects")).rows.length === ids.length,
    LIMIT_MS,
  );
  await patiently("their jobs have ended", async () => {
    const states = await Promise.all(ids.map((id) => queue.enqueue(id, { id })));
    return states.every(({ state }) => state === "done");
  });
  const { rows } = await pool.query<{ task: string }>("select task from effects order by id");
  expect(rows.map(({ task }) => task).toSorted()).toEqual(ids.toSorted());
  // Each of the two that died left one task, which began again.
  const again = await pool.query("select task from starts where attempt > 1");
  expect(again.rows).toHaveLength(2);
  await stop([survivor]);
  await close();
});

test("a worker that is stopped in a task for longer than two ttls: its late write is refused", async () => {
  const { queue, close } = await openQueue("stopped");
  await pool.query("insert into accounts (task) values ('a')");
  await queue.enqueue("a", 1);
  const frozen = start({ name: "stopped", failsAt: 1, signal: "SIGSTOP", ...STOPPED });
  await patiently("it is stopped", () => stateOf(frozen.child) === "T");
  const stoppedAt = performance.now();
  const other = start({ name: "stopped" });
  await patiently("the other one has done it", () =>
    other.messages.some((message) => message.event === "done"),
  );
  await patiently("two ttls are over", () => performance.now() - stoppedAt > 2 * STOPPED.ttl);
  frozen.child.kill("SIGCONT");
  await patiently("the first one goes on, and its task comes again", () => {
    const written = frozen.messages.findIndex((message) => message.event === "written");
    return written >= 0 && frozen.messages.slice(written).some((message) => message.event === "delayed");
  });
  expect(frozen.messages.filter((message) => message.event === "written")).toMatchObject([{ rows: 0 }]);
  expect(frozen.messages.some(({ error }) => error === "LockLostError")).toBe(true);
  const { rows } = await pool.query("select balance from accounts where task = 'a'");
  expect(rows).toEqual([{ balance: 1 }]);
  expect(await queue.enqueue("a", 1)).toEqual({ state: "done" });
  await stop([frozen, other]);
  await close();
});

test("a worker whose event loop is blocked for longer than BullMQ's lock: the task runs in one worker only", async () => {
  // Our lease is longer here, so the second worker finds it held, and gives the task back.
  const { queue, close } = await openQueue("blocked");
  await pool.query("insert into accounts (task) values ('b')");
  await queue.enqueue("b", 1);
  const frozen = start({ name: "blocked", failsAt: 1, signal: "SIGSTOP", ...LONG, lockDuration: 500 });
  await patiently("it is stopped", () => stateOf(frozen.child) === "T");
  const other = start({ name: "blocked" });
  await patiently("the other one has given the task back", () =>
    other.messages.some((message) => message.event === "delayed"),
  );
  frozen.child.kill("SIGCONT");
  await patiently("the first one has done it", () =>
    frozen.messages.some((message) => message.event === "done"),
  );
  // The other one would come again when the lease of the first one could have ended.
  const raw = new bullmq.Queue("blocked", { connection: { port: queueServer!.server.port } });
  await (await raw.getJob(`t-${Buffer.from("b").toString("base64url")}`))!.promote();
  await raw.close();
  await patiently("the task is done", async () => (await queue.enqueue("b", 1)).state === "done");
  const { rows } = await pool.query("select attempt from starts where task = 'b'");
  expect(rows).toEqual([{ attempt: 1 }]);
  expect([...frozen.messages, ...other.messages].filter((message) => message.event === "written")).toEqual([
    { event: "written", id: "b", rows: 1 },
  ]);
  await stop([frozen, other]);
  await close();
});
