import { afterAll, afterEach, describe, expect, test } from "vitest";
import { Redlock } from "../../src/index.ts";
import { startRedisCluster } from "../../src/testing/index.ts";
import { clusterKinds, type TestClient } from "../support/clients.ts";
import { glideClusterKind } from "../support/further-clients.ts";
import { FRESH } from "../support/fresh.ts";
import { testServers } from "../support/server-access.ts";
import { eventually, rejection } from "../support/timing.ts";

const cluster = await startRedisCluster();
const ports = cluster.nodes.map(({ port }) => port);
const singles = await testServers(2);
const cleanUps: (() => unknown)[] = [];

afterEach(async () => {
  await Promise.all(cleanUps.splice(0).map((end) => end()));
});
afterAll(() => cluster.stop());

describe.each([...clusterKinds, glideClusterKind])("$name", (kind) => {
  const make = async (): Promise<Redlock> => {
    const client: TestClient = await kind.connect(ports);
    const redlock = new Redlock([client.source, ...singles.map(({ server }) => server.url)], {
      ...FRESH,
      requestTimeout: 5_000,
    });
    cleanUps.push(async () => {
      await redlock.close();
      client.close();
    });
    return redlock;
  };

  test("acts as one of three instances: names in different slots are locked all or none, with one fencing token", async () => {
    const [one, two] = [await make(), await make()];
    const names = ["alpha", "beta", "gamma", "delta"];
    const held = await one.acquire("gamma");
    expect(await two.tryAcquire(names)).toBeNull();
    await held.release();
    const all = await two.acquire(names);
    for (const name of names) expect(await one.tryAcquire(name)).toBeNull();
    await all.extend();
    expect(await all.release()).toBe(true);
    const after = await one.acquire(names);
    expect(after.fence).toBeGreaterThan(all.fence);
    expect(await after.release()).toBe(true);
  });

  test("notifies a waiter of another client through sharded channels", async () => {
    const [one, two] = [await make(), await make()];
    const held = await one.acquire("waited", { ttl: 600_000 });
    const waiting = two.acquire("waited", { wait: 30_000 });
    await new Promise((resolve) => setTimeout(resolve, 100));
    await held.release();
    await (await waiting).release();
  });

  test("a waiter for names in different slots leaves every line when it gives up, and no instance goes down", async () => {
    const [one, two] = [await make(), await make()];
    const names = ["alpha", "beta", "gamma", "delta"];
    const down: string[] = [];
    two.on("instance:down", ({ instance }) => down.push(instance));
    const held = await one.acquire(names, { ttl: 600_000 });
    expect(await rejection(two.acquire(names, { wait: 300 }))).toMatchObject({ code: "LOCK_TIMEOUT" });
    // This request follows the last requests of the waiter on the same connections.
    expect(await two.tryAcquire("alpha")).toBeNull();
    expect(down).toEqual([]);
    for (const { admin } of singles) {
      expect((await admin.keys("*")).filter((key) => key.endsWith(":wake"))).toEqual([]);
    }
    await held.release();
  });

  test("is rejected if it is listed twice", async () => {
    const [first, second] = [await kind.connect(ports), await kind.connect(ports)];
    const redlock = new Redlock([first.source, second.source], { requestTimeout: 5_000 });
    expect(await rejection(redlock.acquire("a"))).toMatchObject({ code: "LOCK_DUPLICATE_INSTANCE" });
    await redlock.close();
    first.close();
    second.close();
  });
});

// A client of GLIDE cannot be connected again.
describe.each(clusterKinds)("$name", (kind) => {
  test("is identified again if its client is closed and connected again", async () => {
    const client = await kind.connect(ports);
    const redlock = new Redlock([client.source], { ...FRESH, requestTimeout: 5_000 });
    cleanUps.push(async () => {
      await redlock.close();
      client.close();
    });
    const before = await redlock.acquire("reconnected");
    await before.release();
    let downs = 0;
    redlock.on("instance:down", () => (downs += 1));
    client.close();
    await eventually("the closed client is noticed", () => downs === 1);
    await (client.source as unknown as { connect(): Promise<unknown> }).connect();
    const after = await redlock.acquire("reconnected");
    expect(after.fence).toBeGreaterThan(before.fence);
    await after.release();
  });
});
