import { afterEach, describe, expect, test } from "vitest";
import { LockLostError, LockTimeoutError, MemoryInstance, QuorumError, Redlock } from "../src/index.ts";
import type { RedlockOptions } from "../src/index.ts";
import { rejection } from "./support/timing.ts";
import { settle, VirtualClock } from "./support/virtual-clock.ts";

interface World {
  readonly clock: VirtualClock;
  readonly instances: readonly MemoryInstance[];
  readonly redlock: Redlock;
}

const clients: Redlock[] = [];

function world(count = 3, options: RedlockOptions = {}): World {
  const clock = new VirtualClock();
  const instances = Array.from(
    { length: count },
    (_, index) => new MemoryInstance({ clock, label: `m${index}` }),
  );
  return { clock, instances, redlock: client(instances, { clock, ttl: 10_000, ...options }) };
}

function client(instances: readonly MemoryInstance[], options: RedlockOptions): Redlock {
  const redlock = new Redlock(instances, options);
  clients.push(redlock);
  return redlock;
}

/** Runs a promise while virtual time passes. */
async function during<T>(clock: VirtualClock, ms: number, promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  await clock.advance(ms);
  return promise;
}

afterEach(() => void clients.splice(0));

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
      /the votes took 995\.0 ms, longer than the 988\.0 ms for which a ttl of 1000 ms is valid/,
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

  test("to a shorter ttl counts from when it was asked for, even if nobody confirms", async () => {
    const { clock, instances, redlock } = world();
    const lock = await redlock.acquire("a", { ttl: 60_000 });
    for (const instance of instances) instance.pause();
    const extending = rejection(lock.extend(1_000));
    await settle();
    expect(lock.remaining()).toBe(1_000 - 12);
    await clock.advance(600);
    expect(await extending).toBeInstanceOf(QuorumError);
    expect(lock.remaining()).toBe(1_000 - 12 - 600);
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
    expect(lock.remaining()).toBe(8_000 - 82);
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

describe("fencing tokens", () => {
  test("increase from holder to holder, also where the instances' counters have drifted apart", async () => {
    const { instances, redlock } = world();
    await redlock.using("warm", () => undefined);
    const counters = [5, 1_000, 70];
    instances.forEach((instance, index) => instance.set("{lock:a}:fence", String(counters[index])));
    const fences: number[] = [];
    for (let turn = 0; turn < 20; turn++) {
      instances[turn % 3]!.pause();
      const lock = await redlock.acquire("a");
      fences.push(lock.fence);
      await lock.release();
      instances[turn % 3]!.resume();
      await settle();
    }
    expect(new Set(fences).size).toBe(20);
    expect(fences).toEqual(fences.toSorted((a, b) => a - b));
    // Any two of the three instances have the largest of both as their start.
    expect(fences[0]).toBeGreaterThan(70);
  });

  test("are one for all names of a lock", async () => {
    const { redlock } = world();
    const [a, b] = [await redlock.acquire("a"), await redlock.acquire("b")];
    await a.release();
    await b.release();
    for (let turn = 0; turn < 5; turn++) await redlock.using("b", () => undefined);
    const before = await redlock.acquire("b");
    await before.release();
    const both = await redlock.acquire(["b", "a"]);
    expect(both.names).toEqual(["a", "b"]);
    expect(both.fence).toBeGreaterThan(before.fence);
    await both.release();
    const after = await redlock.acquire("a");
    expect(after.fence).toBeGreaterThan(both.fence);
  });
});

describe("what comes in between the last vote and the lock", () => {
  test("closing the client: the claim is withdrawn", async () => {
    const { instances, redlock } = world();
    let closing: Promise<void> | undefined;
    redlock.on("lock:acquire:succeeded", () => {
      closing ??= redlock.close();
    });
    const both = await Promise.allSettled([redlock.acquire("a"), redlock.acquire("b", { autoExtend: true })]);
    await closing;
    await settle();
    const stillHeld = both.filter(
      (outcome) => outcome.status === "fulfilled" && !outcome.value.signal.aborted,
    );
    expect(stillHeld).toEqual([]);
    for (const instance of instances)
      expect(instance.keys().filter((key) => !key.endsWith(":fence"))).toEqual([]);
  });

  test("closing the client: who is told of the loss cannot come in again", async () => {
    const { instances, redlock } = world();
    await redlock.acquire("a");
    const again: Promise<unknown>[] = [];
    redlock.on("lock:lost", () =>
      again.push(rejection(redlock.acquire("a")), rejection(redlock.tryAcquire("c"))),
    );
    await redlock.close();
    expect(await Promise.all(again)).toMatchObject([{ code: "LOCK_CLOSED" }, { code: "LOCK_CLOSED" }]);
    for (const instance of instances) expect(instance.get("lock:a")).toBeUndefined();
  });

  test("aborting the caller's signal: the caller and the instances agree", async () => {
    const { instances, redlock } = world();
    const controller = new AbortController();
    redlock.on("lock:acquire:succeeded", () => controller.abort());
    const both = await Promise.allSettled([
      redlock.acquire("a"),
      redlock.acquire("b", { signal: controller.signal }),
    ]);
    await settle();
    // Whichever came first, the caller and the instances agree on it.
    const held = both[1]?.status === "fulfilled";
    expect(instances.map((instance) => instance.get("lock:b") !== undefined)).toEqual([held, held, held]);
    expect(held || String(both[1]?.status === "rejected" && both[1].reason).includes("was aborted")).toBe(
      true,
    );
  });
});

describe("using", () => {
  test("gives what the routine gives, and frees the lock", async () => {
    const { redlock } = world();
    const result = await redlock.using("a", async (lock, signal) => {
      expect(signal).toBe(lock.signal);
      expect(await redlock.tryAcquire("a")).toBeNull();
      return 42;
    });
    expect(result).toBe(42);
    expect(await redlock.tryAcquire("a")).not.toBeNull();
  });

  test("rejects with what the routine throws, even when the release fails too", async () => {
    const { clock, instances, redlock } = world();
    const failure = new Error("from the routine");
    const work = redlock.using("a", () => {
      for (const instance of instances) instance.pause();
      throw failure;
    });
    expect(await during(clock, 2_000, rejection(work))).toBe(failure);
  });

  test("settles when the lock is lost, with the loss as its reason", async () => {
    const { clock, instances, redlock } = world();
    const work = redlock.using("a", (_, signal) => {
      for (const instance of instances) instance.pause();
      return new Promise<void>((_resolve, reject) =>
        signal.addEventListener("abort", () => reject(signal.reason as Error)),
      );
    });
    expect(await during(clock, 10_000, rejection(work))).toMatchObject({ code: "LOCK_LOST", names: ["a"] });
  });

  test("does not pass off as protected what was done after the loss", async () => {
    const { clock, instances, redlock } = world();
    const work = redlock.using("a", async () => {
      for (const instance of instances) instance.kill();
      await new Promise<void>((resolve) => clock.timer(30_000, resolve, true));
      return "written without protection";
    });
    expect(await during(clock, 31_000, rejection(work))).toBeInstanceOf(LockLostError);
  });

  test("with `await using` the lock is freed at the end of the block", async () => {
    const { redlock } = world();
    {
      await using lock = await redlock.acquire("a");
      expect(lock.isHeld).toBe(true);
    }
    expect(await redlock.tryAcquire("a")).not.toBeNull();
  });
});

describe("a timeout", () => {
  test("names the holder, how long it may last, and that it is this very process", async () => {
    const { clock, redlock } = world(3, { owner: "billing-1" });
    await redlock.acquire("a");
    const error = await during(clock, 600, rejection(redlock.acquire("a", { wait: 500 })));
    expect(error).toBeInstanceOf(LockTimeoutError);
    expect(error).toMatchObject({
      waited: 500,
      holder: { owner: "billing-1", thisProcess: true, remaining: 9_398 },
    });
    expect(String(error)).toMatch(
      /"a" not acquired in 500 ms: held by billing-1 for up to 9398 ms more, which is this very process/,
    );
  });

  test("names a holder of another process, and a foreign client by its value", async () => {
    const { clock, instances, redlock } = world();
    const token = `${"f".repeat(32)}@elsewhere:7`;
    for (const instance of instances) instance.set("lock:a", token, 60_000);
    const ours = await during(clock, 600, rejection(redlock.acquire("a", { wait: 500 })));
    expect(ours).toMatchObject({ holder: { owner: "elsewhere:7", token, thisProcess: false } });
    for (const instance of instances) instance.set("lock:b", "abc", 60_000);
    const foreign = await during(clock, 600, rejection(redlock.acquire("b", { wait: 500 })));
    expect(foreign).toMatchObject({ holder: { owner: undefined, token: "abc" } });
    expect(String(foreign)).toMatch(/held by a foreign client \(value "abc"\)/);
  });

  test("does not hide the instances that did not answer", async () => {
    const { clock, instances, redlock } = world();
    for (const instance of instances) instance.set("lock:a", `${"f".repeat(32)}@elsewhere:7`, 60_000);
    instances[0]!.kill();
    const error = await during(clock, 600, rejection(redlock.acquire("a", { wait: 500 })));
    expect(error).toMatchObject({ code: "LOCK_TIMEOUT", failures: [{ instance: "m0" }] });
    expect(String(error)).toMatch(/elsewhere:7.*\n {2}m0: /);
  });

  test("is another error than an outage", async () => {
    const { clock, instances, redlock } = world();
    instances[0]!.kill();
    instances[1]!.kill();
    const error = await during(clock, 2_000, rejection(redlock.acquire("a", { wait: 1_000 })));
    expect(error).toMatchObject({
      code: "LOCK_UNREACHABLE",
      failures: [{ instance: "m0" }, { instance: "m1" }, { instance: "m2" }],
    });
    expect(await rejection(redlock.tryAcquire("a"))).toMatchObject({ code: "LOCK_UNREACHABLE" });
    instances[2]!.set("lock:a", "x", 5_000);
    expect(await rejection(redlock.tryAcquire("a"))).toMatchObject({ code: "LOCK_UNREACHABLE" });
  });

  test("leaves nothing behind: no vote, no place in the queue, no timer", async () => {
    const { clock, instances, redlock } = world();
    instances[0]!.set("lock:a", `${"f".repeat(32)}@elsewhere:7`, 60_000);
    instances[1]!.set("lock:a", `${"f".repeat(32)}@elsewhere:7`, 60_000);
    await during(clock, 1_000, rejection(redlock.acquire("a", { wait: 500 })));
    await settle();
    expect(instances[2]!.get("lock:a")).toBeUndefined();
    for (const instance of instances.slice(0, 2)) instance.delete("lock:a");
    expect(await redlock.tryAcquire("a")).not.toBeNull();
  });
});
