import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { Redis } from "ioredis";
import { Kafka, logLevel, type Producer } from "kafkajs";
import { afterAll, describe, expect, onTestFinished, test, vi } from "vitest";
import { Redlock } from "../../src/index.ts";
import {
  LockFollower,
  type LockMessage,
  type LockPublisher,
  publishLocks,
  type PublishLocksOptions,
  readLockMessage,
} from "../../src/observe/kafka/index.ts";
import { FRESH } from "../support/fresh.ts";
import { findKcat, KafkaBroker } from "../support/kafka-broker.ts";
import { RequestCounter } from "../support/request-counter.ts";
import { ports, testServers } from "../support/server-access.ts";

// Over the wire: KafkaJS on one side, on the other a broker that is killed and stopped.

const kcat = findKcat();
const servers = await testServers(3);
const clients = ports(servers).map((port) => new Redis(port));
afterAll(() => {
  for (const client of clients) client.disconnect();
});

/** Only catches a hang. */
const LIMIT = { timeout: 60_000, interval: 10 };

/** No lock expires or extends itself during a test. */
const TTL = 3_600_000;

function newRedlock(owner: string, sources: readonly Redis[] = clients): Redlock {
  const redlock = new Redlock(sources, { ...FRESH, owner, ttl: TTL, requestTimeout: 60_000 });
  onTestFinished(() => redlock.close());
  return redlock;
}

/** A client of one server. With several, a slow one can miss a request, and then the counts differ. */
function singleRedlock(): Redlock {
  return newRedlock("host:1", clients.slice(0, 1));
}

async function startBroker(): Promise<KafkaBroker> {
  const broker = await KafkaBroker.start(kcat!);
  onTestFinished(() => broker.kill());
  return broker;
}

function kafkaOf({ address }: KafkaBroker): Kafka {
  return new Kafka({
    clientId: "test",
    brokers: [address],
    logLevel: logLevel.NOTHING,
    retry: { retries: 1, initialRetryTime: 20, maxRetryTime: 50 },
  });
}

async function connectProducer(broker: KafkaBroker): Promise<Producer> {
  const producer = kafkaOf(broker).producer();
  await producer.connect();
  onTestFinished(() => producer.disconnect());
  return producer;
}

function publish(redlock: Redlock, producer: Producer, options: PublishLocksOptions = {}): LockPublisher {
  const publisher = publishLocks(redlock, producer, { onError: () => undefined, ...options });
  onTestFinished(async () => void (await publisher.close({ timeout: 0 })));
  return publisher;
}

async function messagesOn(broker: KafkaBroker): Promise<readonly LockMessage[]> {
  const printed = await broker.read("lock-events");
  return printed.map(({ payload }) => readLockMessage(payload)!);
}

/** Uses a lock many times. Returns the outcomes, and how many requests the first server got for that. */
async function useLocks(
  redlock: Redlock,
  count: number,
): Promise<{ outcomes: readonly string[]; requests: number }> {
  await using counter = await RequestCounter.start(servers.slice(0, 1));
  const outcomes: string[] = [];
  const [sent] = await counter.during([redlock], async () => {
    for (let turn = 0; turn < count; turn += 1)
      outcomes.push(await redlock.using(`order:${turn % 5}`, () => `used ${turn}`));
  });
  return { outcomes, requests: sent!.calls };
}

