import { describe, expect, test } from "vitest";
import { LockLostError, LockReleasedError, QuorumError } from "../../src/index.ts";
import { rejection } from "../support/timing.ts";
import { settle } from "../support/virtual-clock.ts";
import { advanceDuring, world } from "../support/world.ts";
import { fenceKey } from "../support/lock-keys.ts";

describe("a lease", () => {
  test("is the ttl without the drift allowance, and starts before the first request", async () => {
    const { clock, redlock } = world();
    const lock = await redlock.acquire("a", { autoExtend: false });
    expect(lock.remaining()).toBe(10_000 - 102);
    await clock.advance(9_897);
    expect([lock.isHeld, lock.remaining()]).toEqual([true, 1]);
    await clock.advance(1);
    expect([lock.isHeld, lock.remaining(), lock.signal.aborted]).toEqual([false, 0, true]);
  });

  test("ends before the key expires on any instance", async () => {
    const { clock, instances, redlock } = world();
    const lock = await redlock.acquire("a", { autoExtend: false });
    let remaining: number[] = [];
    lock.signal.addEventListener(
      "abort",
      () => (remaining = instances.map((instance) => instance.remaining("lock:a"))),
    );
    await clock.advance(20_000);
    expect(remaining.length).toBe(3);
    for (const ms of remaining) expect(ms).toBeGreaterThan(0);
    expect(lock.signal.reason).toBeInstanceOf(LockLostError);
  });

  test("that ended sends no release, and late extensions are undone", async () => {
    const { clock, instances, redlock } = world();
    const lock = await redlock.acquire("a");
    for (const instance of instances.slice(1)) instance.pause();
    await clock.advance(9_898);
    expect(lock.signal.aborted).toBe(true);
    expect(instances.every((instance) => instance.remaining("lock:a") > 0)).toBe(true);
    await clock.advance(102);
    for (const instance of instances) instance.resume();
    await settle();
    expect(instances.map((instance) => instance.get("lock:a"))).toEqual([undefined, undefined, undefined]);
  });

  test("is correct right after a pause in which no timer fired", async () => {
    const { clock, redlock } = world();
    const lock = await redlock.acquire("a");
    clock.pause(10_000);
    expect([lock.isHeld, lock.remaining()]).toEqual([false, 0]);
    expect(await rejection(lock.extend())).toMatchObject({ code: "LOCK_LOST" });
  });

  test("is not extended by a wall clock that steps back", async () => {
    const { clock, redlock } = world();
    const lock = await redlock.acquire("a", { autoExtend: false });
    clock.stepWall(-3_600_000);
    expect(lock.remaining()).toBe(9_898);
    await clock.advance(9_898);
    expect([lock.isHeld, lock.signal.aborted]).toEqual([false, true]);
  });

  test("ends early if the wall clock steps forward, as after the sleep of a machine, and the signal aborts within a second", async () => {
    const { clock, redlock } = world();
    const lock = await redlock.acquire("a");
    clock.stepWall(3_600_000);
    expect([lock.isHeld, lock.remaining()]).toEqual([false, 0]);
    await clock.advance(1_000);
    expect(lock.signal.aborted).toBe(true);
  });

  test("does not start if the round was slower than the ttl", async () => {
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
  test("keeps a lock until its release", async () => {
    const { clock, instances, redlock } = world();
    const lock = await redlock.acquire("a");
    await clock.advance(100_000);
    expect(lock.isHeld).toBe(true);
    expect(lock.remaining()).toBeGreaterThan(10_000 / 2);
    expect(await lock.release()).toBe(true);
    await clock.advance(100_000);
    for (const instance of instances) expect(instance.get("lock:a")).toBeUndefined();
    expect(lock.signal.aborted).toBe(false);
  });

  test("waits at least 10 ms between two attempts, even with a short ttl and failures", async () => {
    const { clock, instances, redlock } = world(3, { requestTimeout: 1 });
    let failures = 0;
    redlock.on("lock:extend:failed", () => (failures += 1));
    const lock = await redlock.acquire("a", { ttl: 100 });
    for (const instance of instances) instance.kill();
    await clock.advance(200);
    expect(lock.signal.aborted).toBe(true);
    expect(failures).toBeGreaterThan(1);
    expect(failures).toBeLessThanOrEqual(10);
  });

  test("is retried until the lease ends, and survives a shorter outage", async () => {
    const { clock, instances, redlock } = world();
    const lock = await redlock.acquire("a");
    instances[0]!.pause();
    instances[1]!.pause();
    await clock.advance(8_000);
    expect(lock.isHeld).toBe(true);
    instances[0]!.resume();
    await clock.advance(20_000);
    expect(lock.isHeld).toBe(true);
    await lock.release();
  });

  test("sets the key again on an instance that restarted empty", async () => {
    const { clock, instances, redlock } = world();
    const lock = await redlock.acquire("a");
    instances[0]!.restart();
    await clock.advance(4_000);
    expect(instances[0]!.get("lock:a")).toBe(lock.token);
    // A counter would hide that the server has lost its memory. It comes back when the restart guard's window is over.
    expect(instances[0]!.get(fenceKey("a"))).toBeUndefined();
    await clock.advance(10_000);
    expect(Number(instances[0]!.get(fenceKey("a")))).toBeGreaterThanOrEqual(lock.fence);
    await lock.release();
    expect(instances[0]!.get("lock:a")).toBeUndefined();
  });

  test("keeps a contended lock while one instance after another is away", async () => {
    const { clock, instances, redlock } = world();
    const lock = await redlock.acquire("a");
    for (let turn = 0; turn < 12; turn += 1) {
      const away = instances[turn % 3]!;
      away.restart();
      // A vote of another client for the free key lifts the counter above the holder's token.
      away.set(fenceKey("a"), String(lock.fence + 1_000));
      await clock.advance(4_000);
      expect(lock.isHeld).toBe(true);
      expect(instances.filter((instance) => instance.get("lock:a") === lock.token).length).toBe(3);
    }
    await lock.release();
  });

  test("ends at once if another holder was granted the lock meanwhile", async () => {
    const { clock, instances, redlock } = world();
    const lock = await redlock.acquire("a");
    for (const instance of instances.slice(0, 2)) instance.set("lock:a", "other-holder", 60_000);
    await clock.advance(4_000);
    expect(lock.signal.aborted).toBe(true);
    expect(String(lock.signal.reason)).toMatch(
      /"a" is not held any more: the instances granted it to another holder/,
    );
    expect(instances.map((instance) => instance.get("lock:a"))).toEqual([
      "other-holder",
      "other-holder",
      undefined,
    ]);
  });

  test("continues if a minority refuses", async () => {
    const { clock, instances, redlock } = world();
    const lock = await redlock.acquire("a");
    instances[0]!.set("lock:a", "other-holder", 60_000);
    await clock.advance(30_000);
    expect(lock.isHeld).toBe(true);
    await lock.release();
  });
});

describe("extend", () => {
  test("extends from now to any ttl, and keeps that ttl", async () => {
    const { clock, redlock } = world();
    const lock = await redlock.acquire("a");
    await clock.advance(5_000);
    await lock.extend(60_000);
    expect([lock.ttl, lock.remaining()]).toEqual([60_000, 60_000 - 602]);
  });

  test("to an earlier end shortens the lease of the holder, while the instances keep the later end", async () => {
    const { clock, instances, redlock } = world();
    const lock = await redlock.acquire("a", { ttl: 60_000, autoExtend: false });
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

  test("that fails never makes a lease longer, even if the wall clock stepped before", async () => {
    const { clock, instances, redlock } = world();
    const lock = await redlock.acquire("a", { autoExtend: false });
    clock.stepWall(5_000);
    expect(lock.remaining()).toBe(9_898 - 5_000);
    for (const instance of instances) instance.kill();
    // From then on the connections count as down, and the extension does not wait for them.
    await clock.advance(1_000);
    expect(await rejection(lock.extend(8_000))).toBeInstanceOf(QuorumError);
    expect(lock.remaining()).toBe(9_898 - 6_000);
    clock.stepWall(-5_000);
    expect(lock.remaining()).toBe(9_898 - 1_000);
  });

  test("that is confirmed after the end of the lease does not restore the lease", async () => {
    const { clock, instances, redlock } = world(3, { requestTimeout: 60_000 });
    const lock = await redlock.acquire("a", { autoExtend: false });
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

  test("after the loss sends no request", async () => {
    const { clock, instances, redlock } = world();
    const lock = await redlock.acquire("a", { autoExtend: false });
    await clock.advance(9_898);
    const remaining = instances.map((instance) => instance.remaining("lock:a"));
    expect(await rejection(lock.extend())).toBe(lock.signal.reason);
    await settle();
    expect(instances.map((instance) => instance.remaining("lock:a"))).toEqual(remaining);
  });

  test("after the release rejects with that reason", async () => {
    const { redlock } = world();
    const lock = await redlock.acquire("a");
    await lock.release();
    expect(String(await rejection(lock.extend()))).toMatch(/it was released before/);
  });

  test("rejects a bad ttl and does not change the lock", async () => {
    const { redlock } = world();
    const lock = await redlock.acquire("a");
    expect(await rejection(lock.extend(0))).toBeInstanceOf(RangeError);
    expect([lock.ttl, lock.isHeld]).toEqual([10_000, true]);
  });

  test("a listener of lock:extend:failed may release the lock", async () => {
    const { instances, redlock } = world();
    const lock = await redlock.acquire("a");
    redlock.on("lock:extend:failed", () => void lock.release());
    for (const instance of instances) instance.set("lock:a", "0123456789abcdef0123456789abcdef@x", 60_000);
    expect(await rejection(lock.extend())).toBeInstanceOf(LockReleasedError);
    await redlock.close();
  });
});

describe("release", () => {
  test("resolves to whether the lock was held; a second release resolves to false", async () => {
    const { redlock } = world();
    const lock = await redlock.acquire("a");
    expect(await Promise.all([lock.release(), lock.release()])).toEqual([true, false]);
    expect(await lock.release()).toBe(false);
  });

  test("of an expired lock resolves to false at once, even if no instance answers", async () => {
    const { clock, instances, redlock } = world();
    const lock = await redlock.acquire("a");
    clock.pause(10_000);
    for (const instance of instances) instance.pause();
    expect(await lock.release()).toBe(false);
  });

  test("of a lock with another holder resolves to false, and keeps the other holder's key", async () => {
    const { instances, redlock } = world();
    const lock = await redlock.acquire("a");
    for (const instance of instances) instance.set("lock:a", "other-holder", 60_000);
    expect(await lock.release()).toBe(false);
    for (const instance of instances) expect(instance.get("lock:a")).toBe("other-holder");
  });

  test("that no instance confirms rejects with a line for each instance, but `using` resolves to the result", async () => {
    const { clock, instances, redlock } = world();
    const released: boolean[] = [];
    redlock.on("lock:released", ({ confirmed }) => released.push(confirmed));
    const lock = await redlock.acquire("a");
    for (const instance of instances) instance.pause();
    const error = await advanceDuring(clock, 1_000, rejection(lock.release()));
    expect(error).toBeInstanceOf(QuorumError);
    expect(error).toHaveProperty("failures.length", 3);
    expect(String(error)).toMatch(
      /no quorum confirmed the release.*(\n {2}m[012]: (no|did not) answer[^\n]*){3}$/,
    );
    for (const instance of instances) instance.resume();
    await settle();
    const work = redlock.using("b", () => {
      for (const instance of instances) instance.kill();
      return "done";
    });
    expect(await advanceDuring(clock, 1_000, work)).toBe("done");
    expect(released).toEqual([false, false]);
  });

  test("also reaches an instance that answers late, so that no key remains", async () => {
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
