import { once } from "node:events";
import * as bullmq from "bullmq";
import { Redis } from "ioredis";
import { Redis as Redis5 } from "ioredis5";
import { createClient } from "redis";
import { afterEach, describe, expect, test } from "vitest";
import { MemoryInstance, Redlock } from "../../../src/index.ts";
import {
  IdempotencyMismatchError,
  memoryRecords,
  processOnce,
  QueueClosedError,
  type TaskEnd,
  TaskQueue,
  type TaskQueueEvents,
  type TaskQueueOptions,
} from "../../../src/patterns/index.ts";
import { testServers } from "../../support/server-access.ts";
import { aborted, eventually, rejection, withResolvers } from "../../support/timing.ts";

// A queue on a real server, with locks in memory. Processes that die are in test/integration/task-queue.test.ts.

/** Two tests wait for the end of a lease. All other leases outlive a pause of the machine. */
const TTL = 6_000;
const [queueServer] = await testServers(1);
const { server, admin } = queueServer!;
const instances = [new MemoryInstance(), new MemoryInstance(), new MemoryInstance()];
const redlock = new Redlock(instances, { ttl: TTL });
const client = new Redis(server.port, { maxRetriesPerRequest: null });
const queues: TaskQueue[] = [];
let names = 0;

afterEach(async () => {
  await Promise.all(queues.splice(0).map((queue) => queue.close()));
});

type Settings = Partial<TaskQueueOptions>;

function open(options: Settings = {}): { readonly queue: TaskQueue; readonly name: string } {
  const name = options.name ?? `queue-${(names += 1)}`;
  const queue = new TaskQueue(redlock, { bullmq, connection: client, retryDelay: 0, ...options, name });
  queues.push(queue);
  return { queue, name };
}

/** Processes tasks until one has an end that is wanted. */
async function processUntil<T>(
  queue: TaskQueue,
  state: TaskEnd<T>["state"],
  routine: () => T | Promise<T>,
): Promise<TaskEnd<T>> {
  let end: TaskEnd<T> | undefined;
  await eventually(`a task is ${state}`, async () => {
    end = await queue.processNext("one", routine);
    return end?.state === state;
  });
  return end!;
}

function nextEvent<Name extends keyof TaskQueueEvents>(
  queue: TaskQueue,
  name: Name,
): Promise<TaskQueueEvents[Name]> {
  return new Promise((resolve) => {
    const stop = queue.on(name, (event) => {
      stop();
      resolve(event);
    });
  });
}

/** The job of a task, as BullMQ has it. */
async function jobOf(name: string, id: string): Promise<bullmq.Job> {
  const raw = new bullmq.Queue(name, { connection: client });
  const job = await raw.getJob(`t-${Buffer.from(id).toString("base64url")}`);
  await raw.close();
  return job!;
}

