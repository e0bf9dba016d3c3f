import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { AdaptiveTtl, calculateTtl, withAdaptiveTtl } from "../../src/index.ts";
import { rejection } from "../support/timing.ts";
import { type World, world } from "../support/world.ts";

describe("calculateTtl", () => {
  test("gives the numbers of the examples", () => {
    expect([2_000, 30_000, 180_000].map((ms) => calculateTtl(ms))).toEqual([5_000, 61_000, 300_000]);
    expect(calculateTtl(0)).toBe(5_000);
    expect(calculateTtl(1_000.5, { safetyFactor: 3, overheadMs: 0, minMs: 3, maxMs: 9_000 })).toBe(3_002);
    expect(calculateTtl(1, { minMs: 400_000 })).toBe(400_000);
  });

  test("is a whole number within the limits, and never falls when the work takes longer", () => {
    const ms = fc.double({ min: 0, max: 1e7, noNaN: true });
    const property = fc.property(ms, ms, (a, b) => {
      const [less, more] = [Math.min(a, b), Math.max(a, b)].map((time) => calculateTtl(time));
      expect(Number.isInteger(less)).toBe(true);
      expect(less).toBeGreaterThanOrEqual(5_000);
      expect(more).toBeLessThanOrEqual(300_000);
      expect(more).toBeGreaterThanOrEqual(less!);
    });
    fc.assert(property);
  });

  test.each<[() => unknown, ErrorConstructor, RegExp]>([
    [() => calculateTtl(-1), RangeError, /^expectedMs: -1 /],
    [() => calculateTtl(Number.NaN), RangeError, /^expectedMs: NaN /],
    [() => calculateTtl("2" as never), TypeError, /^expectedMs: "2" /],
    [() => calculateTtl(1, { safetyFactor: 0.5 }), RangeError, /^safetyFactor: 0.5 /],
    [() => calculateTtl(1, { minMs: 10, maxMs: 9 }), RangeError, /^maxMs: 9 /],
    [() => calculateTtl(1, { min: 10 } as never), TypeError, /^min: /],
  ])("refuses %s", (make, type, message) => {
    expect(make).toThrow(type);
    expect(make).toThrow(message);
  });
});

