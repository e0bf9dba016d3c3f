import { afterEach, describe, expect, test } from "vitest";
import { Redlock } from "../../src/index.ts";
import { FENCE_GRAIN_US } from "../../src/operations/limits.ts";
import { changedSizeOn } from "../support/changed-size.ts";
import { ClusterNode } from "../support/cluster-node.ts";
import { fenceKey, sizesKey } from "../support/lock-keys.ts";
import { MembersWorld, TTL_MS } from "../support/members-world.ts";
import { rejection } from "../support/timing.ts";
import { settle } from "../support/virtual-clock.ts";
import { advanceDuring } from "../support/world.ts";

// What a semaphore must not forget at a change of the set: the fencing counters of its slots, and the number of permits if it was
// changed (protocol §10).

const CHANGED_MS = 11_000;
const NAME = "pool";

let world = new MembersWorld();
afterEach(() => {
  world = new MembersWorld();
});

/** All instances were used before, so no member gets counters from the others only because it is new. */
async function useAll(): Promise<void> {
  await world.client("abcdef").using("warm", () => undefined);
}

/** Acquires the only permit so many times. Returns the last fencing token. */
async function count(redlock: Redlock, times = 1): Promise<number> {
  let last = 0;
  for (let turn = 0; turn < times; turn += 1)
    last = await redlock.semaphore(NAME, { permits: 1 }).using({ wait: 0 }, ({ fence }) => fence);
  return last;
}

async function change(redlock: Redlock, next: string): Promise<void> {
  const started = await redlock.reconfigure(world.set(next));
  await advanceDuring(world.clock, CHANGED_MS, started.complete());
}

/** Runs work while an instance has no connection. */
async function without<T>(label: string, work: () => Promise<T>): Promise<T> {
  world.one(label).disconnect();
  await settle();
  const result = await work();
  world.one(label).reconnect();
  await settle();
  return result;
}

/** The largest slot that a new client gets, if it acquires as many permits as it can. It passes `permits`. */
async function largestSlot(labels: string, permits: number): Promise<number> {
  const redlock = world.client(labels);
  const semaphore = redlock.semaphore(NAME, { permits });
  let largest = -1;
  for (let turn = 0; turn < permits; turn += 1) {
    const lock = await semaphore.tryAcquire();
    if (lock !== null) largest = Math.max(largest, ...lock.slots);
  }
  await redlock.close();
  return largest;
}

describe("tokens of a slot increase", () => {
  test("if members leave, and join again with the counters that they had", async () => {
    await useAll();
    const redlock = world.client("abc");
    const first = await count(redlock, 3);
    await change(redlock, "def");
    const second = await count(redlock, 5);
    expect(second).toBeGreaterThan(first);
    await change(redlock, "abc");
    expect(await count(redlock)).toBeGreaterThan(second);
  });

  test("if a member stays that missed the last holders, and the other ones have few counters", async () => {
    await useAll();
    const redlock = world.client("abc");
    await count(redlock);
    const last = await without("c", () => count(redlock, 5));
    const started = await redlock.reconfigure(world.set("cde"));
    await without("e", () => advanceDuring(world.clock, CHANGED_MS, started.complete()));
    // Only c and e vote.
    expect(await without("d", () => count(redlock))).toBeGreaterThan(last);
  });

  test("if the next members are those of the former set, and the other set used them meanwhile", async () => {
    await useAll();
    const redlock = world.client("abc");
    let last = await count(redlock);
    for (const next of ["bcd", "aef", "bcd", "abcde", "bcf"]) {
      await change(redlock, next);
      for (const away of next.slice(0, 3)) {
        const fence = await without(away, () => count(redlock));
        expect(fence).toBeGreaterThan(last);
        last = fence;
      }
    }
  });

  test("by no more than the grain if nobody held it meanwhile", async () => {
    const redlock = world.client("abc");
    const last = await count(redlock);
    await change(redlock, "def");
    await change(redlock, "abc");
    expect(await count(redlock)).toBeLessThanOrEqual(last + 2 * FENCE_GRAIN_US);
  });
});