describe("enqueue", () => {
  test("says whether a task is new, known or done", async () => {
    const { queue } = open();
    expect(await queue.enqueue("a", { amount: 1 })).toEqual({ state: "queued" });
    expect(await queue.enqueue("a", { amount: 1 })).toEqual({ state: "known" });
    expect(await queue.processNext("one", () => "sent")).toMatchObject({ state: "done", value: "sent" });
    expect(await queue.enqueue("a", { amount: 1 })).toEqual({ state: "done" });
    expect(await queue.processNext("one", () => "sent")).toBeUndefined();
  });

  test("of several callers at the same time queues a task once", async () => {
    const { queue } = open();
    const other = open({ name: "shared" }).queue;
    const calls = Array.from({ length: 10 }, () => queue.enqueue("a", 1));
    const states = (await Promise.all(calls)).map(({ state }) => state);
    expect(states.filter((state) => state === "queued")).toHaveLength(1);
    expect(await other.enqueue("a", 1)).toEqual({ state: "queued" });
  });

  test("refuses a known id with other data, in every state", async () => {
    const { queue } = open();
    await queue.enqueue("a", { amount: 1, to: "x" });
    const refused = async (): Promise<void> => {
      for (const data of [{ amount: 2, to: "x" }, { amount: 1 }, undefined, null])
        expect(await rejection(queue.enqueue("a", data))).toBeInstanceOf(IdempotencyMismatchError);
    };
    await refused();
    await queue.processNext("one", ({ data }) => data);
    await refused();
    expect(await queue.enqueue("a", { to: "x", amount: 1 })).toEqual({ state: "done" });
  });

  test.each(["1", "a:b:c", "é \u0000 x", "-", "x".repeat(600)])("takes any id: %j", async (id) => {
    const { queue } = open();
    await queue.enqueue(id, { id });
    expect(await queue.processNext("one", (task) => [task.id, task.data])).toMatchObject({
      id,
      value: [id, { id }],
    });
  });

  test.each([undefined, null, 0, "text", [1]])("takes any data: %j", async (data) => {
    const { queue } = open();
    await queue.enqueue("a", data);
    expect(await queue.enqueue("a", data)).toEqual({ state: "known" });
    expect(await queue.processNext("one", (task) => task.data)).toMatchObject({ value: data });
  });

  test("refuses bad arguments", async () => {
    const { queue } = open();
    for (const id of ["", "x".repeat(900), 1 as never])
      expect(await rejection(queue.enqueue(id, 1))).toMatchObject({
        message: expect.stringMatching(/^id: /),
      });
    expect(await rejection(queue.enqueue("a", 1n))).toMatchObject({
      message: expect.stringMatching(/^data: /),
    });
  });
});

