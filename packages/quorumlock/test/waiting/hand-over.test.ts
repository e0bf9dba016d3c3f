import { describe, expect, test } from "vitest";
import { settle } from "../support/virtual-clock.ts";
import { lockTokens, type WatchedWorld, watchedWorld } from "../support/watched-world.ts";
import { fenceKey } from "../support/lock-keys.ts";

function createWorld(count = 3): WatchedWorld {
  return watchedWorld(count, { requestTimeout: 100 });
}

describe("a hand-over in one process", () => {
  test("is one request to each instance, which replaces the token, increases the fencing token and sends no message", async () => {
    const world = createWorld();
    const redlock = world.client();
    const first = await redlock.acquire("a");
    const other = world.client().acquire("a", { wait: Infinity });
    const next = redlock.acquire("a");
    await settle();
    let wakeMessages = 0;
    for (const instance of world.instances) instance.onWake = () => (wakeMessages += 1);
    const before = world.instances.map(({ operations: asked }) => asked.length);
    expect(await first.release()).toBe(true);
    const second = await next;
    expect(world.instances.map(({ operations: asked }, index) => asked.slice(before[index]))).toEqual(
      world.instances.map(() => ["mutex.takeOver"]),
    );
    expect([second.fence, wakeMessages]).toEqual([first.fence + 1, 0]);
    expect(lockTokens(world, "a")).toEqual(world.instances.map(() => second.token));
    expect([first.isHeld, second.isHeld]).toEqual([false, true]);
    await second.release();
    await (await other).release();
    expect(wakeMessages).toBeGreaterThan(0);
  });

  test("becomes a release if the next waiter gives up at that moment", async () => {
    const world = createWorld();
    const redlock = world.client();
    const first = await redlock.acquire("a");
    const controller = new AbortController();
    const next = redlock.acquire("a", { signal: controller.signal }).catch((error: unknown) => error);
    await settle();
    controller.abort();
    expect(await first.release()).toBe(true);
    expect(await next).toMatchObject({ code: "LOCK_ABORTED" });
    await settle();
    expect(lockTokens(world, "a")).toEqual([undefined, undefined, undefined]);
  });

  test("goes to the second waiter if the first one gives up", async () => {
    const world = createWorld();
    const redlock = world.client();
    const first = await redlock.acquire("a");
    const controller = new AbortController();
    const second = redlock.acquire("a", { signal: controller.signal }).catch((error: unknown) => error);
    const third = redlock.acquire("a");
    await settle();
    controller.abort();
    await first.release();
    expect(await second).toMatchObject({ code: "LOCK_ABORTED" });
    const lock = await third;
    expect(lockTokens(world, "a")).toEqual(world.instances.map(() => lock.token));
    await lock.release();
  });

  test("that no majority confirms becomes a release, and both callers reject", async () => {
    const world = createWorld();
    const redlock = world.client();
    const first = await redlock.acquire("a");
    const next = redlock.acquire("a", { wait: 300 }).catch((error: unknown) => error);
    await settle();
    for (const instance of world.instances.slice(0, 2)) instance.disconnect();
    const releasing = first.release().catch((error: unknown) => error);
    await world.clock.advance(400);
    expect(await releasing).toMatchObject({ code: "LOCK_NO_QUORUM" });
    expect(await next).toMatchObject({ code: "LOCK_NO_QUORUM" });
    for (const instance of world.instances.slice(0, 2)) instance.reconnect();
    await settle();
    expect(lockTokens(world, "a")).toEqual([undefined, undefined, undefined]);
  });

  test("leaves no key of the previous holder if one instance is not reachable", async () => {
    const world = createWorld();
    const redlock = world.client();
    const first = await redlock.acquire("a");
    const next = redlock.acquire("a");
    await settle();
    world.instances[0]!.disconnect();
    expect(await first.release()).toBe(true);
    const second = await next;
    world.instances[0]!.reconnect();
    await settle();
    expect(lockTokens(world, "a")).toEqual([undefined, second.token, second.token]);
    await second.release();
    expect(lockTokens(world, "a")).toEqual([undefined, undefined, undefined]);
  });

  test("counts as a release of a held lock, also if the next waiter gives up during the hand-over", async () => {
    const world = createWorld();
    const redlock = world.client();
    const first = await redlock.acquire("a");
    const controller = new AbortController();
    const next = redlock.acquire("a", { signal: controller.signal }).catch((error: unknown) => error);
    await settle();
    for (const instance of world.instances) instance.pause();
    const released = first.release();
    await settle();
    controller.abort();
    await settle();
    for (const instance of world.instances) instance.resume();
    expect(await released).toBe(true);
    expect(await next).toMatchObject({ code: "LOCK_ABORTED" });
    expect(lockTokens(world, "a")).toEqual([undefined, undefined, undefined]);
  });

  test("leaves no key of the previous holder if an instance disconnects after the votes of the others were lost", async () => {
    const world = createWorld();
    const redlock = world.client();
    const first = await redlock.acquire("a", { ttl: 3_600_000 });
    const next = redlock.acquire("a", { ttl: 3_600_000, wait: Infinity });
    await settle();
    // Different counters make a second round necessary. The votes are lost before it.
    world.instances.forEach((instance, index) => {
      instance.set(fenceKey("a"), String((index + 2) * 1_000));
      let once = true;
      instance.onOperation = (operation) => {
        if (operation === "mutex.commit" && once) instance.delete("lock:a");
        if (operation === "mutex.commit") once = false;
      };
    });
    world.instances[2]!.losesRequests = true;
    expect(await first.release()).toBe(true);
    await settle();
    world.instances[2]!.disconnect();
    world.instances[2]!.losesRequests = false;
    world.instances[2]!.reconnect();
    await world.clock.advance(1_000);
    expect(lockTokens(world, "a")).not.toContain(first.token);
    await (await next).release();
    expect(lockTokens(world, "a")).toEqual([undefined, undefined, undefined]);
  });

  test("is not used for a shorter ttl, because other processes would wait until the end of the longer one", async () => {
    const world = createWorld();
    const redlock = world.client();
    const first = await redlock.acquire("a", { ttl: 1_000 });
    await first.extend(600_000);
    const elsewhere = world.client().acquire("a", { wait: Infinity });
    const next = redlock.acquire("a", { ttl: 1_000, autoExtend: false });
    await settle();
    await first.release();
    await next;
    expect(world.instances[0]!.countOperations("mutex.takeOver")).toBe(0);
    // The release is never announced, as if the process had died.
    for (const instance of world.instances) instance.dropsWakeMessages = true;
    const at = world.clock.monotonic();
    await world.clock.advance(1_010);
    await (await elsewhere).release();
    expect(world.clock.monotonic() - at).toBe(1_010);
  });

  test("does not go to a second waiter with a shorter ttl than the first one", async () => {
    const world = createWorld();
    const redlock = world.client();
    const first = await redlock.acquire("a");
    const controller = new AbortController();
    const second = redlock.acquire("a", { signal: controller.signal });
    second.catch(() => undefined);
    const third = redlock.acquire("a", { ttl: 1_000 });
    await settle();
    controller.abort();
    await first.release();
    await (await third).release();
    expect(world.instances[0]!.countOperations("mutex.takeOver")).toBe(0);
  });
});
