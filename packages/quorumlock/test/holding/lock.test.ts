import { describe, expect, test } from "vitest";
import { LockLostError, QuorumError } from "../../src/index.ts";
import { rejection } from "../support/timing.ts";
import { settle } from "../support/virtual-clock.ts";
import { during, world } from "../support/world.ts";

describe("a lease", () => {
  test("is the ttl less the drift allowance, from before the first request", async () => {
    const { clock, redlock } = world();
    const lock = await redlock.acquire("a");
    expect(lock.remaining()).toBe(10_000 - 102);
    await clock.advance(9_897);
    expect([lock.isHeld, lock.remaining()]).toEqual([true, 1]);
    await clock.advance(1);
    expect([lock.isHeld, lock.remaining(), lock.signal.aborted]).toEqual([false, 0, true]);
  });

  test("ends before any instance could give the lock away", async () => {
    const { clock, instances, redlock } = world();
    const lock = await redlock.acquire("a");
    let left: number[] = [];
    lock.signal.addEventListener(
      "abort",
      () => (left = instances.map((instance) => instance.remaining("lock:a"))),
    );
    await clock.advance(20_000);
    expect(left.length).toBe(3);
    for (const ms of left) expect(ms).toBeGreaterThan(0);
    expect(lock.signal.reason).toBeInstanceOf(LockLostError);
  });

  test("that ended is left to expire, and extensions that arrive later are undone", async () => {
    const { clock, instances, redlock } = world();
    const lock = await redlock.acquire("a", { autoExtend: true });
    for (const instance of instances.slice(1)) instance.pause();
    await clock.advance(9_898);
    expect(lock.signal.aborted).toBe(true);
    expect(instances.every((instance) => instance.remaining("lock:a") > 0)).toBe(true);
    await clock.advance(102);
    for (const instance of instances) instance.resume();
    await settle();
    expect(instances.map((instance) => instance.get("lock:a"))).toEqual([undefined, undefined, undefined]);
  });

  test("is right at once after a pause in which no timer fired", async () => {
    const { clock, redlock } = world();
    const lock = await redlock.acquire("a", { autoExtend: true });
    clock.pause(10_000);
    expect([lock.isHeld, lock.remaining()]).toEqual([false, 0]);
    expect(await rejection(lock.extend())).toMatchObject({ code: "LOCK_LOST" });
  });

  test("is not made longer by a wall clock that steps back", async () => {
    const { clock, redlock } = world();
    const lock = await redlock.acquire("a");
    clock.stepWall(-3_600_000);
    expect(lock.remaining()).toBe(9_898);
    await clock.advance(9_898);
    expect([lock.isHeld, lock.signal.aborted]).toEqual([false, true]);
  });

  test("ends early when the wall clock steps forward, as after the sleep of a machine, and is told within a second", async () => {
    const { clock, redlock } = world();
    const lock = await redlock.acquire("a");
    clock.stepWall(3_600_000);
    expect([lock.isHeld, lock.remaining()]).toEqual([false, 0]);
    await clock.advance(1_000);
    expect(lock.signal.aborted).toBe(true);
  });

  test("is not given by a round that was slower than the ttl", async () => {
    const { clock, instances, redlock } = world(3, { requestTimeout: 60_000 });
    await redlock.using("warm", () => undefined);
    for (const instance of instances) instance.pause();
    const attempt = redlock.tryAcquire("a", { ttl: 1_000 });
    await clock.advance(995);
    for (const instance of instances) instance.resume();
    const error = await rejection(attempt);
    expect(error).toBeInstanceOf(QuorumError);
    expect(String(error)).toMatch(
      /the votes took 995\.0 ms, but a ttl of 1000 ms is valid for 988\.0 ms only; use a longer ttl/,
    );
    await settle();
    for (const instance of instances) expect(instance.get("lock:a")).toBeUndefined();
  });
});