describe.skipIf(kcat === undefined)("over the protocol of Kafka", () => {
  test("a follower that consumes with KafkaJS knows who holds what", async () => {
    const broker = await startBroker();
    const kafka = kafkaOf(broker);
    const consumer = kafka.consumer({ groupId: "follower", maxWaitTimeInMs: 50 });
    const follower = new LockFollower();
    // Locks of two processes, on keys of all partitions.
    const [first, second] = [newRedlock("host:1"), newRedlock("host:2")];
    const publishers = [
      publish(first, await connectProducer(broker)),
      publish(second, await connectProducer(broker)),
    ];
    await first.acquire("order:1");
    await first.using("order:2", () => undefined);
    await second.acquire(["order:3", "order:4"]);
    const { read } = first.readWrite("file");
    const readers = await Promise.all([read.acquire(), second.readWrite("file").read.acquire()]);
    await second.semaphore("pool", { permits: 3 }).acquire({ permits: 2 });
    for (const publisher of publishers) expect(await publisher.flush()).toBe(true);
    await consumer.connect();
    onTestFinished(() => consumer.disconnect());
    await consumer.subscribe({ topics: ["lock-events"], fromBeginning: true });
    await consumer.run({ eachMessage: follower.eachMessage });
    await vi.waitFor(() => expect(follower.snapshot().applied).toBe(8), LIMIT);

    const holders = (name: string): readonly string[] =>
      follower.holdersOf(name).map(({ holder, kind, mode, state }) => `${holder} ${kind} ${mode} ${state}`);
    expect(holders("order:1")).toEqual(["host:1 mutex exclusive held"]);
    expect(holders("order:2")).toEqual([]);
    expect(holders("order:3")).toEqual(["host:2 mutex exclusive held"]);
    expect(holders("order:4")).toEqual(["host:2 mutex exclusive held"]);
    expect(holders("file").toSorted()).toEqual(["host:1 modes shared held", "host:2 modes shared held"]);
    expect(holders("pool")).toEqual(["host:2 semaphore shared held"]);

    await readers[0].release();
    expect(await publishers[0]!.close()).toBe(true);
    await vi.waitFor(() => expect(holders("file")).toEqual(["host:2 modes shared held"]), LIMIT);
    expect(follower.snapshot()).toMatchObject({ malformed: 0, duplicates: 0 });
  });

  test("another client reads every message under its key, and a name stays in one partition and in order", async () => {
    const broker = await startBroker();
    const redlock = newRedlock("host:1");
    const publisher = publish(redlock, await connectProducer(broker), { maxBatch: 7 });
    const names = ["plain", "with space", 'a"quote\\', "line\nbreak", "ключ🔑", "{acme}/orders"];
    for (let turn = 0; turn < 5; turn += 1)
      for (const name of names) await redlock.using(name, () => undefined);
    expect(await publisher.close()).toBe(true);
    const printed = await broker.read("lock-events");
    expect(printed).toHaveLength(names.length * 10);
    for (const name of names) {
      const own = printed.filter(({ key }) => key === name);
      expect(new Set(own.map(({ partition }) => partition)).size).toBe(1);
      const events = own.map(({ payload }) => JSON.parse(payload) as LockMessage);
      expect(events.map(({ event_type: type, resource }) => [type, resource])).toEqual(
        Array.from({ length: 5 }, () => [
          ["lock_acquired", name],
          ["lock_released", name],
        ]).flat(),
      );
      const fences = events.map(({ fence }) => fence);
      expect(fences).toEqual(fences.toSorted((a, b) => a - b));
    }
  });

  test("while the broker is dead, locks need the same requests and have the same outcomes; every event is accounted for", async () => {
    const broker = await startBroker();
    const redlock = singleRedlock();
    await useLocks(redlock, 5);
    const alone = await useLocks(redlock, 50);
    const publisher = publish(redlock, await connectProducer(broker), {
      maxDelay: 5,
      maxBatch: 20,
      maxBuffer: 50,
    });
    await useLocks(redlock, 5);
    expect(await publisher.flush()).toBe(true);
    await broker.kill();
    const during = await useLocks(redlock, 50);
    expect(during).toEqual(alone);
    await vi.waitFor(() => expect(publisher.snapshot().failedSends).toBeGreaterThan(0), LIMIT);
    expect(alone.requests).toBe(100);
    expect(await useLocks(redlock, 50)).toEqual(alone);
    expect(await publisher.close({ timeout: 50 })).toBe(false);
    const { published, waiting, unconfirmed, dropped, latestError } = publisher.snapshot();
    expect(published).toBe(10);
    expect(waiting + unconfirmed).toBe(0);
    expect(dropped.bufferFull).toBeGreaterThan(0);
    expect(dropped.bufferFull + dropped.failed + dropped.closed).toBe(200);
    expect(latestError).toMatch(/not published to the topic "lock-events"|is full/);
  });

  test("while the broker hangs, locks go on; when it goes on, every event arrives, and repeated ones are known by their id", async () => {
    const broker = await startBroker();
    const redlock = singleRedlock();
    await useLocks(redlock, 5);
    const alone = await useLocks(redlock, 20);
    const publisher = publish(redlock, await connectProducer(broker), { maxDelay: 5, sendTimeout: 100 });
    broker.pause();
    expect(await useLocks(redlock, 20)).toEqual(alone);
    await vi.waitFor(() => expect(publisher.snapshot().failedSends).toBeGreaterThan(1), LIMIT);
    broker.resume();
    expect(await publisher.close({ timeout: 30_000 })).toBe(true);
    // A send that was given up can arrive as well as its repetition.
    const messages = await messagesOn(broker);
    const ids = new Set(messages.map(({ event_id: id }) => id));
    expect(ids.size).toBe(40);
    const follower = new LockFollower();
    for (const message of messages) follower.apply(JSON.stringify(message));
    expect([...follower.holds()]).toEqual([]);
    expect(follower.snapshot()).toMatchObject({ applied: 40, duplicates: messages.length - 40 });
  });
});

test("a publisher whose producer hangs or fails does not keep the process running", async () => {
  const program = fileURLToPath(new URL("../support/kafka-process.ts", import.meta.url));
  const args = ["--import", "tsx", "--conditions=@quorumlock/source", program];
  const { stdout, stderr } = await promisify(execFile)(process.execPath, args, { timeout: 120_000 });
  expect({ stdout, stderr }).toEqual({ stdout: "true true\n", stderr: "" });
});
