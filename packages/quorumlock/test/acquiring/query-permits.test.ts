import { describe, expect, test } from "vitest";
import {
  type Lock,
  LockClosedError,
  LockKindError,
  type PermitLock,
  QuorumError,
  withRetry,
} from "../../src/index.ts";
import { rejection } from "../support/timing.ts";
import { settle } from "../support/virtual-clock.ts";
import { type WatchedWorld, watchedWorld } from "../support/watched-world.ts";

const FOREVER = { wait: Infinity };
const TOKEN = `${"0123456789abcdef".repeat(2)}@elsewhere`;

/** Gives slots to a token on one instance, as a request that reached no other instance does. */
function holdOn(world: WatchedWorld, index: number, slots: string, map: string, lastingMs: number): void {
  const deadline = Math.floor(world.clock.wall()) + lastingMs;
  world.instances[index]!.set("lock:jobs", `~p 0 0 0 ${map} ${deadline}:${slots}:${TOKEN}`, lastingMs);
}

describe("a query of a semaphore", () => {
  test("reports that nothing is held, and writes nothing", async () => {
    const world = watchedWorld();
    const redlock = world.client();
    await redlock.query("warm");
    const keys = world.instances.map((instance) => instance.keys());
    for (const instance of world.instances) instance.operations.length = 0;
    expect(await redlock.semaphore("jobs", { permits: 3 }).query()).toEqual({
      names: ["jobs"],
      isHeld: false,
      holders: [],
      partial: [],
      waiters: 0,
      answers: 3,
      instances: 3,
      permits: 3,
      free: 3,
    });
    for (const { operations } of world.instances) expect(operations).toEqual(["slots.query"]);
    expect(world.instances.map((instance) => instance.keys())).toEqual(keys);
  });

  test("reports each holder with its slots, and the callers that wait", async () => {
    const world = watchedWorld();
    const [one, two] = [world.client({ owner: "one" }), world.client({ owner: "two" })];
    const [mine, theirs] = [one, two].map((redlock) => redlock.semaphore("jobs", { permits: 4 }));
    const large = await mine!.acquire({ permits: 2, ttl: 8_000, autoExtend: false });
    const small = await theirs!.acquire({ ttl: 5_000, autoExtend: false });
    const waiting = [mine!.acquire({ permits: 3, ...FOREVER }), theirs!.acquire({ permits: 2, ...FOREVER })];
    await settle();
    const state = await mine!.query();
    expect(state).toMatchObject({ isHeld: true, partial: [], waiters: 2, permits: 4, free: 1 });
    const { thisProcess } = state.holders[0]!;
    expect(state.holders.toSorted((a, b) => (a.owner! < b.owner! ? -1 : 1))).toEqual([
      holder(large, "one", 8_000, thisProcess),
      holder(small, "two", 5_000, thisProcess),
    ]);
    await large.release();
    await small.release();
    await Promise.all(waiting.map(async (next) => (await next).release()));
    expect(await mine!.query()).toMatchObject({ isHeld: false, waiters: 0, free: 4 });
  });

  test("does not report a holder whose time is over, although others keep the semaphore", async () => {
    const world = watchedWorld();
    const jobs = world.client().semaphore("jobs", { permits: 3 });
    const lasting = await jobs.acquire({ ttl: 60_000 });
    const dead = [
      await jobs.acquire({ ttl: 1_000, autoExtend: false }),
      await jobs.acquire({ ttl: 1_000, autoExtend: false }),
    ];
    await lasting.extend();
    for (const instance of world.instances) instance.pause();
    await world.clock.advance(1_001);
    for (const instance of world.instances) instance.resume();
    await settle();
    const { holders, free } = await world.client().semaphore("jobs", { permits: 3 }).query();
    expect(holders.map(({ token }) => token)).toEqual([lasting.token]);
    expect([free, dead.map(({ isHeld }) => isHeld)]).toEqual([2, [false, false]]);
  });

  test("knows the number that another client has set, with permits above it", async () => {
    const world = watchedWorld();
    const jobs = world.client().semaphore("jobs", { permits: 3 });
    const all = await jobs.acquire({ permits: 3 });
    await world.client().semaphore("jobs", { permits: 3 }).resize(2);
    const state = await jobs.query();
    expect(state).toMatchObject({ permits: 2, free: 0, holders: [{ slots: [0, 1, 2] }] });
    await all.release();
    expect(await world.client().semaphore("jobs", { permits: 9 }).query()).toMatchObject({
      permits: 2,
      free: 2,
    });
  });

  test("reports slots that less than a quorum reports as partial", async () => {
    const world = watchedWorld();
    const jobs = world.client().semaphore("jobs", { permits: 3 });
    await jobs.query();
    holdOn(world, 0, "0", "1", 5_000);
    expect(await jobs.query()).toMatchObject({
      isHeld: false,
      holders: [],
      partial: [{ token: TOKEN, owner: "elsewhere", slots: [0], votes: 1, remaining: 5_000 }],
      free: 3,
    });
    // The same token has other slots there, so it holds neither of them.
    holdOn(world, 1, "1-2", "011", 4_000);
    const { isHeld, partial, free } = await jobs.query();
    expect([isHeld, free]).toEqual([false, 2]);
    expect(partial.map(({ slots, votes }) => [slots, votes])).toEqual([
      [[0], 1],
      [[1, 2], 1],
    ]);
    holdOn(world, 2, "1-2", "011", 3_000);
    expect(await jobs.query()).toMatchObject({
      holders: [{ slots: [1, 2], votes: 2, remaining: 3_000 }],
      partial: [{ slots: [0] }],
      free: 1,
    });
  });

  test("reports a plain lock on the name, beside which no permit is free", async () => {
    const world = watchedWorld();
    const redlock = world.client();
    const plain = await redlock.acquire("jobs", { ttl: 8_000, autoExtend: false });
    const state = await redlock.semaphore("jobs", { permits: 3 }).query();
    expect(state).toMatchObject({ isHeld: true, free: 0, permits: 3 });
    expect(state.holders).toEqual([
      expect.objectContaining({ token: plain.token, remaining: 8_000, votes: 3 }),
    ]);
    expect(state.holders[0]).not.toHaveProperty("slots");
    await plain.release();
  });

  test("rejects if a lock in modes holds the name, without answers, and after the client was closed", async () => {
    const world = watchedWorld(3, { requestTimeout: 100 });
    const redlock = world.client();
    const jobs = redlock.semaphore("jobs", { permits: 3 });
    const reader = await redlock.readWrite("jobs").read.acquire();
    const error = await rejection(jobs.query());
    expect(error).toBeInstanceOf(LockKindError);
    await reader.release();
    for (const instance of world.instances.slice(1)) instance.pause();
    const failing = rejection(jobs.query());
    await world.clock.advance(200);
    expect(await failing).toBeInstanceOf(QuorumError);
    for (const instance of world.instances) instance.resume();
    await redlock.close();
    expect(await rejection(jobs.query())).toBeInstanceOf(LockClosedError);
  });

  test("works for a semaphore of a tenant, and through a policy", async () => {
    const redlock = watchedWorld().client();
    const jobs = redlock.tenant("acme", { maxLocks: 5 }).semaphore("jobs", { permits: 3 });
    const lock = await jobs.acquire({ permits: 2 });
    const expected = {
      names: ["{acme}//n/jobs"],
      holders: [{ token: lock.token, slots: lock.slots, votes: 3 }],
      permits: 3,
      free: 1,
    };
    expect(await jobs.query()).toMatchObject(expected);
    expect(await withRetry(jobs).query()).toMatchObject(expected);
    await lock.release();
  });
});

function holder(lock: PermitLock & Lock, owner: string, remaining: number, thisProcess: boolean) {
  return { names: ["jobs"], token: lock.token, owner, remaining, thisProcess, votes: 3, slots: lock.slots };
}