describe("automatic extension", () => {
  test("keeps a lock for as long as it is held, and stops at its release", async () => {
    const { clock, instances, redlock } = world();
    const lock = await redlock.acquire("a", { autoExtend: true });
    await clock.advance(100_000);
    expect(lock.isHeld).toBe(true);
    expect(lock.remaining()).toBeGreaterThan(10_000 / 2);
    expect(await lock.release()).toBe(true);
    await clock.advance(100_000);
    for (const instance of instances) expect(instance.get("lock:a")).toBeUndefined();
    expect(lock.signal.aborted).toBe(false);
  });

  test("never asks more often than once in 10 ms, however short the ttl and whatever fails", async () => {
    const { clock, instances, redlock } = world(3, { requestTimeout: 1 });
    let failures = 0;
    redlock.on("lock:extend:failed", () => (failures += 1));
    const lock = await redlock.acquire("a", { ttl: 100, autoExtend: true });
    for (const instance of instances) instance.kill();
    await clock.advance(200);
    expect(lock.signal.aborted).toBe(true);
    expect(failures).toBeGreaterThan(1);
    expect(failures).toBeLessThanOrEqual(10);
  });

  test("is tried again until the lease ends, and survives an outage that is shorter", async () => {
    const { clock, instances, redlock } = world();
    const lock = await redlock.acquire("a", { autoExtend: true });
    instances[0]!.pause();
    instances[1]!.pause();
    await clock.advance(8_000);
    expect(lock.isHeld).toBe(true);
    instances[0]!.resume();
    await clock.advance(20_000);
    expect(lock.isHeld).toBe(true);
    await lock.release();
  });

  test("tops the lock up on an instance that came back empty", async () => {
    const { clock, instances, redlock } = world();
    const lock = await redlock.acquire("a", { autoExtend: true });
    instances[0]!.restart();
    await clock.advance(4_000);
    expect(instances[0]!.get("lock:a")).toBe(lock.token);
    expect(instances[0]!.get("{lock:a}:fence")).toBe(String(lock.fence));
    await lock.release();
    expect(instances[0]!.get("lock:a")).toBeUndefined();
  });

  test("ends at once when others were granted the lock meanwhile", async () => {
    const { clock, instances, redlock } = world();
    const lock = await redlock.acquire("a", { autoExtend: true });
    for (const instance of instances.slice(0, 2)) instance.set("lock:a", "thief", 60_000);
    await clock.advance(4_000);
    expect(lock.signal.aborted).toBe(true);
    expect(String(lock.signal.reason)).toMatch(/"a" lost: others were granted it meanwhile/);
    expect(instances.map((instance) => instance.get("lock:a"))).toEqual(["thief", "thief", undefined]);
  });

  test("does not end when a minority refuses", async () => {
    const { clock, instances, redlock } = world();
    const lock = await redlock.acquire("a", { autoExtend: true });
    instances[0]!.set("lock:a", "thief", 60_000);
    await clock.advance(30_000);
    expect(lock.isHeld).toBe(true);
    await lock.release();
  });
});

