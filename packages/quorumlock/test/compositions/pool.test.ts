import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { LockPoolFullError, pool, Redlock } from "../../src/index.ts";
import { rejection, withResolvers } from "../support/timing.ts";
import { settle } from "../support/virtual-clock.ts";
import { advanceDuring, world } from "../support/world.ts";

describe("places", () => {
  test("are never more than the size, and go to the callers in their order", async () => {
    const { clock, redlock } = world();
    const locks = pool(redlock, { size: 3 });
    const order: number[] = [];
    let inside = 0;
    let maxInside = 0;
    const tasks = Array.from({ length: 20 }, (_, index) =>
      locks.mutex(`name-${index}`).using(async () => {
        order.push(index);
        maxInside = Math.max(maxInside, (inside += 1));
        await new Promise<void>((resolve) => clock.setTimer(10, resolve, true));
        inside -= 1;
      }),
    );
    await settle();
    expect(locks.stats()).toEqual({ size: 3, available: 0, inUse: 3, waiting: 17, utilization: 1 });
    await advanceDuring(clock, 1_000, Promise.all(tasks));
    expect(maxInside).toBe(3);
    expect(order).toEqual(order.toSorted((a, b) => a - b));
    expect(locks.stats()).toEqual({ size: 3, available: 3, inUse: 0, waiting: 0, utilization: 0 });
  });

  test("that become free are not for callers who come at that moment", async () => {
    const { redlock } = world();
    const locks = pool(redlock, { size: 1 });
    const order: string[] = [];
    const first = await locks.mutex("a").acquire();
    const second = locks.mutex("b").using(() => void order.push("second"));
    await settle();
    const third = first.release().then(() => locks.mutex("c").using(() => void order.push("third")));
    await Promise.all([second, third]);
    expect(order).toEqual(["second", "third"]);
  });

  test("are separate for each pool, and common to all names of a pool", async () => {
    const { redlock } = world();
    const [one, other] = [pool(redlock, { size: 1 }), pool(redlock, { size: 1 })];
    await one.mutex("a").acquire();
    expect(await one.mutex("b").tryAcquire()).toBeNull();
    expect(await one.for(redlock.mutex("c")).tryAcquire()).toBeNull();
    expect(await other.mutex("b").tryAcquire()).not.toBeNull();
  });

  test("are taken by acquisitions that wait for their lock", async () => {
    const { clock, redlock } = world();
    const locks = pool(redlock, { size: 2 });
    await redlock.acquire("busy");
    const waiting = rejection(locks.mutex("busy").acquire({ wait: 500 }));
    await settle();
    expect(locks.stats()).toMatchObject({ inUse: 1 });
    expect(await advanceDuring(clock, 600, waiting)).toMatchObject({ code: "LOCK_TIMEOUT" });
    expect(locks.stats()).toMatchObject({ inUse: 0 });
  });
});

