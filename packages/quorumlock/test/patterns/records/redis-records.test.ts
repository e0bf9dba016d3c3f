import { afterAll, afterEach, describe, expect, test } from "vitest";
import { MemoryInstance } from "../../../src/index.ts";
import { redisRecords, type RedisRecords } from "../../../src/patterns/index.ts";
import { startRedisCluster, startRedisServer } from "../../../src/testing/index.ts";
import { clusterKinds, singleKinds, type TestClient } from "../../support/clients.ts";
import { testServers } from "../../support/server-access.ts";
import { eventually } from "../../support/timing.ts";
import { failsWithCause, recordCases, type RecordSubject } from "./record-conformance.ts";

const [server] = await testServers(1);
const { admin } = server!;
const port = server!.server.port;
const opened: (TestClient | RedisRecords)[] = [];
afterEach(async () => {
  for (const each of opened.splice(0)) await each.close();
});
let ids = 0;

async function subjectOf(connect: () => Promise<TestClient>): Promise<RecordSubject> {
  const clients = await Promise.all([connect(), connect(), connect(), connect()]);
  opened.push(...clients);
  let used = 0;
  return {
    connect() {
      const { source } = clients[used]!;
      used = (used + 1) % clients.length;
      const store = redisRecords(source, { prefix: "r:" });
      opened.push(store);
      return store;
    },
    newId: () => `id-${(ids += 1)}`,
  };
}

describe.each(singleKinds)("records on a server, with $name", (kind) => {
  test.each(recordCases)("$title", async ({ run }) => run(await subjectOf(() => kind.connect([port]))));
});

describe("records on a cluster", async () => {
  const cluster = await startRedisCluster();
  afterAll(() => cluster.stop());
  const ports = cluster.nodes.map((node) => node.port);
  describe.each(clusterKinds)("with $name", (kind) => {
    test.each(recordCases)("$title", async ({ run }) => run(await subjectOf(() => kind.connect(ports))));
  });
});

describe("a server", () => {
  const store = (): RedisRecords => {
    const records = redisRecords(server!.server.url);
    opened.push(records);
    return records;
  };

  test("keeps a record as a hash that expires, and nothing else", async () => {
    await admin.flushall();
    const records = store();
    await records.open("a", 5, { createdAt: 0, keep: 60_000 });
    await records.put("a", { fence: 5, version: 1, body: "{}" }, { createdAt: 0, keep: 120_000 });
    expect(await admin.keys("*")).toEqual(["record:a"]);
    expect(await admin.hgetall("record:a")).toEqual({ p: "5", f: "5", n: "1", b: "{}" });
    const left = await admin.pttl("record:a");
    expect(left).toBeGreaterThan(60_000);
    expect(left).toBeLessThanOrEqual(120_000);
  });

  test("whose key has another type is an error with the key", async () => {
    await admin.set("record:text", "1");
    const error = await store()
      .get("text")
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "RECORD_STORE", operation: "get" });
    expect((error as Error).message).toContain("WRONGTYPE");
  });

  test("that has lost its scripts gets them again", async () => {
    const records = store();
    await records.open("scripts", 1, { createdAt: 0, keep: 60_000 });
    await admin.script("FLUSH");
    await records.put("scripts", { fence: 1, version: 1, body: "1" }, { createdAt: 0, keep: 60_000 });
    expect((await records.get("scripts"))?.body).toBe("1");
  });

  test("that cannot be reached is a RecordStoreError with its cause", async () => {
    const stopped = await startRedisServer();
    const records = redisRecords(stopped.url);
    opened.push(records);
    await records.get("a");
    await stopped.stop();
    await failsWithCause(records);
  });

  test("that hangs is given up after the time limit", async () => {
    const hung = await startRedisServer();
    const records = redisRecords(hung.url, { timeout: 50 });
    opened.push(records);
    await eventually("it is connected", () =>
      records.get("a").then(
        () => true,
        () => false,
      ),
    );
    hung.pause();
    await failsWithCause(records);
    await hung.stop();
  });
});

test("bad clients and options are refused, and an instance in memory is a client", async () => {
  expect(() => redisRecords({} as never)).toThrow(/client: an object \(Object\) must be a client/);
  expect(() => redisRecords(new Map() as never)).toThrow(TypeError);
  expect(() => redisRecords(new MemoryInstance(), { timeout: 0 })).toThrow(RangeError);
  expect(() => redisRecords(new MemoryInstance(), { prefix: 1 as never })).toThrow(TypeError);
  expect(() => redisRecords(new MemoryInstance(), { ttl: 1 } as never)).toThrow(/no such option/);
  expect(await redisRecords(new MemoryInstance()).get("a")).toBeUndefined();
});
