import { Redis } from "ioredis";
import { afterAll, describe, expect, test } from "vitest";
import { Redlock } from "../../src/index.ts";
import { lockRecords } from "../../src/patterns/index.ts";
import { startRedisCluster } from "../../src/testing/index.ts";
import { testServers, uptimeOf } from "../support/server-access.ts";
import { eventually, rejection } from "../support/timing.ts";

// Records on real servers. They write every change to disk, so that they count for records that can be older than their start.

const DURABLE = { args: ["--appendonly", "yes", "--appendfsync", "always"] };
const OLD = { createdAt: 0, keep: 600_000 };

const closers: (() => unknown)[] = [];
afterAll(async () => {
  for (const close of closers.toReversed()) await close();
});

function connect(urls: readonly string[], options = {}): Redlock {
  const redlock = new Redlock(urls, { requestTimeout: 2_000, ...options });
  closers.push(() => redlock.close());
  return redlock;
}

function version(fence: number, number: number, body: string) {
  return { fence, version: number, body };
}

describe.each([1, 3, 5])("on %i servers", async (count) => {
  const servers = await testServers(count, DURABLE);
  const urls = servers.map(({ server }) => server.url);

  test("a holder opens, writes and reads a record, and later holders exclude it", async () => {
    const redlock = connect(urls);
    const records = lockRecords(redlock);
    const [first, second] = [
      await redlock.using("job", ({ fence }) => fence),
      await redlock.using("job", ({ fence }) => fence),
    ];
    expect(await records.get("job@1")).toBeUndefined();
    const { record, now } = await records.open("job@1", first, OLD);
    expect(record).toBeUndefined();
    expect(Math.abs(now - Date.now())).toBeLessThan(60_000);
    await records.put("job@1", version(first, 1, '{"state":"running"}'), OLD);
    await records.put("job@1", version(first, 2, '{"state":"done","text":"é\\n"}'), OLD);
    expect(await records.get("job@1")).toEqual(version(first, 2, '{"state":"done","text":"é\\n"}'));
    expect((await records.open("job@1", second, OLD)).record).toEqual(
      version(first, 2, '{"state":"done","text":"é\\n"}'),
    );
    expect(await rejection(records.put("job@1", version(first, 3, "late"), OLD))).toMatchObject({
      code: "LOCK_LOST",
    });
    for (const { admin } of servers) {
      const [key = ""] = await admin.keys("lock:~record:*");
      expect(await admin.pttl(key)).toBeGreaterThan(500_000);
    }
  });

  test("a server that restarts keeps the records", async () => {
    const records = lockRecords(connect(urls));
    await records.put("kept", version(5, 1, "done"), OLD);
    await servers[0]!.server.restart();
    const found = await eventuallyRead(async () => (await records.open("kept", 6, OLD)).record?.body);
    expect(found).toBe("done");
  });

  test("a body of 4,096 bytes fits, also from another language", async () => {
    const records = lockRecords(connect(urls));
    await records.put("large", version(5, 1, "x".repeat(4_096)), OLD);
    expect((await records.get("large"))?.body).toHaveLength(4_096);
  });

  test("a key of another type is named in the error", async () => {
    const records = lockRecords(connect(urls));
    await records.put("foreign", version(5, 1, "done"), OLD);
    for (const { admin } of servers) {
      const key = (await admin.keys("lock:~record:*")).find((each) => each.endsWith("}foreign"));
      await admin.set(key!, "something else");
    }
    const error = await rejection(records.open("foreign", 6, OLD));
    expect(error).toMatchObject({ code: "RECORD_STORE" });
    expect((error as Error).message).toMatch(
      /the record lock:~record:\S+foreign has another type than a hash/,
    );
  });
});

async function eventuallyRead<T>(read: () => Promise<T>): Promise<T> {
  let result: T | undefined;
  await eventually("the servers answer", async () => {
    result = await read().catch(() => undefined);
    return result !== undefined;
  });
  return result as T;
}

describe("a server of three that does not answer", async () => {
  const servers = await testServers(3, DURABLE);
  const urls = servers.map(({ server }) => server.url);

  test("delays nothing while it hangs, and while it is down", async () => {
    const redlock = connect(urls, { requestTimeout: 60_000 });
    const records = lockRecords(redlock);
    await records.put("job", version(1, 1, "running"), OLD);
    const started = performance.now();
    servers[1]!.server.pause();
    await records.open("job", 2, OLD);
    await records.put("job", version(2, 1, "done"), OLD);
    expect(await records.get("job")).toEqual(version(2, 1, "done"));
    servers[1]!.server.resume();
    await servers[1]!.server.kill();
    await records.open("job", 3, OLD);
    await records.put("job", version(3, 1, "done"), OLD);
    expect(await records.get("job")).toEqual(version(3, 1, "done"));
    // Any wait for the server would last for the time limit of a request.
    expect(performance.now() - started).toBeLessThan(50_000);
    await servers[1]!.server.restart();
  });
});

describe("a server without persistence", async () => {
  const [next, ...servers] = await testServers(4);
  const urls = servers.map(({ server }) => server.url);

  test("does not count for older records after its restart, and carries records to another set", async () => {
    const redlock = connect(urls, { restartGuard: false });
    const records = lockRecords(redlock);
    // Servers report their uptime in whole seconds, so one with "3 s" may have run for little more than 2 s.
    for (const { admin } of servers)
      await eventually("3 s of uptime", async () => (await uptimeOf(admin)) >= 3);
    const times = await Promise.all(servers.map(({ admin }) => admin.time()));
    const now = Math.min(...times.map(([seconds]) => Number(seconds) * 1_000));
    const recent = { createdAt: now, keep: 600_000 };
    await records.put("job", version(1, 1, "done"), recent);
    const change = await redlock.reconfigure([urls[0]!, urls[1]!, next!.server.url]);
    await change.complete();
    expect((await records.open("job", 2, recent)).record?.body).toBe("done");
    await servers[0]!.server.restart();
    await next!.server.kill();
    const error = await rejection(records.open("job", 3, recent));
    expect((error as Error).message).toContain("the server may have lost data");
  });
});

describe("a cluster", () => {
  test("keeps records", async () => {
    const cluster = await startRedisCluster();
    closers.push(() => cluster.stop());
    const { Cluster } = await import("ioredis");
    const client = new Cluster(cluster.nodes.map(({ port }) => ({ host: "127.0.0.1", port })));
    closers.push(() => client.disconnect());
    const redlock = new Redlock([client], { restartGuard: false });
    closers.push(() => redlock.close());
    const records = lockRecords(redlock);
    const admin = new Redis(cluster.nodes[0]!.port);
    closers.push(() => admin.disconnect());
    const options = { createdAt: Date.now() + 60_000, keep: 60_000 };
    for (const id of ["a", "b", "c", "d"]) {
      await records.put(id, version(1, 1, "done"), options);
      expect((await records.open(id, 2, options)).record).toEqual(version(1, 1, "done"));
      expect(await records.get(id)).toEqual(version(1, 1, "done"));
    }
  });
});