describe("a place is free again", () => {
  test("after a release by hand, once, also inside of `using`", async () => {
    const { redlock } = world();
    const locks = pool(redlock, { size: 2 });
    const other = await locks.mutex("other").acquire();
    await locks.mutex("a").using(async (lock) => {
      expect(locks.stats().inUse).toBe(2);
      expect(await lock.release()).toBe(true);
      expect(await lock.release()).toBe(false);
      expect(locks.stats().inUse).toBe(1);
    });
    {
      await using lock = await locks.mutex("b").acquire();
      expect(lock.isHeld).toBe(true);
      expect(locks.stats().inUse).toBe(2);
      await lock.release();
    }
    expect(locks.stats().inUse).toBe(1);
    await other.release();
    expect(locks.stats().inUse).toBe(0);
  });

  test("after `await using`, and after a routine that throws", async () => {
    const { redlock } = world();
    const locks = pool(redlock, { size: 1 });
    {
      await using lock = await locks.mutex("a").acquire();
      expect(lock.isHeld).toBe(true);
    }
    const failure = new Error("from the routine");
    const failed = locks.mutex("a").using(() => {
      throw failure;
    });
    expect(await rejection(failed)).toBe(failure);
    expect(locks.stats().inUse).toBe(0);
  });

  test("when the lock is lost, before its holder notices", async () => {
    const { clock, instances, redlock } = world();
    const locks = pool(redlock, { size: 1 });
    const lock = await locks.mutex("a").acquire({ autoExtend: false });
    const routine = withResolvers<void>();
    const next = locks.mutex("b").using({ wait: 60_000 }, () => routine.promise);
    await clock.advance(9_000);
    expect(locks.stats()).toMatchObject({ inUse: 1, waiting: 1 });
    await clock.advance(1_000);
    expect(lock.isHeld).toBe(false);
    expect(locks.stats()).toMatchObject({ inUse: 1, waiting: 0 });
    // The lock of a routine that still runs.
    for (const instance of instances) instance.kill();
    await clock.advance(15_000);
    expect(locks.stats()).toMatchObject({ inUse: 0 });
    routine.resolve();
    expect(await rejection(next)).toMatchObject({ code: "LOCK_LOST" });
    await lock.release().catch(() => undefined);
    expect(locks.stats()).toMatchObject({ inUse: 0 });
  });

  test("when the lock is detached, and its next holder needs none", async () => {
    const { redlock } = world();
    const locks = pool(redlock, { size: 1 });
    const description = await locks.mutex("a").using(async (lock) => {
      const detached = await lock.detach();
      expect(locks.stats().inUse).toBe(0);
      return detached;
    });
    const lock = await redlock.attach(description);
    expect(lock).toMatchObject({ names: ["a"], isHeld: true });
    expect(locks.stats().inUse).toBe(0);
    await lock.release();
  });

  test("after every failed acquisition", async () => {
    const { clock, instances, redlock } = world();
    const locks = pool(redlock, { size: 1 });
    await redlock.acquire("busy");
    expect(await locks.mutex("busy").tryAcquire()).toBeNull();
    expect(await locks.mutex("busy").tryUsing(() => 1)).toEqual({ acquired: false });
    expect(await rejection(locks.mutex("a").acquire({ ttl: 0 }))).toBeInstanceOf(RangeError);
    expect(await rejection(locks.mutex("a").using({}, 5 as never))).toBeInstanceOf(TypeError);
    const aborted = { signal: AbortSignal.abort("no") };
    expect(await rejection(locks.mutex("a").using(aborted, () => 1))).toMatchObject({ code: "LOCK_ABORTED" });
    for (const instance of instances) instance.kill();
    const failed = rejection(locks.mutex("a").acquire({ wait: 1_000 }));
    expect(await advanceDuring(clock, 2_000, failed)).toMatchObject({ code: "LOCK_NO_QUORUM" });
    expect(await rejection(locks.mutex("a").tryAcquire())).toMatchObject({ code: "LOCK_NO_QUORUM" });
    expect(locks.stats().inUse).toBe(0);
  });

  test("after a release that no quorum confirmed", async () => {
    const { clock, instances, redlock } = world();
    const locks = pool(redlock, { size: 1 });
    const lock = await locks.mutex("a").acquire();
    for (const instance of instances) instance.pause();
    const released = rejection(lock.release());
    expect(await advanceDuring(clock, 2_000, released)).toMatchObject({ code: "LOCK_NO_QUORUM" });
    expect(locks.stats().inUse).toBe(0);
  });
});

