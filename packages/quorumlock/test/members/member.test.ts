import { describe, expect, test } from "vitest";
import { MemoryInstance, Redlock } from "../../src/index.ts";
import { DelayedInstance } from "../support/detour.ts";
import { rejection } from "../support/timing.ts";
import { settle, VirtualClock } from "../support/virtual-clock.ts";
import { WatchedInstance } from "../support/watched-instance.ts";

function world(): {
  clock: VirtualClock;
  instances: readonly WatchedInstance[];
  redlock: Redlock;
  events: string[];
} {
  const clock = new VirtualClock();
  const instances = [0, 1, 2].map((index) => new WatchedInstance({ clock, label: `m${index}` }));
  const redlock = new Redlock(instances, { clock, requestTimeout: 100 });
  const events: string[] = [];
  redlock.on("instance:down", ({ instance, error }) => events.push(`down ${instance} ${error.code}`));
  redlock.on("instance:up", ({ instance, downMs }) => events.push(`up ${instance} ${downMs}`));
  redlock.on("instance:restarted", ({ instance }) => events.push(`restarted ${instance}`));
  return { clock, instances, redlock, events };
}

describe("a member", () => {
  test("that hangs is reported once, receives no new requests, and is reported up with its first late reply", async () => {
    const { clock, instances, redlock, events } = world();
    await redlock.using("warm", () => undefined);
    instances[1]!.pause();
    const before = instances[1]!.operations.length;
    for (let turn = 0; turn < 100; turn++) {
      await redlock.using("a", () => undefined);
      await clock.advance(10);
    }
    expect(events).toEqual(["down m1 INSTANCE_TIMEOUT"]);
    // Requests before the time limit, and their releases. Not one request for each of a hundred locks.
    expect(instances[1]!.operations.length - before).toBeLessThanOrEqual(24);
    instances[1]!.resume();
    await settle();
    expect(events).toEqual(["down m1 INSTANCE_TIMEOUT", "up m1 900"]);
    expect(instances[1]!.keys()).not.toContain("lock:a");
    await redlock.using("b", () => expect(instances[1]!.keys()).toContain("lock:b"));
  });

  test("whose connection breaks abstains at once, and is identified when it is connected again", async () => {
    const { instances, redlock, events } = world();
    await redlock.using("warm", () => undefined);
    instances[1]!.kill();
    await redlock.using("a", () => undefined);
    instances[1]!.restart();
    await settle();
    expect(events).toEqual(["down m1 INSTANCE_UNAVAILABLE", "up m1 0", "restarted m1"]);
  });

  test("that restarted is noticed even if a release was sent to it in between", async () => {
    const { clock, instances, redlock, events } = world();
    const lock = await redlock.acquire("a");
    instances[1]!.pause();
    const releasing = lock.release();
    await clock.advance(200);
    await releasing;
    instances[1]!.restart();
    await settle();
    expect(events).toEqual(["down m1 INSTANCE_TIMEOUT", "up m1 100", "restarted m1"]);
  });

  test("receives the release again that a broken connection lost", async () => {
    const { instances, redlock } = world();
    const lock = await redlock.acquire("a");
    instances[1]!.losesRequests = true;
    expect(await lock.release()).toBe(true);
    instances[1]!.disconnect();
    instances[1]!.losesRequests = false;
    expect(instances[1]!.keys()).toContain("lock:a");
    instances[1]!.reconnect();
    await settle();
    expect(instances[1]!.keys()).not.toContain("lock:a");
  });

  test("receives lost releases right after the identity request, before later requests", async () => {
    const { instances, redlock } = world();
    const locks = [await redlock.acquire("a"), await redlock.acquire("b")];
    instances[1]!.losesRequests = true;
    for (const lock of locks) {
      await lock.release();
      await settle();
    }
    instances[1]!.disconnect();
    instances[1]!.losesRequests = false;
    const before = instances[1]!.operations.length;
    instances[1]!.reconnect();
    await redlock.using("c", () => undefined);
    expect(instances[1]!.operations.slice(before, before + 4)).toEqual([
      "identify",
      "mutex.release",
      "mutex.release",
      "mutex.acquire",
    ]);
  });

  test("that turns out to be the same server as another member stops grants and extensions", async () => {
    const clock = new VirtualClock();
    const [a, b, c] = [0, 1, 2].map((index) => new MemoryInstance({ clock, label: `s${index}` }));
    const ways = [new DelayedInstance(a!), new DelayedInstance(b!), new DelayedInstance(c!)];
    const redlock = new Redlock(ways, { clock, requestTimeout: 100 });
    const lock = await redlock.acquire("a");
    ways[2]!.redirect(a!);
    await settle();
    expect(await rejection(lock.extend())).toMatchObject({ code: "LOCK_NO_QUORUM" });
    expect(await rejection(redlock.acquire("b"))).toMatchObject({ code: "LOCK_DUPLICATE_INSTANCE" });
    await clock.advance(10_000);
    expect(lock.signal.aborted).toBe(true);
    ways[2]!.redirect(c!);
    await settle();
    await (await redlock.acquire("b")).release();
  });

  test("receives all requests of one tick in one write", async () => {
    const { instances, redlock } = world();
    await redlock.using("warm", () => undefined);
    const before = instances[0]!.runCalls;
    const locks = await Promise.all(Array.from({ length: 100 }, (_, index) => redlock.acquire(`n${index}`)));
    await Promise.all(locks.map((lock) => lock.release()));
    expect(instances[0]!.runCalls - before).toBe(2);
  });

  test("needs one timer for ten thousand held locks", async () => {
    const { clock, redlock } = world();
    const locks = await Promise.all(
      Array.from({ length: 10_000 }, (_, index) => redlock.acquire(`n${index}`)),
    );
    await clock.advance(5_000);
    expect(locks.every(({ isHeld }) => isHeld)).toBe(true);
    expect(clock.pending).toBeLessThanOrEqual(3);
    await Promise.all(locks.map((lock) => lock.release()));
  });
});
