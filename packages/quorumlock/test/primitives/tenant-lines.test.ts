import { randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { type Lock, type Redlock, type Tenant } from "../../src/index.ts";
import { settle } from "../support/virtual-clock.ts";
import { watchedWorld } from "../support/watched-world.ts";

// What a lock and the limit of its tenant do to each other. The tokens are random, as in a program, so that callers choose different slots.

const FOREVER = { wait: Infinity };

function createWorld() {
  const world = watchedWorld(3, { restartGuard: false });
  world.clock.randomToken = () => randomBytes(16).toString("hex");
  const clients = [world.client(), world.client()] as const;
  return { ...world, clients };
}

function tenantOf(redlock: Redlock, maxLocks: number): Tenant {
  return redlock.tenant("acme", { maxLocks });
}

function watch<L extends Lock>(promise: Promise<L>): { lock: L | undefined } {
  const seen: { lock: L | undefined } = { lock: undefined };
  void promise.then((lock) => (seen.lock = lock));
  return seen;
}

test("the fencing tokens of a slot of a tenant's semaphore increase, whatever the tokens of the limit are", async () => {
  const { clients } = createWorld();
  const acme = tenantOf(clients[0], 5);
  const jobs = acme.semaphore("jobs", { permits: 1 });
  let last = 0;
  for (let turn = 0; turn < 60; turn += 1) {
    for (let other = 0; other < 3; other += 1) await (await acme.mutex("other").acquire()).release();
    const lock = await jobs.acquire();
    expect(lock.fence).toBeGreaterThan(last);
    last = lock.fence;
    await lock.release();
  }
});

test.each(["a semaphore", "a semaphore of a tenant"])(
  "%s: callers behind the eighth of a process come too when permits are free",
  async (what) => {
    const { clients } = createWorld();
    const jobsOf = (redlock: Redlock) =>
      (what === "a semaphore" ? redlock : tenantOf(redlock, 100)).semaphore("jobs", { permits: 20 });
    const all = await jobsOf(clients[0]).acquire({ permits: 20 });
    const jobs = jobsOf(clients[1]);
    const first = Array.from({ length: 8 }, () => watch(jobs.acquire(FOREVER)));
    await settle();
    const later = Array.from({ length: 8 }, () => watch(jobs.acquire(FOREVER)));
    await settle();
    await all.release();
    await settle();
    expect([...first, ...later].filter(({ lock }) => lock !== undefined)).toHaveLength(16);
  },
);

test("a caller that the limit lets in, and a holder keeps out, lets those behind it in", async () => {
  const { clients, clock } = createWorld();
  const [one, two] = clients.map((redlock) => tenantOf(redlock, 3)) as [Tenant, Tenant];
  const free = await one.mutex("free").acquire();
  await one.mutex("hot").acquire();
  await one.mutex("other").acquire();
  for (let index = 0; index < 4; index += 1) {
    watch(two.mutex("hot").acquire(FOREVER));
    await clock.advance(10);
  }
  const waiting = watch(two.mutex("fresh").acquire(FOREVER));
  await clock.advance(300);
  await free.release();
  await settle();
  expect(waiting.lock?.isHeld).toBe(true);
});

describe("a smaller limit", () => {
  test("leaves the locks above it, and counts them", async () => {
    const { clients } = createWorld();
    const acme = tenantOf(clients[0], 5);
    const held = [];
    for (const name of ["a", "b", "c", "d"]) held.push(await acme.mutex(name).acquire());
    await acme.setMaxLocks(2);
    expect(await acme.usage()).toEqual({ maxLocks: 2, held: 4 });
    for (const lock of held) expect(await lock.release()).toBe(true);
    expect(await acme.usage()).toEqual({ maxLocks: 2, held: 0 });
  });

  test("does not keep readers above it from an upgrade", async () => {
    const { clients } = createWorld();
    const acme = tenantOf(clients[0], 5);
    const readers = [];
    for (let index = 0; index < 5; index += 1) readers.push(await acme.readWrite(`r${index}`).read.acquire());
    await acme.setMaxLocks(1);
    for (const reader of readers) {
      const writer = await reader.upgrade();
      expect(writer.isHeld).toBe(true);
      expect(await writer.release()).toBe(true);
    }
  });
});

test("another process sees the new number of permits with its first call", async () => {
  const { clients } = createWorld();
  const [one, two] = clients.map((redlock) => redlock.semaphore("jobs", { permits: 3 }));
  await one!.resize(10);
  const lock = await two!.acquire({ permits: 5 });
  expect(lock.slots).toHaveLength(5);
  await expect(two!.acquire({ permits: 11 })).rejects.toThrow("permits: 11 is more than the 10 permits");
  await lock.release();
});

test("the position in the line of a fair lock is right in a tenant, also after the limit kept callers out", async () => {
  const { clients, clock } = createWorld();
  const acme = tenantOf(clients[0], 5);
  await acme.setMaxLocks(2);
  const held = [await acme.fair("turn").acquire(), await acme.mutex("other").acquire()];
  const turn = acme.fair("turn");
  const waiting = watch(turn.acquire(FOREVER));
  await clock.advance(50);
  await held.pop()!.release();
  await clock.advance(50);
  expect(await turn.position()).toMatchObject({ ahead: 0, waiting: 1 });
  await held.pop()!.release();
  await settle();
  expect(waiting.lock?.isHeld).toBe(true);
  expect((await turn.position()).expectedWait ?? 0).not.toBeNaN();
});

test("trees and tenants with one id have no key in common", async () => {
  const { clients } = createWorld();
  const tree = await clients[0].hierarchy("acme", "n", "report").acquire();
  const other = await clients[0].hierarchy("acme", "q").acquire({ wait: 0 });
  const acme = tenantOf(clients[1], 1);
  const lock = await acme.mutex("report").acquire();
  expect(await acme.usage()).toEqual({ maxLocks: 1, held: 1 });
  for (const each of [tree, other, lock]) await each.release();
});