describe("extend", () => {
  test("renews from now, by any ttl, and keeps that one", async () => {
    const { clock, redlock } = world();
    const lock = await redlock.acquire("a");
    await clock.advance(5_000);
    await lock.extend(60_000);
    expect([lock.ttl, lock.remaining()]).toEqual([60_000, 60_000 - 602]);
  });

  test("to an earlier end shortens the lease of the holder, while the instances keep the later end", async () => {
    const { clock, instances, redlock } = world();
    const lock = await redlock.acquire("a", { ttl: 60_000 });
    await lock.extend(1_000);
    expect(lock.remaining()).toBe(1_000 - 12);
    for (const instance of instances) expect(instance.remaining("lock:a")).toBe(60_000);
    await clock.advance(1_000);
    expect([lock.isHeld, lock.signal.aborted]).toEqual([false, true]);
    await clock.advance(20);
    for (const instance of instances) expect(instance.get("lock:a")).toBeUndefined();
  });

  test("to an earlier end that no quorum confirms changes nothing", async () => {
    const { clock, instances, redlock } = world();
    const lock = await redlock.acquire("a", { ttl: 60_000 });
    for (const instance of instances) instance.pause();
    const extending = rejection(lock.extend(1_000));
    await clock.advance(600);
    expect(await extending).toBeInstanceOf(QuorumError);
    expect(lock.remaining()).toBe(60_000 - 602 - 600);
  });

  test("that fails never makes a lease longer, whatever the wall clock did before", async () => {
    const { clock, instances, redlock } = world();
    const lock = await redlock.acquire("a");
    clock.stepWall(5_000);
    expect(lock.remaining()).toBe(9_898 - 5_000);
    for (const instance of instances) instance.kill();
    expect(await rejection(lock.extend(8_000))).toBeInstanceOf(QuorumError);
    expect(lock.remaining()).toBe(9_898 - 5_000);
    clock.stepWall(-5_000);
    expect(lock.remaining()).toBe(9_898);
  });

  test("that is confirmed only after the lease ended does not bring it back", async () => {
    const { clock, instances, redlock } = world(3, { requestTimeout: 60_000 });
    const lock = await redlock.acquire("a");
    await clock.advance(9_000);
    for (const instance of instances) instance.pause();
    const extending = rejection(lock.extend());
    await settle();
    clock.pause(1_000);
    for (const instance of instances) instance.resume();
    expect(await extending).toMatchObject({ code: "LOCK_LOST" });
    expect([lock.isHeld, lock.signal.aborted]).toEqual([false, true]);
    await clock.advance(200);
    expect(instances.map((instance) => instance.get("lock:a"))).toEqual([undefined, undefined, undefined]);
  });

  test("after the loss asks nobody", async () => {
    const { clock, instances, redlock } = world();
    const lock = await redlock.acquire("a");
    await clock.advance(9_898);
    const left = instances.map((instance) => instance.remaining("lock:a"));
    expect(await rejection(lock.extend())).toBe(lock.signal.reason);
    await settle();
    expect(instances.map((instance) => instance.remaining("lock:a"))).toEqual(left);
  });

  test("after the release says so", async () => {
    const { redlock } = world();
    const lock = await redlock.acquire("a");
    await lock.release();
    expect(String(await rejection(lock.extend()))).toMatch(/it was released before/);
  });

  test("refuses a bad ttl and keeps the lock as it is", async () => {
    const { redlock } = world();
    const lock = await redlock.acquire("a");
    expect(await rejection(lock.extend(0))).toBeInstanceOf(RangeError);
    expect([lock.ttl, lock.isHeld]).toEqual([10_000, true]);
  });
});

describe("release", () => {
  test("says whether the lock was held; a second one says no", async () => {
    const { redlock } = world();
    const lock = await redlock.acquire("a");
    expect(await Promise.all([lock.release(), lock.release()])).toEqual([true, false]);
    expect(await lock.release()).toBe(false);
  });

  test("of an expired lock says no, at once, whatever the instances do", async () => {
    const { clock, instances, redlock } = world();
    const lock = await redlock.acquire("a");
    clock.pause(10_000);
    for (const instance of instances) instance.pause();
    expect(await lock.release()).toBe(false);
  });

  test("of a lock that was stolen says no, and leaves the thief alone", async () => {
    const { instances, redlock } = world();
    const lock = await redlock.acquire("a");
    for (const instance of instances) instance.set("lock:a", "thief", 60_000);
    expect(await lock.release()).toBe(false);
    for (const instance of instances) expect(instance.get("lock:a")).toBe("thief");
  });

  test("that nobody confirms rejects with a line for each instance, and `using` gives the result all the same", async () => {
    const { clock, instances, redlock } = world();
    const released: boolean[] = [];
    redlock.on("lock:released", ({ confirmed }) => released.push(confirmed));
    const lock = await redlock.acquire("a");
    for (const instance of instances) instance.pause();
    const error = await during(clock, 1_000, rejection(lock.release()));
    expect(error).toBeInstanceOf(QuorumError);
    expect(error).toHaveProperty("failures.length", 3);
    expect(String(error)).toMatch(
      /the release was not confirmed.*(\n {2}m[012]: (no|had not) answer[^\n]*){3}$/,
    );
    for (const instance of instances) instance.resume();
    await settle();
    const work = redlock.using("b", () => {
      for (const instance of instances) instance.kill();
      return "done";
    });
    expect(await during(clock, 1_000, work)).toBe("done");
    expect(released).toEqual([false, false]);
  });

  test("goes to an instance that answers late as well: nothing is left there", async () => {
    const { clock, instances, redlock } = world();
    await redlock.using("warm", () => undefined);
    instances[2]!.pause();
    const lock = await redlock.acquire("a");
    await clock.advance(1_000);
    expect(await lock.release()).toBe(true);
    instances[2]!.resume();
    await settle();
    expect(instances[2]!.get("lock:a")).toBeUndefined();
  });
});