describe("a task", () => {
  test("gets its data, its fence and the number of its attempt, and its job keeps the result", async () => {
    const { queue, name } = open();
    await queue.enqueue("a", { amount: 1 });
    const end = await queue.processNext("one", (task) => {
      const { id, data, fence, attempt, signal, lock } = task;
      expect(() => task.tx).toThrow(/^tx: .* has no transactions; give `records: sqlRecords/);
      expect({ fence, isAborted: signal.aborted, lock: lock.names }).toEqual({
        fence: lock.fence,
        isAborted: false,
        lock: [`task:${name}:a`],
      });
      return { id, data, attempt };
    });
    const value = { id: "a", data: { amount: 1 }, attempt: 1 };
    expect(end).toEqual({ state: "done", id: "a", value, replayed: false, attempt: 1 });
    const job = await jobOf(name, "a");
    expect(await job.getState()).toBe("completed");
    expect(job.returnvalue).toEqual(value);
    expect(job.opts).toMatchObject({ removeOnComplete: { age: 86_400 }, removeOnFail: { age: 86_400 } });
    // The record has the same fate as the queue.
    expect(await admin.pttl(`bull-records:task:${name}:a`)).toBeGreaterThan(86_000_000);
  });

  test("that fails comes again, and no attempt of BullMQ is used", async () => {
    const { queue, name } = open({ maxAttempts: 3 });
    await queue.enqueue("a", 1);
    const problem = new Error("no paper");
    const routine = (): never => {
      throw problem;
    };
    const first = await queue.processNext("one", routine);
    expect(first).toMatchObject({ state: "delayed", id: "a", delay: 0, error: { message: "no paper" } });
    await processUntil(queue, "delayed", routine);
    expect((await jobOf(name, "a")).attemptsMade).toBe(0);
    const last = await processUntil(queue, "failed", routine);
    expect(last).toMatchObject({ id: "a", error: { name: "Error", message: "no paper" } });
    const job = await jobOf(name, "a");
    expect(await job.getState()).toBe("failed");
    expect(job.failedReason).toBe("no paper");
    expect(await queue.enqueue("a", 1)).toEqual({ state: "known" });
  });

  test("that waits for longer than `retainFor` is remembered until it comes again", async () => {
    const { queue, name } = open({ retainFor: 60_000, runFor: 1_000, grace: 0, retryDelay: 3_600_000 });
    await queue.enqueue("a", 1);
    await queue.processNext("one", () => Promise.reject(new Error("no paper")));
    expect(await admin.pttl(`bull-records:task:${name}:a`)).toBeGreaterThan(3_600_000);
    // The worker dies at the end of its attempt, and only then BullMQ's lock and the checks for it begin.
    const slow = open({
      retainFor: 60_000,
      runFor: 1_000,
      grace: 0,
      worker: { lockDuration: 600_000, stalledInterval: 600_000 },
    });
    await slow.queue.enqueue("a", 1);
    await slow.queue.processNext("one", async () => {
      expect(await admin.pttl(`bull-records:task:${slow.name}:a`)).toBeGreaterThan(1_801_000);
    });
    expect((await jobOf(slow.name, "a")).opts).toMatchObject({ removeOnComplete: { age: 1_861 } });
  });

  test("of a queue with another prefix is another task, also in shared records", async () => {
    const records = memoryRecords();
    const name = "same";
    const prefixes = ["bull", "{bull}", "a:b"];
    for (const prefix of prefixes) {
      const { queue } = open({ records, name, prefix });
      await queue.enqueue("a", prefix);
      expect(await queue.processNext("one", ({ data }) => data)).toMatchObject({
        value: prefix,
        replayed: false,
      });
    }
  });

  test("that fails waits for longer after each attempt", async () => {
    const { queue, name } = open({ retryDelay: 10_000 });
    await queue.enqueue("a", 1);
    for (const longest of [10_000, 20_000, 40_000]) {
      const end = await queue.processNext("one", () => Promise.reject(new Error("no paper")));
      const delay = end?.state === "delayed" ? end.delay : 0;
      expect(delay).toBeGreaterThanOrEqual(longest / 2);
      expect(delay).toBeLessThanOrEqual(longest);
      await (await jobOf(name, "a")).promote();
    }
  });

  test("that another worker is at work on comes again when its lease ends", async () => {
    const { queue, name } = open();
    await queue.enqueue("a", 1);
    const held = await redlock.acquire(`task:${name}:a`);
    const end = await queue.processNext("one", () => "mine");
    expect(end).toMatchObject({ state: "delayed", id: "a", error: undefined });
    const delay = end?.state === "delayed" ? end.delay : 0;
    expect(delay).toBeGreaterThan(0);
    expect(delay).toBeLessThanOrEqual(TTL);
    const job = await jobOf(name, "a");
    expect([await job.getState(), job.attemptsMade]).toEqual(["delayed", 0]);
    await held.release();
    expect(await processUntil(queue, "done", () => "mine")).toMatchObject({ value: "mine", attempt: 1 });
  });

  test("whose record is done completes its job with the recorded result", async () => {
    const records = memoryRecords();
    const { queue, name } = open({ records });
    await queue.enqueue("a", 1);
    // The worker died between its record and the end of its job.
    await processOnce(redlock, `${name}:a`, { input: { data: 1 }, records }, () => "first");
    const end = await queue.processNext("one", () => "second");
    expect(end).toEqual({ state: "done", id: "a", value: "first", replayed: true, attempt: 1 });
  });

  test("whose record has other data fails for good", async () => {
    const records = memoryRecords();
    const { queue, name } = open({ records });
    await queue.enqueue("a", 1);
    await processOnce(redlock, `${name}:a`, { input: { data: 2 }, records }, () => "first");
    expect(await queue.processNext("one", () => "second")).toMatchObject({
      state: "failed",
      error: { code: "IDEMPOTENCY_MISMATCH" },
    });
  });

  test("without a quorum of lock servers comes again", async () => {
    const { queue, name } = open();
    await queue.enqueue("a", 1);
    await redlock.using("warm", () => undefined);
    const [, two, three] = instances;
    two!.pause();
    three!.pause();
    const end = await queue.processNext("one", () => "mine");
    two!.resume();
    three!.resume();
    expect(end).toMatchObject({ state: "delayed", error: { name: "QuorumError" } });
    expect((await jobOf(name, "a")).attemptsMade).toBe(0);
    expect(await processUntil(queue, "done", () => "mine")).toMatchObject({ attempt: 1 });
  });

  test("that no TaskQueue has added fails for good", async () => {
    const { queue, name } = open();
    const raw = new bullmq.Queue(name, { connection: client });
    await raw.add("task", { amount: 1 }, { jobId: "foreign" });
    await raw.close();
    expect(await queue.processNext("one", () => 1)).toMatchObject({
      state: "failed",
      id: "foreign",
      error: { name: "TypeError" },
    });
  });

  test("survives any number of workers that die with it", async () => {
    const { queue, name } = open({ worker: { lockDuration: 100, stalledInterval: 100 } });
    await queue.enqueue("a", 1);
    await queue.enqueue("b", 1);
    // Workers of TaskQueue that take the task and never renew its lock. The third stall is beyond what BullMQ allows by itself.
    for (let death = 1; death <= 3; death += 1) {
      const dead = new bullmq.Worker(name, null, {
        connection: client,
        lockDuration: 100,
        stalledInterval: 1_000_000,
        autorun: false,
      });
      await eventually("the task is taken", async () => {
        // It takes the other task as well, which changes nothing.
        const job = await dead.getNextJob(`dead-${death}`, { block: false });
        return job?.id === "t-YQ";
      });
      await dead.close();
      await queue.processNext("checks for stalled jobs", () => "other");
      await eventually(`it stalls for the time ${death}`, async () => {
        const job = await jobOf(name, "a");
        return (await job.getState()) === "waiting" && job.stalledCounter === death;
      });
    }
    // A worker of BullMQ fails a job that has stalled too often.
    queue.work(() => "mine");
    await eventually("its job has ended", async () =>
      ["completed", "failed"].includes(await (await jobOf(name, "a")).getState()),
    );
    expect(await queue.enqueue("a", 1)).toEqual({ state: "done" });
  });
});

describe("a signal aborts", () => {
  test.each(["processNext", "work"])("when BullMQ has lost the lock of the job, in %s", async (method) => {
    // BullMQ notices it when it renews the lock, after half of its time.
    const worker = { lockDuration: 5_000, stalledInterval: 600_000 };
    const { queue, name } = open({ worker, onFailure: "keep", maxAttempts: 1 });
    queue.on("problem", () => undefined);
    await queue.enqueue("a", 1);
    const started = withResolvers<AbortSignal>();
    const routine = async ({ signal }: { readonly signal: AbortSignal }): Promise<never> => {
      started.resolve(signal);
      await aborted(signal);
      throw signal.reason as Error;
    };
    const delayed = nextEvent(queue, "task:delayed");
    if (method === "work") queue.work(routine);
    else void queue.processNext("one", routine);
    const signal = await started.promise;
    await admin.del(`bull:${name}:t-YQ:lock`);
    await aborted(signal);
    expect(signal.reason).toMatchObject({ message: expect.stringMatching(/BullMQ lost the lock/) });
    expect(await delayed).toMatchObject({
      id: "a",
      error: { message: expect.stringMatching(/BullMQ lost the lock/) },
    });
  });

  test("when our lock is lost, and the task comes again", async () => {
    const { queue } = open();
    await queue.enqueue("a", 1);
    const end = await queue.processNext("one", async ({ signal }) => {
      for (const instance of instances) instance.pause();
      await aborted(signal);
      for (const instance of instances) instance.resume();
      return "half";
    });
    expect(end).toMatchObject({ state: "delayed", error: { name: "LockLostError" } });
    expect(await processUntil(queue, "done", () => "whole")).toMatchObject({ value: "whole", attempt: 2 });
  });

  test("and does not while both locks are renewed", async () => {
    const { queue, name } = open({ worker: { lockDuration: 6_000, stalledInterval: 200 } });
    await queue.enqueue("a", 1);
    const end = await queue.processNext("one", async ({ signal }) => {
      let leftMs = 6_000;
      let renewals = 0;
      await eventually("BullMQ's lock was renewed twice", async () => {
        const nowMs = await admin.pttl(`bull:${name}:t-YQ:lock`);
        if (nowMs > leftMs) renewals += 1;
        leftMs = nowMs;
        return renewals === 2;
      });
      signal.throwIfAborted();
      return "whole";
    });
    expect(end).toMatchObject({ state: "done", value: "whole" });
  });
});

describe("work", () => {
  test("processes tasks as they come, as many at a time as it may", async () => {
    const { queue } = open({ worker: { concurrency: 3 } });
    let running = 0;
    let peak = 0;
    const done = new Set<string>();
    queue.on("task:done", ({ id }) => void done.add(id));
    const full = withResolvers<void>();
    const work = queue.work(async ({ id }) => {
      running += 1;
      peak = Math.max(peak, running);
      if (running === 3) full.resolve();
      await full.promise;
      running -= 1;
      return id;
    });
    for (let id = 0; id < 12; id += 1) await queue.enqueue(`task-${id}`, id);
    await eventually("all are done", () => done.size === 12);
    expect(peak).toBe(3);
    await work.stop();
  });

  test("repeats a task that failed, and gives it up after its last attempt", async () => {
    const { queue, name } = open({ maxAttempts: 2 });
    const attempts: number[] = [];
    const failed = nextEvent(queue, "task:failed");
    await queue.enqueue("a", 1);
    queue.work(({ attempt }) => {
      attempts.push(attempt);
      throw new Error("no paper");
    });
    expect(await failed).toMatchObject({ id: "a", error: { message: "no paper" } });
    expect(attempts).toEqual([1, 2]);
    await eventually(
      "its job has failed",
      async () => (await (await jobOf(name, "a")).getState()) === "failed",
    );
  });

  test("stop waits for the tasks at work, and aborts those that take too long: that is no failure", async () => {
    const { queue } = open({ onFailure: "keep", maxAttempts: 1 });
    const started = withResolvers<void>();
    const finish = withResolvers<void>();
    const done = nextEvent(queue, "task:done");
    await queue.enqueue("a", 1);
    const patient = queue.work(async () => {
      started.resolve();
      await finish.promise;
    });
    await started.promise;
    const stopped = patient.stop();
    expect(patient.stop()).toBe(stopped);
    finish.resolve();
    await Promise.all([stopped, done]);
    await queue.enqueue("b", 1);
    const signalled = withResolvers<AbortSignal>();
    const delayed = nextEvent(queue, "task:delayed");
    const impatient = queue.work(async ({ signal }) => {
      signalled.resolve(signal);
      await aborted(signal);
      signal.throwIfAborted();
    });
    await signalled.promise;
    await impatient.stop({ wait: 0 });
    expect(await delayed).toMatchObject({ id: "b" });
    expect(await processUntil(queue, "done", () => "later")).toMatchObject({ id: "b", attempt: 1 });
  });

  test("stop aborts a task also if its job came to this worker a second time", async () => {
    const { queue, name } = open({
      worker: { concurrency: 2, lockDuration: 600_000, stalledInterval: 100 },
    });
    queue.on("problem", () => undefined);
    await queue.enqueue("a", 1);
    const signalled = withResolvers<AbortSignal>();
    const work = queue.work(async ({ signal }) => {
      signalled.resolve(signal);
      await aborted(signal);
      signal.throwIfAborted();
    });
    const signal = await signalled.promise;
    const again = nextEvent(queue, "task:delayed");
    await admin.del(`bull:${name}:t-YQ:lock`);
    // The first delivery still has our lock.
    expect(await again).toMatchObject({ id: "a", error: undefined });
    expect(signal.aborted).toBe(false);
    await work.stop({ wait: 0 });
    expect(signal.reason).toMatchObject({ message: "the worker stops" });
  });
});

describe("close", () => {
  test("ends the work, and refuses new calls", async () => {
    const { queue } = open();
    await queue.enqueue("a", 1);
    const started = withResolvers<void>();
    const finish = withResolvers<void>();
    const processing = queue.processNext("one", async () => {
      started.resolve();
      await finish.promise;
      return "whole";
    });
    await started.promise;
    const closed = queue.close();
    expect(queue.close()).toBe(closed);
    expect(await rejection(queue.enqueue("b", 1))).toBeInstanceOf(QueueClosedError);
    expect(await rejection(queue.processNext("one", () => 1))).toMatchObject({ code: "QUEUE_CLOSED" });
    expect(() => queue.work(() => 1)).toThrow(QueueClosedError);
    finish.resolve();
    expect(await processing).toMatchObject({ value: "whole" });
    await closed;
    // The client that was passed is open.
    expect(await client.ping()).toBe("PONG");
  });

  test("during the first processNext: no task is taken", async () => {
    const { queue, name } = open();
    await queue.enqueue("a", 1);
    const processing = rejection(queue.processNext("one", () => "mine"));
    const closed = queue.close();
    expect(await processing).toBeInstanceOf(QueueClosedError);
    await closed;
    expect(await (await jobOf(name, "a")).getState()).toBe("waiting");
  });

  test("closes all connections that were opened here", async () => {
    const before = await connections();
    const { queue } = open({ connection: server.url });
    const done = nextEvent(queue, "task:done");
    await queue.enqueue("a", 1);
    queue.work(() => "mine");
    await done;
    await queue.close();
    await eventually("the connections are closed", async () => (await connections()) <= before);
  });
});

describe("connections", () => {
  const kinds: Readonly<
    Record<string, () => Promise<{ source: TaskQueueOptions["connection"]; close: () => unknown }>>
  > = {
    "a URL": () => Promise.resolve({ source: server.url, close: () => undefined }),
    "ioredis 5": async () => {
      const source = new Redis5(server.port, { maxRetriesPerRequest: null });
      await once(source, "ready");
      return { source, close: () => source.disconnect() };
    },
    "node-redis 6": async () => {
      const source = createClient({ url: server.url });
      await source.connect();
      return { source, close: () => source.destroy() };
    },
  };

  test.each(Object.keys(kinds))("%s", async (kind) => {
    const { source, close } = await kinds[kind]!();
    const { queue } = open({ connection: source });
    const done = nextEvent(queue, "task:done");
    await queue.enqueue("a", { amount: 1 });
    expect(await queue.processNext("one", ({ data }) => data)).toMatchObject({ value: { amount: 1 } });
    expect(await done).toMatchObject({ id: "a" });
    await queue.close();
    close();
  });
});

describe("bad arguments", () => {
  const good = { bullmq, connection: client, name: "bad" };

  test.each<[Record<string, unknown>, string]>([
    [{ bullmq: undefined }, "bullmq"],
    [{ bullmq: { Queue: bullmq.Queue } }, "bullmq"],
    [{ connection: undefined }, "connection"],
    [{ connection: { host: "localhost" } }, "connection"],
    [{ name: "" }, "name"],
    [{ name: "a:b" }, "name"],
    [{ name: 1 }, "name"],
    [{ prefix: 1 }, "prefix"],
    [{ worker: 1 }, "options"],
    [{ worker: { concurrency: 0 } }, "worker.concurrency"],
    [{ worker: { lockDuration: 99 } }, "worker.lockDuration"],
    [{ worker: { stalledInterval: 600_001 } }, "worker.stalledInterval"],
    [{ worker: { ttl: 1 } }, "ttl"],
    [{ retryDelay: -1 }, "retryDelay"],
    [{ retainFor: 1 }, "retainFor"],
    [{ maxAttempts: 0 }, "maxAttempts"],
    [{ records: new Map() }, "records"],
    [{ ttl: 1 }, "ttl"],
  ])("%j is refused with its field", (options, field) => {
    const create = (): unknown => {
      try {
        return new TaskQueue(redlock, { ...good, ...options });
      } catch (error) {
        return error;
      }
    };
    const thrown = create();
    expect(thrown instanceof TypeError || thrown instanceof RangeError).toBe(true);
    expect((thrown as Error).message).toMatch(new RegExp(`^${field.replace(".", "\\.")}\\b`));
  });

  test("a routine that is no function, and an event that does not exist", async () => {
    const { queue } = open();
    expect(await rejection(queue.processNext("one", 1 as never))).toMatchObject({
      message: expect.stringMatching(/^routine: /),
    });
    expect(() => queue.work(1 as never)).toThrow(/^routine: /);
    expect(() => queue.on("done" as never, () => undefined)).toThrow(TypeError);
    const { queue: other } = open();
    const work = other.work(() => 1);
    expect(() => void work.stop({ wait: -1 })).toThrow(RangeError);
    await work.stop();
  });
});

async function connections(): Promise<number> {
  return Number(/connected_clients:(\d+)/.exec(await admin.info("clients"))?.[1]);
}
