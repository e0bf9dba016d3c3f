import { Cluster, Redis } from "ioredis";
import { Redis as Redis5 } from "ioredis5";
import { createClient } from "redis";
import { createClient as createClient5 } from "redis5";
import { afterAll, describe, expect, test } from "vitest";
import { type CacheStore, keyvStore, mapStore, redisStore } from "../../../src/patterns/index.ts";
import { startRedisCluster } from "../../../src/testing/index.ts";
import { testServers } from "../../support/server-access.ts";
import { eventually } from "../../support/timing.ts";
import { VirtualClock } from "../../support/virtual-clock.ts";

const [{ server, admin }] = (await testServers(1)) as [Awaited<ReturnType<typeof testServers>>[0]];
const cluster = await startRedisCluster();
const url = `redis://127.0.0.1:${server.port}`;
const nodeRedis = [await createClient({ url }).connect(), await createClient5({ url }).connect()] as const;
const ioredis = [new Redis(url), new Redis5(url)] as const;
const nodes = new Cluster(cluster.nodes.map(({ port }) => ({ host: "127.0.0.1", port })));
afterAll(async () => {
  for (const client of nodeRedis) client.destroy();
  for (const client of [...ioredis, nodes]) client.disconnect();
  await cluster.stop();
});

/** A Keyv with its memory adapter, as far as its interface goes. */
function keyvLike(): Parameters<typeof keyvStore>[0] {
  const map = new Map<string, { value: string; expires: number | undefined }>();
  return {
    get: async (key) => {
      const found = map.get(key);
      return found === undefined || (found.expires ?? Infinity) <= Date.now() ? undefined : found.value;
    },
    set: async (key, value, ttl) => {
      map.set(key, { value, expires: ttl === undefined ? undefined : Date.now() + ttl });
      return true;
    },
    delete: async (key) => map.delete(key),
  };
}

const stores: readonly (readonly [name: string, store: CacheStore])[] = [
  ["a Map", mapStore()],
  ["ioredis 6", redisStore(ioredis[0], { prefix: "i6:" })],
  ["ioredis 5", redisStore(ioredis[1], { prefix: "i5:" })],
  ["node-redis 6", redisStore(nodeRedis[0], { prefix: "n6:" })],
  ["node-redis 5", redisStore(nodeRedis[1], { prefix: "n5:" })],
  ["a cluster", redisStore(nodes)],
  ["Keyv", keyvStore(keyvLike())],
];
const V1 = "1".repeat(32);
const V2 = "2".repeat(32);

describe.each(stores)("the store on %s", (_, store) => {
  test("has what was stored, until it is deleted or expires", async () => {
    expect((await store.get("a")) ?? undefined).toBeUndefined();
    await store.set("a", "text é \u0000 \n", 60_000);
    expect(await store.get("a")).toBe("text é \u0000 \n");
    await store.set("a", "other", 60_000);
    expect(await store.get("a")).toBe("other");
    await store.delete("a");
    expect((await store.get("a")) ?? undefined).toBeUndefined();
    await store.set("short", "text", 1);
    await eventually("it has expired", async () => ((await store.get("short")) ?? undefined) === undefined);
  });
});

describe.each(stores.filter(([, store]) => store.replace !== undefined))(
  "the store on %s compares",
  (_, store) => {
    test("the version, and stores in the same step", async () => {
      const replace = (version: string | undefined, text: string) =>
        store.replace!("r", version, text, 60_000);
      expect(await replace(undefined, `${V1} first`)).toBe(true);
      expect(await replace(undefined, `${V2} late`)).toBe(false);
      expect(await replace(V2, `${V2} late`)).toBe(false);
      expect(await store.get("r")).toBe(`${V1} first`);
      expect(await replace(V1, `${V2} second`)).toBe(true);
      expect(await replace(V1, `${V1} late`)).toBe(false);
      expect(await store.get("r")).toBe(`${V2} second`);
      // What was there has expired.
      await store.delete("r");
      expect(await replace(V2, `${V1} third`)).toBe(true);
    });

    test("of a hundred late writers, one writes", async () => {
      await store.set("race", `${V1} old`, 60_000);
      const results = await Promise.all(
        Array.from({ length: 100 }, async (_unused, index) =>
          store.replace!("race", V1, `${String(index).padStart(32, "a")} new`, 60_000),
        ),
      );
      expect(results.filter(Boolean)).toHaveLength(1);
    });
  },
);

test("a Map has a bound, and drops what was written longest ago", () => {
  const clock = new VirtualClock();
  const map = new Map<string, { text: string; expiresAt: number }>();
  const store = mapStore(map, { maxEntries: 3, clock });
  for (const key of ["a", "b", "c", "a", "d"]) void store.set(key, key, 1_000);
  expect([...map.keys()]).toEqual(["c", "a", "d"]);
  clock.pause(1_000);
  expect(store.get("a")).toBeUndefined();
  expect(map.size).toBe(2);
});

test("Keyv that has stored nothing rejects", async () => {
  const store = keyvStore({ ...keyvLike(), set: async () => false });
  await expect(store.set("a", "b", 1)).rejects.toThrow("Keyv did not store the entry");
});

test("keys on Redis begin with the prefix and expire", async () => {
  await redisStore(ioredis[0]).set("v:x", "text", 5_000);
  expect(await admin.pttl("cache:v:x")).toBeGreaterThan(4_000);
});