describe("a changed number of permits", () => {
  test("counts after a change of the set for a process that does not know it, also if nobody used it meanwhile", async () => {
    const redlock = world.client("abc");
    await redlock.semaphore(NAME, { permits: 5 }).resize(2);
    await change(redlock, "def");
    expect(await largestSlot("def", 5)).toBe(1);
  });

  test("counts after a deploy", async () => {
    await world.client("abc").semaphore(NAME, { permits: 5 }).resize(2);
    const joint = world.client({ current: "abc", next: "def" });
    await change(joint, "def");
    expect(await largestSlot("def", 5)).toBe(1);
  });

  test("is the latest one, if members join again that have an older one", async () => {
    await useAll();
    const redlock = world.client("abc");
    const semaphore = redlock.semaphore(NAME, { permits: 5 });
    await semaphore.resize(4);
    await change(redlock, "def");
    await semaphore.resize(2);
    await change(redlock, "abc");
    expect(await Promise.all(world.set("abc").map((instance) => changedSizeOn(instance, NAME)))).toEqual([
      2, 2, 2,
    ]);
    expect(await largestSlot("abc", 5)).toBe(1);
  });

  test("reaches a majority of both sets, if it is changed while both decide", async () => {
    await useAll();
    const redlock = world.client("abc");
    const started = await redlock.reconfigure(world.set("def"));
    for (const label of "de") world.one(label).pause();
    const semaphore = redlock.semaphore(NAME, { permits: 5 });
    const failed = rejection(semaphore.resize(2));
    await world.clock.advance(1_000);
    expect(await failed).toMatchObject({ code: "LOCK_NO_QUORUM" });
    for (const label of "de") world.one(label).resume();
    await settle();
    await semaphore.resize(3);
    await started.abort();
    expect(await largestSlot("abc", 5)).toBe(2);
    expect(await Promise.all(world.set("de").map((instance) => changedSizeOn(instance, NAME)))).toEqual([
      3, 3,
    ]);
  });

  test("ends a wait for more permits, also while both sets decide", async () => {
    const redlock = world.client("abc");
    await redlock.semaphore(NAME, { permits: 5 }).resize(2);
    await redlock.reconfigure(world.set("def"));
    const waiting = redlock.semaphore(NAME, { permits: 5 }).acquire({ permits: 3, wait: Infinity });
    await expect(advanceDuring(world.clock, 1_000, waiting)).rejects.toThrow(
      "permits: 3 is more than the 2 permits of the semaphore; acquire fewer, or resize it",
    );
  });

  test("is written to both sets, if the change of the set begins in the middle of it", async () => {
    await useAll();
    const redlock = world.client("abc");
    const semaphore = redlock.semaphore(NAME, { permits: 5 });
    await semaphore.available();
    for (const label of "abc")
      world.one(label).delayOf = (operation) => (operation === "slots.resize" ? 40 : 0);
    const resizing = semaphore.resize(2);
    await world.clock.advance(50);
    await redlock.reconfigure(world.set("def"));
    await advanceDuring(world.clock, 500, resizing);
    expect(await Promise.all(world.set("def").map((instance) => changedSizeOn(instance, NAME)))).toEqual([
      2, 2, 2,
    ]);
  });

  test("is also known to instances that lost their memory one after the other, although nobody used it", async () => {
    const redlock = world.client("abc");
    await redlock.semaphore(NAME, { permits: 5 }).resize(2);
    for (const label of "ab") {
      world.one(label).restart();
      await world.clock.advance(TTL_MS + 1_500);
      expect(await changedSizeOn(world.one(label), NAME)).toBe(2);
    }
    expect(await largestSlot("abc", 5)).toBe(1);
  });

  test("is not read from instances that have lost it", async () => {
    const redlock = world.client("abc");
    const semaphore = redlock.semaphore(NAME, { permits: 5 });
    await without("c", () => semaphore.resize(2));
    // Without a restart, so only the request shows the loss.
    for (const key of world.one("a").keys()) world.one("a").delete(key);
    const error = await without("b", () => rejection(advanceDuring(world.clock, 1_000, semaphore.resize(4))));
    expect(error).toMatchObject({ code: "LOCK_NO_QUORUM" });
    expect(String(error)).toMatch(/a: .*had no lock data/);
  });

  test("wins over a change that failed before it, and that one instance knows", async () => {
    const redlock = world.client("abc");
    const semaphore = redlock.semaphore(NAME, { permits: 5 });
    await semaphore.available();
    for (let turn = 1; turn <= 5; turn += 1) {
      world.clock.nextRandom = 0.9;
      // The first round reads the stamps. The second one reaches only c.
      world.one("c").onOperation = (operation) => {
        if (operation === "slots.resize") for (const label of "ab") world.one(label).losesRequests = true;
      };
      const failed = await rejection(advanceDuring(world.clock, 500, semaphore.resize(5)));
      expect(failed).toMatchObject({ code: "LOCK_NO_QUORUM" });
      expect(await changedSizeOn(world.one("c"), NAME)).toBe(5);
      world.one("c").onOperation = undefined;
      for (const label of "ab") {
        world.one(label).losesRequests = false;
        world.one(label).disconnect();
        world.one(label).reconnect();
      }
      await world.clock.advance(5);
      world.clock.nextRandom = 0.1;
      const total = 1 + (turn % 3);
      await without("c", () => semaphore.resize(total));
      expect(await largestSlot("abc", 5)).toBe(total - 1);
    }
  });
});

test("a cluster that gets its counters back gets multiples of the grain, because its nodes do not know the marker", async () => {
  const clusters = ["g", "h", "i"].map((label) => new ClusterNode({ clock: world.clock, label }));
  const redlock = new Redlock(clusters, { clock: world.clock, ttl: TTL_MS, requestTimeout: 100 });
  const last = await count(redlock, 3);
  expect(clusters[0]!.keys()).not.toContain(sizesKey(NAME));
  clusters[0]!.restart();
  await world.clock.advance(TTL_MS + 1_500);
  const restored = Number(clusters[0]!.get(fenceKey(NAME)));
  expect(restored).toBe(Math.ceil(last / FENCE_GRAIN_US) * FENCE_GRAIN_US);
});