describe("withAdaptiveTtl", () => {
  /** Holds the lock of a name for each of the times. */
  async function hold(
    { clock, redlock }: World,
    adaptive: AdaptiveTtl,
    name: string,
    times: readonly number[],
  ) {
    for (const ms of times) {
      const lock = await withAdaptiveTtl(redlock.mutex(name), adaptive).acquire();
      await clock.advance(ms);
      await lock.release();
    }
  }

  test("the ttl is the base until 10 holds, and then (p95 + 2 σ) × 3", async () => {
    const here = world();
    const adaptive = new AdaptiveTtl({ base: 1_000 });
    const lockable = withAdaptiveTtl(here.redlock.mutex("order:42"), adaptive);
    expect(lockable.statistics()).toBeUndefined();
    const times = [100, 200, 300, 400, 500, 600, 700, 800, 900];
    await hold(here, adaptive, "order:42", times);
    expect(lockable.statistics()).toEqual({
      resource: "order:*",
      sampleCount: 9,
      meanExecutionTime: 500,
      medianExecutionTime: 500,
      maxExecutionTime: 900,
      minExecutionTime: 100,
      recommendedTtl: 1_000,
    });
    await hold(here, adaptive, "order:42", [1_000]);
    // p95 of 100 … 1,000 is the tenth. σ of a sample is 302.765.
    const ttl = Math.trunc((1_000 + 2 * 302.765_035_409_749_2) * 3);
    expect(ttl).toBe(4_816);
    expect(adaptive.statistics("order:7")).toMatchObject({
      sampleCount: 10,
      medianExecutionTime: 550,
      recommendedTtl: ttl,
    });
    await lockable.using((lock) => expect(lock.ttl).toBe(ttl));
    await lockable.using({ ttl: 7_000 }, (lock) => expect(lock.ttl).toBe(7_000));
  });

  test("the ttl is at least the base and at most 10 times the base", async () => {
    const here = world();
    const adaptive = new AdaptiveTtl({ base: 200 });
    await hold(
      here,
      adaptive,
      "fast:1",
      Array.from({ length: 10 }, () => 1),
    );
    await hold(
      here,
      adaptive,
      "slow:1",
      Array.from({ length: 10 }, () => 5_000),
    );
    expect(adaptive.statistics("fast:2")?.recommendedTtl).toBe(200);
    expect(adaptive.statistics("slow:2")?.recommendedTtl).toBe(2_000);
  });

  test("the base is the ttl of the client by default", async () => {
    const here = world(3, { ttl: 20_000 });
    const adaptive = new AdaptiveTtl();
    const lockable = withAdaptiveTtl(here.redlock.mutex("a"), adaptive);
    expect(await lockable.tryUsing((lock) => lock.ttl)).toEqual({ acquired: true, value: 20_000 });
    expect(adaptive.statistics("a")).toMatchObject({ resource: "a", sampleCount: 1, recommendedTtl: 20_000 });
  });

  test("100 holds of a class count, the latest", async () => {
    const here = world();
    const adaptive = new AdaptiveTtl();
    await hold(here, adaptive, "a:1", [9_000, ...Array.from({ length: 100 }, () => 50)]);
    expect(adaptive.statistics("a:1")).toMatchObject({ sampleCount: 100, maxExecutionTime: 50 });
  });

  test("the class that was not used for the longest time is dropped", async () => {
    const here = world();
    const adaptive = new AdaptiveTtl({ maxClasses: 2 });
    for (const name of ["a", "b", "a", "c"]) await hold(here, adaptive, name, [10]);
    expect(adaptive.size).toBe(2);
    expect(["a", "b", "c"].map((name) => adaptive.statistics(name)?.sampleCount)).toEqual([2, undefined, 1]);
  });

  test("a hold ends at the release, at the end of the block and of the routine, and counts once", async () => {
    const { clock, redlock } = world();
    const adaptive = new AdaptiveTtl({ classOf: () => "all" });
    const lockable = withAdaptiveTtl(redlock.mutex("a"), adaptive);
    const counts = (): number => adaptive.statistics("x")?.sampleCount ?? 0;
    {
      await using lock = await lockable.acquire();
      await lock.release();
      expect(counts()).toBe(1);
    }
    expect(counts()).toBe(1);
    {
      await using _lock = await lockable.acquire();
    }
    expect(counts()).toBe(2);
    await rejection(
      lockable.using(async () => {
        await clock.advance(70);
        throw new Error("work");
      }),
    );
    expect(adaptive.statistics("x")).toMatchObject({ sampleCount: 3, maxExecutionTime: 70 });
    // Neither a lock that was not acquired nor one that was detached counts.
    const detached = await lockable.acquire();
    expect(await lockable.tryAcquire()).toBeNull();
    expect(await lockable.tryUsing(() => 1)).toEqual({ acquired: false });
    await detached.detach();
    await detached.release();
    expect(counts()).toBe(3);
  });

  test("a lock stays a lock of its kind, and a conversion continues the hold", async () => {
    const { clock, redlock } = world();
    const adaptive = new AdaptiveTtl();
    const { read } = redlock.readWrite("a");
    const reading = await withAdaptiveTtl(read, adaptive).acquire();
    await clock.advance(30);
    const writing = await reading.upgrade();
    await reading.release();
    expect(adaptive.statistics("a")).toBeUndefined();
    expect(writing).toMatchObject({ isHeld: true, names: ["a"] });
    await clock.advance(30);
    const again = await writing.downgrade();
    await again.extend(4_000);
    expect(again.ttl).toBe(4_000);
    expect(await again.release()).toBe(true);
    expect(adaptive.statistics("a")).toMatchObject({ sampleCount: 1, maxExecutionTime: 60 });
    const slots = withAdaptiveTtl(redlock.semaphore("s", { permits: 3 }), adaptive);
    expect((await slots.acquire({ permits: 2 })).slots).toHaveLength(2);
    expect(await rejection(slots.acquire({ permits: 4 }))).toBeInstanceOf(RangeError);
  });

  test.each<[string, string]>([
    ["order:42", "order:*"],
    ["tenant:7:invoice:2024-001", "tenant:*:invoice:*"],
    ["job:nightly", "job:nightly"],
    ["nightly", "nightly"],
    ["user:ann@example.com:cart", "user:*:cart"],
    ["file/deadbeef", "file/*"],
    ["file:abcdefghijklmnopqrstuvwxyz", "file:*"],
    ["session:6f1c2e0a-9f0b-4f1a-8f57-1d1f0a1b2c3d", "session:*"],
  ])("the class of %s is %s", async (name, resource) => {
    const here = world();
    const adaptive = new AdaptiveTtl();
    await hold(here, adaptive, name, [1]);
    expect(adaptive.statistics(name)?.resource).toBe(resource);
  });

  test("several names of one class are that class", async () => {
    const { redlock } = world();
    const adaptive = new AdaptiveTtl();
    await withAdaptiveTtl(redlock.mutex(["user:1", "user:2"]), adaptive).using(() => undefined);
    await withAdaptiveTtl(redlock.mutex(["user:1", "order:2"]), adaptive).using(() => undefined);
    expect(adaptive.statistics("user:9")?.sampleCount).toBe(1);
    expect(adaptive.size).toBe(2);
  });

  test("bad options are refused", async () => {
    const { redlock } = world();
    const { mutex } = { mutex: redlock.mutex("a") };
    expect(() => withAdaptiveTtl(null as never)).toThrow(/^lockable: null/);
    expect(() => withAdaptiveTtl(mutex, { base: 2 })).toThrow(/^base: 2 /);
    expect(() => withAdaptiveTtl(mutex, { base: 1e12 })).toThrow(RangeError);
    expect(() => withAdaptiveTtl(mutex, { maxClasses: 0 })).toThrow(/^maxClasses: 0 /);
    expect(() => withAdaptiveTtl(mutex, { classOf: "x" as never })).toThrow(/^classOf: "x" /);
    expect(() => withAdaptiveTtl(mutex, { window: 5 } as never)).toThrow(/^window: there is no such option/);
    for (const options of [500, "500", [500], new AbortController().signal] as never[]) {
      const lockable = withAdaptiveTtl(mutex);
      for (const call of [lockable.acquire(options), lockable.tryAcquire(options)])
        expect(String(await rejection(call))).toMatch(/^TypeError: options: /);
    }
    const bad = withAdaptiveTtl(mutex, { classOf: () => 5 as never });
    expect(await rejection(bad.acquire())).toMatchObject({
      message: expect.stringMatching(/^classOf: it returned 5/) as string,
    });
  });
});
