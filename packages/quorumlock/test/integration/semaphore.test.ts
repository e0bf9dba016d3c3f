import { Redis } from "ioredis";
import { describe, expect, test } from "vitest";
import type { PermitLock } from "../../src/index.ts";
import { bundledProgram } from "../support/bundled-program.ts";
import { clientsOn, startClusterClient } from "../support/real-clients.ts";
import { otherRedlocks } from "../support/other-redlocks.ts";
import { ports, testServers } from "../support/server-access.ts";
import { exitsOfFour } from "../support/test-processes.ts";
import { eventually, rejection } from "../support/timing.ts";

// Semaphores on real servers.

const servers = await testServers(3);
const startHolder = await bundledProgram(new URL("../support/permit-holder.ts", import.meta.url));
const [store] = servers;
const client = clientsOn(servers);

describe.each([1, 3])("on %i servers", (count) => {
  test("four processes hold never more than K permits, each slot once, with increasing tokens", async () => {
    const args = ["8", ...ports(servers).slice(0, count).map(String)];
    const exits = await exitsOfFour(() => startHolder(args));
    const { admin } = store!;
    expect(exits).toEqual([0, 0, 0, 0]);
    expect(await admin.get("visits")).toBe("160");
    expect(await admin.get("violations")).toBeNull();
    expect(Number(await admin.get("most"))).toBeGreaterThan(1);
    const keys = await admin.keys("*");
    await admin.del(keys.filter((key) => !key.startsWith("lock:")));
  });

  test("the largest semaphore: all 10,000 permits at once, and one at a time", async () => {
    const pool = client({}, count).semaphore("pool", { permits: 10_000 });
    expect(await pool.available()).toBe(10_000);
    const most = await pool.acquire({ permits: 9_999 });
    expect(most.slots).toHaveLength(9_999);
    const last = await pool.acquire();
    expect(await pool.tryAcquire()).toBeNull();
    expect(new Set([...most.slots, ...last.slots]).size).toBe(10_000);
    await most.extend();
    await most.release();
    expect(await pool.available()).toBe(9_999);
    await last.release();
    const held: PermitLock[] = [];
    for (let turn = 0; turn < 50; turn += 1)
      held.push(...(await Promise.all(Array.from({ length: 20 }, () => pool.acquire()))));
    expect(new Set(held.flatMap(({ slots }) => slots)).size).toBe(1_000);
    expect(await pool.available()).toBe(9_000);
    await Promise.all(held.map((lock) => lock.release()));
  });

  test("the permits of a holder that dies are free at the end of its ttl", async () => {
    const [one, two] = [client({}, count), client({}, count)];
    const options = { permits: 2 };
    const dead = await one.semaphore("pool", options).acquire({ ttl: 1_000, autoExtend: false, permits: 2 });
    const next = await two.semaphore("pool", options).acquire({ wait: 30_000 });
    expect(dead.isHeld).toBe(false);
    await next.release();
  });
});

describe("a plain client of another library", () => {
  test.each(otherRedlocks)("$name is excluded by permits, and excludes them", async ({ make }) => {
    const sources = servers.map(({ server }) => new Redis(server.port));
    const other = make(sources);
    const redlock = client({ prefix: "" });
    const pool = redlock.semaphore("pool", { permits: 2 });
    const held = await pool.acquire();
    expect(String(await rejection(other.lock("pool")))).toMatch(/LockError|ExecutionError/);
    const sets = await Promise.all(servers.map(({ admin }) => admin.set("pool", "mine", "PX", 5_000, "NX")));
    expect(sets).toEqual([null, null, null]);
    await held.release();
    const theirs = await other.lock("pool");
    expect(await pool.tryAcquire()).toBeNull();
    await theirs.unlock();
    await (await pool.acquire()).release();
    for (const source of sources) source.disconnect();
    for (const { admin } of servers) await admin.flushall();
  });
});

test("one name as two kinds is an error at once, and leaves nothing behind", async () => {
  const [one, two] = [client(), client()];
  const permit = await one.semaphore("doc", { permits: 3 }).acquire();
  for (const redlock of [one, two]) {
    for (const lockable of [redlock.readWrite("doc").read, redlock.readWrite("doc").write]) {
      expect(await rejection(lockable.acquire())).toMatchObject({ code: "LOCK_KIND", names: ["doc"] });
      expect(await rejection(lockable.tryAcquire())).toMatchObject({ code: "LOCK_KIND" });
    }
  }
  await permit.release();
  const reader = await one.readWrite("doc").read.acquire();
  for (const redlock of [one, two]) {
    const pool = redlock.semaphore("doc", { permits: 3 });
    expect(await rejection(pool.acquire())).toMatchObject({ code: "LOCK_KIND", names: ["doc"] });
    expect(await rejection(pool.tryUsing(() => undefined))).toMatchObject({ code: "LOCK_KIND" });
    expect(await rejection(pool.available())).toMatchObject({ code: "LOCK_KIND" });
    expect(await rejection(pool.resize(2))).toMatchObject({ code: "LOCK_KIND" });
  }
  await reader.release();
});

test("a process with fewer permits in its program learns the size that another one has set", async () => {
  const [one, two] = [client(), client()];
  await one.semaphore("pool", { permits: 2 }).resize(5);
  const pool = two.semaphore("pool", { permits: 2 });
  const held = await Promise.all(Array.from({ length: 5 }, () => pool.acquire()));
  expect(await pool.tryAcquire()).toBeNull();
  expect(await pool.available()).toBe(0);
  await Promise.all(held.map((lock) => lock.release()));
  await one.semaphore("pool", { permits: 2 }).resize(3);
  expect(await rejection(two.semaphore("pool", { permits: 9 }).acquire({ permits: 4 }))).toMatchObject({
    name: "RangeError",
    message: "permits: 4 is more than the 3 permits of the semaphore; acquire fewer, or resize it",
  });
});

test("permits that servers grant after the time limit are undone", async () => {
  const pool = client({ requestTimeout: 200 }).semaphore("pool", { permits: 2 });
  await (await pool.acquire()).release();
  await Promise.all(servers.map(({ admin }) => admin.client("PAUSE", 600, "ALL")));
  expect(await rejection(pool.acquire({ permits: 2, wait: 300 }))).toMatchObject({ code: "LOCK_NO_QUORUM" });
  const other = client().semaphore("pool", { permits: 2 });
  await eventually("all permits are free", async () => (await other.available()) === 2);
  const held = await other.acquire({ permits: 2 });
  await held.release();
});

test("a cluster is one of the instances", async () => {
  await using started = await startClusterClient(servers);
  const { redlock } = started;
  const pool = redlock.semaphore("pool", { permits: 2 });
  const held = [await pool.acquire(), await pool.acquire()];
  const waiting = pool.acquire({ wait: 30_000 });
  await held[0]!.release();
  const third = await waiting;
  expect(third.slots).toEqual(held[0]!.slots);
  expect(third.fence).toBeGreaterThan(held[0]!.fence);
  await third.release();
  await held[1]!.release();
});
