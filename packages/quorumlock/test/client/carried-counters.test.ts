import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import type { Redlock } from "../../src/index.ts";
import { ClusterNode, NAMES_IN_SLOTS } from "../support/cluster-node.ts";
import { fenceKey } from "../support/lock-keys.ts";
import { MembersWorld } from "../support/members-world.ts";
import { rejection } from "../support/timing.ts";
import { settle } from "../support/virtual-clock.ts";
import { advanceDuring } from "../support/world.ts";

// `complete()` carries the fencing counters to the next set, also while other processes lock.

const [NAME, OTHER_NAME] = NAMES_IN_SLOTS;

let world = new MembersWorld();
afterEach(() => {
  world = new MembersWorld();
});

/** All instances were used before, so no member gets counters from the others only because it is new. */
async function useAll(): Promise<void> {
  await world.client("abcdef").using("warm", () => undefined);
}

/** Locks the name while one instance is away. */
async function lockWithout(redlock: Redlock, away: string, name: string = NAME): Promise<number> {
  world.one(away).disconnect();
  await settle();
  const lock = await redlock.acquire(name, { wait: 0 });
  await lock.release();
  world.one(away).reconnect();
  await settle();
  return lock.fence;
}

describe("tokens increase through a deploy", () => {
  test("whichever process completes the change, and whoever locks meanwhile", async () => {
    const deploy = fc.record({
      next: fc.constantFrom("abd", "ade", "def"),
      before: fc.array(fc.constantFrom("a", "b", "c"), { minLength: 1, maxLength: 6 }),
      meanwhile: fc.integer({ min: 0, max: 5 }),
      after: fc.integer({ min: 0, max: 2 }),
      isConfigured: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(deploy, async ({ next, before, meanwhile, after, isConfigured }) => {
        world = new MembersWorld();
        await useAll();
        const tokens: number[] = [];
        const old = world.client("abc");
        await old.using("warm", () => undefined);
        for (const away of before) tokens.push(await lockWithout(old, away));
        const joint = { current: "abc", next };
        const [one, two] = [isConfigured ? world.client(joint) : old, world.client(joint)];
        const change = await one.reconfigure(world.set(next));
        // The present set is still alone in other processes.
        const late = world.client("abc");
        await late.using("warm", () => undefined);
        tokens.push(await lockWithout(late, before[0]!));
        await late.close();
        await two.using("warm", () => undefined);
        const completing = change.complete();
        for (let turn = 0; turn < meanwhile; turn += 1) {
          tokens.push(await two.using(NAME, ({ fence }) => fence));
          for (let step = 0; step < 5 * turn; step += 1) await Promise.resolve();
        }
        await advanceDuring(world.clock, 11_000, completing);
        tokens.push(await lockWithout(one, next[after]!));
        expect(tokens).toEqual([...new Set(tokens)].toSorted((a, b) => a - b));
      }),
      { numRuns: 15 },
    );
  });

  test("if a process goes back after another one has used the next set alone", async () => {
    await useAll();
    const back = world.client("abc");
    await back.using("warm", () => undefined);
    const change = await back.reconfigure(world.set("ade"));
    const other = world.client("ade");
    let last = 0;
    for (let turn = 0; turn < 10; turn += 1) last = await lockWithout(other, "a");
    await other.close();
    await advanceDuring(world.clock, 11_000, change.abort({ carryBack: true }));
    expect(await lockWithout(back, "a")).toBeGreaterThan(last);
  });

  test("if the change is completed by a client that started in the middle of it", async () => {
    await useAll();
    const old = world.client("abc");
    let last = 0;
    for (let turn = 0; turn < 10; turn += 1) last = await old.using(NAME, ({ fence }) => fence);
    await old.close();
    const redlock = world.client({ current: "abc", next: "def" });
    const change = await redlock.reconfigure(world.set("def"));
    await advanceDuring(world.clock, 11_000, change.complete());
    expect(await redlock.using(NAME, ({ fence }) => fence)).toBeGreaterThan(last);
  });

  test("if the next instances are clusters", async () => {
    const clusters = ["g", "h", "i"].map((label) => new ClusterNode({ clock: world.clock, label }));
    const redlock = world.client("abc");
    const last = new Map<string, number>();
    for (const name of [NAME, OTHER_NAME])
      for (let turn = 0; turn < 3; turn += 1) last.set(name, await redlock.using(name, ({ fence }) => fence));
    const change = await redlock.reconfigure(clusters);
    for (const cluster of clusters) {
      cluster.set(fenceKey(NAME), "5");
      cluster.set(fenceKey(OTHER_NAME), "5");
    }
    await advanceDuring(world.clock, 11_000, change.complete());
    for (const [name, fence] of last)
      expect(await redlock.using(name, (lock) => lock.fence)).toBeGreaterThan(fence);
  });
});

describe("complete()", () => {
  test("rejects if only a minority of the next set has the counters, and both sets still decide", async () => {
    const redlock = world.client("abc");
    await redlock.using(NAME, () => undefined);
    const change = await redlock.reconfigure(world.set("def"));
    for (const label of "de") world.one(label).pause();
    const failed = rejection(change.complete());
    await world.clock.advance(1_000);
    expect(await failed).toMatchObject({
      code: "LOCK_NO_QUORUM",
      failures: { length: 2 },
    });
    for (const label of "de") world.one(label).resume();
    await settle();
    await redlock.using(NAME, ({ token }) => expect(world.one("a").get(`lock:${NAME}`)).toBe(token));
    await advanceDuring(world.clock, 11_000, change.complete());
    await redlock.using(NAME, () => expect(world.one("a").get(`lock:${NAME}`)).toBeUndefined());
  });
});

test("an extension that began before a change does not count for the next set", async () => {
  const redlock = world.client("abc");
  const lock = await redlock.acquire(NAME, { ttl: 30_000, autoExtend: false });
  for (const instance of world.set("abc")) instance.pause();
  const extending = lock.extend();
  await settle();
  const reconfiguring = redlock.reconfigure(world.set("abd"));
  let isJoint = false;
  void reconfiguring.then(() => (isJoint = true));
  await world.clock.advance(10);
  for (const instance of world.set("abc")) instance.resume();
  await extending;
  await world.clock.advance(10);
  // The new member does not have the lock yet.
  expect([isJoint, world.one("d").get(`lock:${NAME}`)]).toEqual([false, undefined]);
  await lock.extend();
  await reconfiguring;
  expect(world.one("d").get(`lock:${NAME}`)).toBe(lock.token);
  await lock.release();
});
