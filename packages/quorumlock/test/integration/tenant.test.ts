import { Redis } from "ioredis";
import { describe, expect, test } from "vitest";
import { type Lock, type Lockable, TenantLimitError } from "../../src/index.ts";
import { bundledProgram } from "../support/bundled-program.ts";
import { clientsOn, startClusterClient } from "../support/real-clients.ts";
import { otherRedlocks } from "../support/other-redlocks.ts";
import { RequestCounter } from "../support/request-counter.ts";
import { ports, testServers } from "../support/server-access.ts";
import { exitsOfFour } from "../support/test-processes.ts";
import { rejection } from "../support/timing.ts";

// Locks of tenants on real servers.

const servers = await testServers(3);
const startHolder = await bundledProgram(new URL("../support/tenant-holder.ts", import.meta.url));
const [store] = servers;
const client = clientsOn(servers);

describe.each([1, 3])("on %i servers", (count) => {
  test("four processes of a tenant never hold more than its limit, and each name once", async () => {
    const args = ["6", ...ports(servers).slice(0, count).map(String)];
    const exits = await exitsOfFour(() => startHolder(args));
    const { admin } = store!;
    expect(exits).toEqual([0, 0, 0, 0]);
    expect(await admin.get("visits")).toBe("120");
    expect(await admin.get("violations")).toBeNull();
    expect(Number(await admin.get("most"))).toBeGreaterThan(1);
    const keys = await admin.keys("*");
    await admin.del(keys.filter((key) => !key.startsWith("lock:")));
  });

  test("a lock of a process that dies, and its place under the limit, end with its ttl", async () => {
    const acme = client({}, count).tenant("acme", { maxLocks: 1 });
    const dead = await acme.mutex("a").acquire({ ttl: 300, autoExtend: false, wait: 60_000 });
    const next = await client({}, count).tenant("acme", { maxLocks: 1 }).mutex("b").acquire({ wait: 30_000 });
    expect(dead.isHeld).toBe(false);
    await next.release();
  });
});

describe("a plain client of another library", () => {
  test.each(otherRedlocks)("$name is excluded by a lock of a tenant, and excludes it", async ({ make }) => {
    const sources = servers.map(({ server }) => new Redis(server.port));
    const other = make(sources);
    const acme = client({ prefix: "" }).tenant("acme", { maxLocks: 1 });
    const held = await acme.mutex("report").acquire();
    expect(String(await rejection(other.lock("{acme}//n/report")))).toMatch(/LockError|ExecutionError/);
    await held.release();
    const theirs = await other.lock("{acme}//n/report");
    expect(await acme.mutex("report").tryAcquire()).toBeNull();
    expect(await acme.usage()).toEqual({ maxLocks: 1, held: 0 });
    await theirs.unlock();
    await (await acme.mutex("report").acquire()).release();
    for (const source of sources) source.disconnect();
    for (const { admin } of servers) await admin.flushall();
  });
});

test("a cluster is one of the instances: a tenant lies in one hash slot", async () => {
  await using started = await startClusterClient(servers);
  const { redlock } = started;
  const acme = redlock.tenant("acme", { maxLocks: 2 });
  const held = [await acme.mutex(["x", "y", "z"]).acquire(), await acme.hierarchy("eu", "users").acquire()];
  await expect(acme.mutex("w").tryAcquire()).rejects.toThrow(TenantLimitError);
  const waiting = acme.readWrite("doc").read.acquire({ wait: 30_000 });
  await held[0]!.release();
  await (await waiting).release();
  await held[1]!.release();
});

test("one lock costs about as many commands as a permit and a mutex", async () => {
  const redlock = client({ autoExtend: false, requestTimeout: 60_000, ttl: 120_000 }, 1);
  const acme = redlock.tenant("acme", { maxLocks: 10 });
  await acme.mutex("warm-up").using(() => undefined);
  await using counter = await RequestCounter.start([store!]);
  const commandsOf = async (work: () => Promise<unknown>): Promise<number> =>
    (await counter.during([redlock], work))[0]!.commands.length;
  const cost = async (lockable: Lockable): Promise<readonly number[]> => {
    let lock: Lock | undefined;
    return [
      await commandsOf(async () => (lock = await lockable.acquire())),
      await commandsOf(async () => lock?.extend(150_000)),
      await commandsOf(async () => lock?.release()),
    ];
  };
  expect(await cost(acme.mutex("a"))).toEqual([7, 7, 2]);
  expect(await cost(acme.readWrite("a").read)).toEqual([7, 7, 2]);
  const [one, two] = [await acme.mutex("b").acquire(), await acme.mutex("c").acquire()];
  expect(await cost(acme.mutex("a"))).toEqual([14, 7, 3]);
  for (const lock of [one, two]) await lock.release();
});