describe("a full pool", () => {
  test("lets a caller wait until `wait` is over", async () => {
    const { clock, redlock } = world();
    const locks = pool(redlock, { size: 1 });
    await locks.mutex("a").acquire();
    const failed: unknown[] = [];
    redlock.on("lock:acquire:failed", (event) => failed.push(event));
    const error = await advanceDuring(clock, 600, rejection(locks.mutex("b").acquire({ wait: 500 })));
    expect(error).toBeInstanceOf(LockPoolFullError);
    expect(error).toMatchObject({
      code: "LOCK_POOL_FULL",
      names: ["b"],
      size: 1,
      waiting: 0,
      waited: 500,
      message:
        '"b": the pool of 1 lock has no free place after 500 ms (other callers waiting: 0); release locks earlier, or make the pool larger',
    });
    expect(failed).toEqual([
      { id: 2, names: ["b"], reason: "contended", error, waitMs: 500, waitedMs: 500, attempts: 0 },
    ]);
    expect(locks.stats()).toMatchObject({ inUse: 1, waiting: 0 });
    expect(clock.keepAliveTimers).toBe(0);
  });

  test("charges the time in the queue to the wait for the lock", async () => {
    const { clock, redlock } = world();
    const locks = pool(redlock, { size: 1 });
    await redlock.acquire("busy");
    const first = await locks.mutex("a").acquire();
    const waiting = rejection(locks.mutex("busy").acquire({ wait: 500 }));
    await clock.advance(300);
    await first.release();
    await clock.advance(199);
    expect(locks.stats().inUse).toBe(1);
    expect(await advanceDuring(clock, 1, waiting)).toMatchObject({ code: "LOCK_TIMEOUT", waited: 200 });
    expect(locks.stats().inUse).toBe(0);
  });

  test("rejects one caller more than `maxWaiting` at once", async () => {
    const { redlock } = world();
    const locks = pool(redlock, { size: 1, maxWaiting: 1 });
    const held = await locks.mutex("a").acquire();
    const waiting = locks.mutex("b").using(() => "its turn");
    const error = await rejection(locks.mutex("c").acquire());
    expect(error).toMatchObject({ code: "LOCK_POOL_FULL", waiting: 1, waited: 0 });
    expect(String(error)).toMatch(
      /no free place now, and its queue is full \(maxWaiting: 1\); release locks earlier/,
    );
    await held.release();
    expect(await waiting).toBe("its turn");
    const none = pool(redlock, { size: 1, maxWaiting: 0 });
    await none.mutex("d").acquire();
    expect(await rejection(none.mutex("e").using(() => 1))).toMatchObject({ code: "LOCK_POOL_FULL" });
  });

  test("is null for `tryAcquire`, and an error for `wait: 0`, without a wait", async () => {
    const { redlock } = world();
    const locks = pool(redlock, { size: 1 });
    await locks.mutex("a").acquire();
    expect(await locks.mutex("b").tryAcquire()).toBeNull();
    expect(await locks.mutex("b").tryUsing(() => 1)).toEqual({ acquired: false });
    expect(await rejection(locks.mutex("b").acquire({ wait: 0 }))).toMatchObject({ code: "LOCK_POOL_FULL" });
    expect(await rejection(locks.mutex("b").tryAcquire({ ttl: 0 }))).toBeInstanceOf(RangeError);
    expect(locks.stats()).toMatchObject({ inUse: 1, waiting: 0 });
  });

  test("lets a caller go whose signal aborts, and the next one keeps its place in line", async () => {
    const { redlock } = world();
    const locks = pool(redlock, { size: 1 });
    const held = await locks.mutex("a").acquire();
    const controller = new AbortController();
    const aborted = rejection(locks.mutex("b").acquire({ signal: controller.signal }));
    const order: string[] = [];
    const next = locks.mutex("c").using(() => void order.push("c"));
    const last = locks.mutex("d").using(() => void order.push("d"));
    controller.abort("enough");
    expect(await aborted).toMatchObject({ code: "LOCK_ABORTED", cause: "enough" });
    expect(locks.stats().waiting).toBe(2);
    await held.release();
    await Promise.all([next, last]);
    expect(order).toEqual(["c", "d"]);
  });

  test("loses no place if a caller gives up at the moment when it gets one", async () => {
    const { clock, redlock } = world();
    const locks = pool(redlock, { size: 1 });
    const held = await locks.mutex("a").acquire();
    const controller = new AbortController();
    const waiting = rejection(locks.mutex("b").acquire({ signal: controller.signal }));
    await settle();
    const released = held.release();
    // The place is given away in the microtask after the release.
    controller.abort();
    await released;
    expect(await waiting).toMatchObject({ code: "LOCK_ABORTED" });
    await settle();
    expect(locks.stats()).toMatchObject({ inUse: 0, waiting: 0 });
    // The same at the end of `wait`, in the order in which the timers fire.
    const lost = await locks.mutex("a").acquire({ ttl: 1_000, autoExtend: false });
    const atTheEnd = rejection(locks.mutex("b").acquire({ wait: lost.remaining() }));
    expect(await advanceDuring(clock, 1_000, atTheEnd)).toMatchObject({ code: "LOCK_POOL_FULL" });
    expect(locks.stats()).toMatchObject({ inUse: 0, waiting: 0 });
  });
});

