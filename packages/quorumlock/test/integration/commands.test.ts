import { afterAll, expect, test } from "vitest";
import type { Lock, Lockable, ReadLock, Redlock } from "../../src/index.ts";
import { clientsOn } from "../support/real-clients.ts";
import { RequestCounter } from "../support/request-counter.ts";
import { testServers } from "../support/server-access.ts";
import { rejection } from "../support/timing.ts";

// How many commands a server carries out inside the scripts, as the tables of docs/primitives.md say.

const servers = await testServers(1);
const counter = await RequestCounter.start(servers);
afterAll(() => counter[Symbol.asyncDispose]());
const client = clientsOn(servers);

/** A client whose requests are not repeated, and whose locks do not expire or extend themselves meanwhile. */
function calmClient(): Redlock {
  return client({ autoExtend: false, requestTimeout: 60_000, ttl: 120_000 }, 1);
}

async function commandsOf(redlock: Redlock, work: () => Promise<unknown>): Promise<number> {
  return (await counter.during([redlock], work))[0]!.commands.length;
}

/** The commands of an acquire and of a release. */
async function costOf(
  redlock: Redlock,
  lockable: Pick<Lockable, "acquire">,
): Promise<readonly [number, number]> {
  let lock: Lock | undefined;
  const acquire = await commandsOf(redlock, async () => (lock = await lockable.acquire()));
  return [acquire, await commandsOf(redlock, async () => lock?.release())];
}

test("a free lock", async () => {
  const redlock = calmClient();
  // The counters of the hash slots are made.
  for (const name of ["m", "rw", "{t}"]) await redlock.using(name, () => undefined);
  expect(await costOf(redlock, redlock.mutex("m"))).toEqual([2, 2]);
  expect(await costOf(redlock, redlock.readWrite("rw").write)).toEqual([3, 2]);
  expect(await costOf(redlock, redlock.readWrite("rw").read)).toEqual([3, 2]);
  expect(await costOf(redlock, redlock.hierarchy("t", "a", "b"))).toEqual([5, 2]);
  expect(await costOf(redlock, redlock.fair("m"))).toEqual([3, 2]);
});

test("a conversion", async () => {
  const redlock = calmClient();
  const { read, write } = redlock.readWrite("rw");
  await write.using(() => undefined);
  const writing = await write.acquire();
  let reading: ReadLock | undefined;
  expect(await commandsOf(redlock, async () => (reading = await writing.downgrade()))).toBe(12);
  let written: Lock | undefined;
  expect(await commandsOf(redlock, async () => (written = await reading!.upgrade()))).toBe(10);
  await written!.release();
  const [first, second] = [await read.acquire(), await read.acquire()];
  expect(await commandsOf(redlock, () => rejection(first.upgrade()))).toBe(27);
  for (const lock of [first, second]) await lock.release();
});

test("a permit", async () => {
  const redlock = calmClient();
  const jobs = redlock.semaphore("jobs", { permits: 20 });
  await redlock.using("jobs", () => undefined);
  expect(await costOf(redlock, jobs)).toEqual([5, 2]);
  // The second holder makes the counters of the slots.
  const first = await jobs.acquire();
  expect(await costOf(redlock, jobs)).toEqual([30, 2]);
  // The counter of the hash slot is written only if that of the slot is larger.
  const [beside, released] = await costOf(redlock, jobs);
  expect([10, 11]).toContain(beside);
  expect(released).toBe(2);
  const [second, third, fourth] = [await jobs.acquire(), await jobs.acquire(), await jobs.acquire()];
  // Others were granted a permit after this one.
  expect(await commandsOf(redlock, () => third.release())).toBe(8);
  for (const lock of [first, second, fourth]) await lock.release();
  // The counters last for 7 days.
  const [later] = await costOf(redlock, jobs);
  expect([10, 11]).toContain(later);
});

test("a permit, whichever of them are free", async () => {
  const redlock = calmClient();
  const jobs = redlock.semaphore("jobs", { permits: 10 });
  await redlock.using("jobs", () => undefined);
  // The order in which a token takes slots is random, and can miss those that are free.
  for (let round = 0; round < 4; round += 1) {
    const held = [await jobs.acquire(), await jobs.acquire()];
    const costs: number[] = [];
    while (held.length < 10)
      costs.push(await commandsOf(redlock, async () => held.push(await jobs.acquire())));
    expect(costs.filter((cost) => cost < 10 || cost > 13)).toEqual([]);
    for (const lock of held) await lock.release();
  }
});
