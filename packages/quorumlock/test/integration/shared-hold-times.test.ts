import { expect, test } from "vitest";
import { AdaptiveTtl, Redlock, withAdaptiveTtl } from "../../src/index.ts";
import { systemClock } from "../../src/base/clock.ts";
import { keySpaceOf } from "../../src/operations/keys.ts";
import { startRedisCluster } from "../../src/testing/index.ts";
import { clusterKinds, singleKinds } from "../support/clients.ts";
import { FRESH } from "../support/fresh.ts";
import { ports, testServers } from "../support/server-access.ts";
import { eventually } from "../support/timing.ts";

const KEY = keySpaceOf("lock:").holdSummary("order:*");
const BASE = 1_000;
const servers = await testServers(3);

/** One process: a client, hold times of its own, and a clock that a test can move on under a lock. */
function processOf(sources: ConstructorParameters<typeof Redlock>[0]) {
  let aheadMs = 0;
  const clock = { ...systemClock, monotonic: () => systemClock.monotonic() + aheadMs };
  const redlock = new Redlock(sources, { ...FRESH, clock });
  const adaptive = new AdaptiveTtl({ base: BASE, shared: true });
  return {
    redlock,
    adaptive,
    hold: (id: number, ms: number): Promise<number> =>
      withAdaptiveTtl(redlock.mutex(`order:${id}`), adaptive).using(({ ttl }) => {
        aheadMs += ms;
        return ttl;
      }),
    learnt: (): boolean => (adaptive.statistics("order:1")?.recommendedTtl ?? 0) > BASE,
  };
}

/** One process holds its locks for 450 ms, and a new one begins with its hold times. */
async function shareBetween(first: ReturnType<typeof processOf>, second: ReturnType<typeof processOf>) {
  for (let id = 0; id < 12; id++) await first.hold(id, 450);
  expect(first.learnt()).toBe(true);
  // The write is under way when the tenth lock was released. A read behind it on the same connections finds it.
  await first.hold(99, 450);
  expect(await second.hold(77, 1)).toBe(BASE);
  await eventually("the hold times of the first process arrive", second.learnt);
  expect(await second.hold(78, 1)).toBeGreaterThan(BASE);
  expect(second.adaptive.statistics("order:1")).toMatchObject({ sampleCount: 2 });
  await first.redlock.close();
  await second.redlock.close();
}

test.each(singleKinds)("a new process begins with the hold times of another one: $name", async (kind) => {
  for (const { admin } of servers) await admin.flushall();
  const connections = await Promise.all(
    [...ports(servers), ...ports(servers)].map((port) => kind.connect([port])),
  );
  const sources = connections.map(({ source }) => source) as ConstructorParameters<typeof Redlock>[0] &
    unknown[];
  await shareBetween(processOf(sources.slice(0, 3) as never), processOf(sources.slice(3) as never));
  for (const { admin } of servers) {
    expect(await admin.get(KEY)).toMatch(/^1:\d+(,\d+){19}$/);
    const leftMs = await admin.pttl(KEY);
    expect(leftMs).toBeGreaterThan(80_000_000);
    expect(leftMs).toBeLessThanOrEqual(86_400_000);
  }
  for (const { close } of connections) close();
});

test("clusters share hold times as well", async () => {
  const cluster = await startRedisCluster();
  const [kind] = clusterKinds;
  const nodes = cluster.nodes.map(({ port }) => port);
  const connections = await Promise.all([kind!.connect(nodes), kind!.connect(nodes)]);
  const [first, second] = connections.map(({ source }) => processOf([source as never]));
  await shareBetween(first!, second!);
  for (const { close } of connections) close();
  await cluster.stop();
});

test("no lock has a key among those of the summaries, whatever its kind", async () => {
  for (const { admin } of servers) await admin.flushall();
  const urls = ports(servers).map((port) => `redis://localhost:${port}`);
  const redlock = new Redlock(urls, FRESH);
  const { read, write } = redlock.readWrite("order:*");
  const lockables = [
    redlock.semaphore("order:*", { permits: 3 }),
    read,
    write,
    redlock.hierarchy("order:*", "b"),
    redlock.fair("order:*"),
    redlock.tenant("t", { maxLocks: 2 }).mutex("order:*"),
    redlock.mutex("order:*"),
  ];
  for (const lockable of lockables) {
    const lock = await lockable.acquire();
    for (const { admin } of servers) expect(await admin.keys("lock:~ttl:*")).toEqual([]);
    await lock.release();
  }
  expect(KEY).toMatch(/^lock:~ttl:\{/);
  await expect(redlock.acquire("~ttl:x")).rejects.toThrow(/begins with "~"/);
  await redlock.close();
});

test("values of another type or without a meaning are ignored, and replaced", async () => {
  for (const { admin } of servers) await admin.flushall();
  const [a, b, c] = servers;
  await a!.admin.hset(KEY, "field", "value");
  await b!.admin.set(KEY, "x".repeat(1_000_000));
  await c!.admin.set(KEY, `1:${Array(20).fill("9999999999").join(",")}x`);
  const urls = ports(servers).map((port) => `redis://localhost:${port}`);
  const { redlock, hold, adaptive } = processOf(urls);
  for (let id = 0; id < 9; id++) expect(await hold(id, 1)).toBe(BASE);
  await hold(9, 1);
  await redlock.close();
  expect(adaptive.statistics("order:1")!.sampleCount).toBe(10);
  for (const { admin } of servers) {
    expect(await admin.get(KEY)).toMatch(/^1:\d+(,\d+){19}$/);
    expect(await admin.pttl(KEY)).toBeGreaterThan(0);
  }
});