describe("close of the client", () => {
  test("rejects the callers that wait, and frees all places", async () => {
    const { clock, redlock } = world();
    const locks = pool(redlock, { size: 2 });
    const held = [await locks.mutex("a").acquire(), await locks.mutex("b").acquire()];
    const waiting = [
      rejection(locks.mutex("c").acquire({ wait: Infinity })),
      rejection(locks.mutex("d").using({ wait: Infinity }, () => 1)),
    ];
    await settle();
    expect(clock.keepAliveTimers).toBeGreaterThan(0);
    await redlock.close();
    expect(await Promise.all(waiting)).toMatchObject([{ code: "LOCK_CLOSED" }, { code: "LOCK_CLOSED" }]);
    expect(held.map(({ isHeld }) => isHeld)).toEqual([false, false]);
    expect(locks.stats()).toMatchObject({ inUse: 0, waiting: 0 });
    expect(await rejection(locks.mutex("e").acquire())).toMatchObject({ code: "LOCK_CLOSED" });
    expect(locks.stats()).toMatchObject({ inUse: 0, waiting: 0 });
    expect(clock.keepAliveTimers).toBe(0);
  });

  test("does not reject the callers of another client in the same pool", async () => {
    const { clock, instances, redlock } = world();
    const other = new Redlock(instances, { clock });
    const locks = pool(redlock, { size: 1 });
    await locks.mutex("a").acquire();
    const waiting = locks.for(other.mutex("b")).using(() => "its turn");
    await settle();
    await redlock.close();
    expect(await waiting).toBe("its turn");
    await other.close();
  });
});

test("a lock of a pool is the lock", async () => {
  const { clock, redlock } = world(3, { owner: "me" });
  let fence = 0;
  redlock.on("lock:acquire:succeeded", (event) => (fence = event.fence));
  const lock = await pool(redlock, { size: 1 }).mutex(["b", "a"]).acquire({ ttl: 5_000 });
  expect(lock).toMatchObject({ names: ["a", "b"], ttl: 5_000, fence, isHeld: true });
  expect(lock.token).toMatch(/^[0-9a-f]{32}@me$/);
  expect(lock.remaining()).toBe(4_948);
  await clock.advance(100);
  await lock.extend(8_000);
  expect(lock.remaining()).toBe(7_918);
  expect(inspect(lock)).toMatch(/^Lock \{\n? *names: \[ 'a', 'b' \],\s+fence: \d+,\s+token: '\w+@me'/);
  expect(JSON.parse(JSON.stringify(lock))).toMatchObject({ names: ["a", "b"], isHeld: true });
  await lock.release();
  expect(lock.isHeld).toBe(false);
  expect(await rejection(lock.extend())).toMatchObject({ code: "LOCK_RELEASED" });
});

test("bad input", () => {
  const { redlock } = world();
  for (const size of [0, -1, 1.5, NaN])
    expect(() => pool(redlock, { size })).toThrow(
      new RangeError(`size: ${size} must be a whole number of at least 1, or Infinity`),
    );
  expect(() => pool(redlock, {} as never)).toThrow(new TypeError("size: undefined must be a number"));
  expect(() => pool(redlock, { size: 1, maxWaiting: -1 })).toThrow(/^maxWaiting: -1 must be a whole number/);
  expect(() => pool(redlock, { size: 1, max: 2 } as never)).toThrow(/^max: there is no such option/);
  const locks = pool(redlock, { size: 1 });
  expect(() => locks.mutex("")).toThrow(/^name: ""/);
  expect(() => locks.for("a" as never)).toThrow(/^lockable: "a" must be a Lockable/);
  expect(() => locks.for(undefined as never)).toThrow(/^lockable: undefined must be a Lockable/);
});
