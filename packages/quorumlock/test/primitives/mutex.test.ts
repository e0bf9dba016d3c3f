import { describe, expect, test } from "vitest";
import { LockLostError, LockTimeoutError } from "../../src/index.ts";
import { rejection } from "../support/timing.ts";
import { settle } from "../support/virtual-clock.ts";
import { advanceDuring, world } from "../support/world.ts";
import { fenceKey, withoutCounters } from "../support/lock-keys.ts";

describe("fencing tokens", () => {
  test("increase from holder to holder, also where the instances' counters have drifted apart", async () => {
    const { instances, redlock } = world();
    await redlock.using("warm", () => undefined);
    const counters = [5, 1_000, 70];
    instances.forEach((instance, index) => instance.set(fenceKey("a"), String(counters[index])));
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
    const both = await Promise.allSettled([redlock.acquire("a"), redlock.acquire("b")]);
    await closing;
    await settle();
    const stillHeld = both.filter(
      (outcome) => outcome.status === "fulfilled" && !outcome.value.signal.aborted,
    );
    expect(stillHeld).toEqual([]);
    for (const instance of instances) expect(withoutCounters(instance.keys())).toEqual([]);
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

describe("tryUsing", () => {
  test("runs the routine under a lock that extends itself, and says so", async () => {
    const { clock, redlock } = world();
    const work = redlock.tryUsing("a", { ttl: 1_000 }, async (lock) => {
      await clock.advance(5_000);
      return lock.isHeld;
    });
    expect(await work).toEqual({ acquired: true, value: true });
    expect(await redlock.tryAcquire("a")).not.toBeNull();
  });

  test("does not run the routine, and does not wait, if another holder has the lock", async () => {
    const { redlock } = world();
    await redlock.acquire("a");
    let runs = 0;
    expect(await redlock.mutex("a").tryUsing({ wait: 60_000 }, () => (runs += 1))).toEqual({
      acquired: false,
    });
    expect(runs).toBe(0);
  });

  test("rejects with the error of the routine, also a timeout of another lock", async () => {
    const { redlock } = world();
    await redlock.acquire("b");
    const work = redlock.tryUsing("a", () => redlock.acquire("b", { wait: 0 }));
    expect(await rejection(work)).toMatchObject({ code: "LOCK_TIMEOUT", names: ["b"] });
    expect(await redlock.tryAcquire("a")).not.toBeNull();
  });

  test("rejects if no quorum votes, and for a routine that is no function", async () => {
    const { clock, instances, redlock } = world();
    await redlock.using("warm", () => undefined);
    expect(String(await rejection(redlock.tryUsing("a", {}, 5 as never)))).toMatch(
      /tryUsing: the last argument/,
    );
    for (const instance of instances) instance.kill();
    // The connections may come back until the time limit of a request.
    const failed = rejection(
      advanceDuring(
        clock,
        1_000,
        redlock.tryUsing("a", () => 1),
      ),
    );
    expect(await failed).toMatchObject({ code: "LOCK_NO_QUORUM" });
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
    expect(await advanceDuring(clock, 2_000, rejection(work))).toBe(failure);
  });

  test("settles when the lock is lost, with the loss as its reason", async () => {
    const { clock, instances, redlock } = world();
    const work = redlock.using("a", (_, signal) => {
      for (const instance of instances) instance.pause();
      return new Promise<void>((_resolve, reject) =>
        signal.addEventListener("abort", () => reject(signal.reason as Error)),
      );
    });
    expect(await advanceDuring(clock, 10_000, rejection(work))).toMatchObject({
      code: "LOCK_LOST",
      names: ["a"],
    });
  });

  test("does not pass off as protected what was done after the loss", async () => {
    const { clock, instances, redlock } = world();
    const work = redlock.using("a", async () => {
      for (const instance of instances) instance.kill();
      await new Promise<void>((resolve) => clock.setTimer(30_000, resolve, true));
      return "written without protection";
    });
    expect(await advanceDuring(clock, 31_000, rejection(work))).toBeInstanceOf(LockLostError);
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
    const error = await advanceDuring(clock, 600, rejection(redlock.acquire("a", { wait: 500 })));
    expect(error).toBeInstanceOf(LockTimeoutError);
    expect(error).toMatchObject({
      waited: 500,
      holder: { owner: "billing-1", thisProcess: true, remaining: 9_398 },
    });
    expect(String(error)).toMatch(
      /the lock on "a" was not acquired within 500 ms: held by billing-1 for up to 9398 ms more; this is the same process/,
    );
  });

  test("names a holder of another process, and a foreign client by its value", async () => {
    const { clock, instances, redlock } = world();
    const token = `${"f".repeat(32)}@elsewhere:7`;
    for (const instance of instances) instance.set("lock:a", token, 60_000);
    const ours = await advanceDuring(clock, 600, rejection(redlock.acquire("a", { wait: 500 })));
    expect(ours).toMatchObject({ holder: { owner: "elsewhere:7", token, thisProcess: false } });
    for (const instance of instances) instance.set("lock:b", "abc", 60_000);
    const foreign = await advanceDuring(clock, 600, rejection(redlock.acquire("b", { wait: 500 })));
    expect(foreign).toMatchObject({ holder: { owner: undefined, token: "abc" } });
    expect(String(foreign)).toMatch(/held by a client of another library \(value "abc"\)/);
  });

  test("does not hide the instances that did not answer", async () => {
    const { clock, instances, redlock } = world();
    for (const instance of instances) instance.set("lock:a", `${"f".repeat(32)}@elsewhere:7`, 60_000);
    instances[0]!.kill();
    const error = await advanceDuring(clock, 600, rejection(redlock.acquire("a", { wait: 500 })));
    expect(error).toMatchObject({ code: "LOCK_TIMEOUT", failures: [{ instance: "m0" }] });
    expect(String(error)).toMatch(/elsewhere:7.*\n {2}m0: /);
  });

  test("is another error than an outage", async () => {
    const { clock, instances, redlock } = world();
    instances[0]!.kill();
    instances[1]!.kill();
    const error = await advanceDuring(clock, 2_000, rejection(redlock.acquire("a", { wait: 1_000 })));
    expect(error).toMatchObject({
      code: "LOCK_NO_QUORUM",
      // The last one has no marker yet. It cannot vote before a quorum is identified.
      failures: [{ instance: "m2" }, { instance: "m0" }, { instance: "m1" }],
    });
    expect(await rejection(redlock.tryAcquire("a"))).toMatchObject({ code: "LOCK_NO_QUORUM" });
    instances[2]!.set("lock:a", "x", 5_000);
    expect(await rejection(redlock.tryAcquire("a"))).toMatchObject({ code: "LOCK_NO_QUORUM" });
  });

  test("before the instances answered at all is an outage as well", async () => {
    const { clock, instances, redlock } = world(3, { requestTimeout: 60_000 });
    for (const instance of instances) instance.pause();
    const error = await advanceDuring(clock, 600, rejection(redlock.acquire("a", { wait: 500 })));
    expect(error).toMatchObject({ code: "LOCK_NO_QUORUM", failures: { length: 3 } });
    expect(String(error)).toMatch(/m0: has not answered yet/);
  });

  test("leaves nothing behind: no vote, no place in the queue, no timer", async () => {
    const { clock, instances, redlock } = world();
    instances[0]!.set("lock:a", `${"f".repeat(32)}@elsewhere:7`, 60_000);
    instances[1]!.set("lock:a", `${"f".repeat(32)}@elsewhere:7`, 60_000);
    await advanceDuring(clock, 1_000, rejection(redlock.acquire("a", { wait: 500 })));
    await settle();
    expect(instances[2]!.get("lock:a")).toBeUndefined();
    for (const instance of instances.slice(0, 2)) instance.delete("lock:a");
    expect(await redlock.tryAcquire("a")).not.toBeNull();
  });
});
