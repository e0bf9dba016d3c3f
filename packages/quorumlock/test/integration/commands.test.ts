import { expect, test } from "vitest";
import type { Lock, Lockable, ReadLock } from "../../src/index.ts";
import { clientsOn } from "../support/real-clients.ts";
import { testServers } from "../support/server-access.ts";
import { rejection } from "../support/timing.ts";

// How many commands a server carries out inside the scripts, as the tables of docs/primitives.md say.

const servers = await testServers(1);
const { admin } = servers[0]!;
const client = clientsOn(servers);

async function commandsOf(work: () => Promise<unknown>): Promise<number> {
  await admin.config("RESETSTAT");
  await work();
  const stats = await admin.info("commandstats");
  return [...stats.matchAll(/^cmdstat_(\w+):calls=(\d+)/gm)]
    .filter(([, command]) => command !== "evalsha" && command !== "eval")
    .reduce((sum, [, , calls]) => sum + Number(calls), 0);
}

/** The commands of an acquire and of a release. */
async function costOf(lockable: Pick<Lockable, "acquire">): Promise<readonly [number, number]> {
  let lock: Lock | undefined;
  const acquire = await commandsOf(async () => (lock = await lockable.acquire()));
  return [acquire, await commandsOf(async () => lock?.release())];
}

test("a free lock", async () => {
  const redlock = client({ autoExtend: false }, 1);
  // The counters of the hash slots are made.
  for (const name of ["m", "rw", "{t}"]) await redlock.using(name, () => undefined);
  expect(await costOf(redlock.mutex("m"))).toEqual([2, 2]);
  expect(await costOf(redlock.readWrite("rw").write)).toEqual([3, 2]);
  expect(await costOf(redlock.readWrite("rw").read)).toEqual([3, 2]);
  expect(await costOf(redlock.hierarchy("t", "a", "b"))).toEqual([5, 2]);
  expect(await costOf(redlock.fair("m"))).toEqual([3, 2]);
});

test("a conversion", async () => {
  const redlock = client({ autoExtend: false }, 1);
  const { read, write } = redlock.readWrite("rw");
  await write.using(() => undefined);
  const writing = await write.acquire();
  let reading: ReadLock | undefined;
  expect(await commandsOf(async () => (reading = await writing.downgrade()))).toBe(12);
  let written: Lock | undefined;
  expect(await commandsOf(async () => (written = await reading!.upgrade()))).toBe(10);
  await written!.release();
  const [first, second] = [await read.acquire(), await read.acquire()];
  expect(await commandsOf(() => rejection(first.upgrade()))).toBe(27);
  for (const lock of [first, second]) await lock.release();
});

test("a permit", async () => {
  const redlock = client({ autoExtend: false }, 1);
  const jobs = redlock.semaphore("jobs", { permits: 20 });
  await redlock.using("jobs", () => undefined);
  expect(await costOf(jobs)).toEqual([5, 2]);
  // The second holder makes the counters of the slots.
  const first = await jobs.acquire();
  expect(await costOf(jobs)).toEqual([30, 2]);
  // The counter of the hash slot is written only if that of the slot is larger.
  const [beside, released] = await costOf(jobs);
  expect([10, 11]).toContain(beside);
  expect(released).toBe(2);
  const [second, third, fourth] = [await jobs.acquire(), await jobs.acquire(), await jobs.acquire()];
  // Others were granted a permit after this one.
  expect(await commandsOf(() => third.release())).toBe(8);
  for (const lock of [first, second, fourth]) await lock.release();
  // The counters last for 7 days.
  const [later] = await costOf(jobs);
  expect([10, 11]).toContain(later);
});
