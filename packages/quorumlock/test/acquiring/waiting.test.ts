import { describe, expect, test } from "vitest";
import type { LockEvents } from "../../src/index.ts";
import { settle } from "../support/virtual-clock.ts";
import { countAcquires, watchedWorld } from "../support/watched-world.ts";
import { fenceKey } from "../support/lock-keys.ts";

describe("a waiter", () => {
  test("does not poll: it requests the lock twice, and then once for each expected end of the lease", async () => {
    const world = watchedWorld();
    const held = await world.client().acquire("a");
    const before = countAcquires(world);
    const waiting = world.client().acquire("a", { wait: Infinity });
    await world.clock.advance(60_000);
    // The holder extends every third of its 10 s, so each refusal reports 6.7 to 10 s.
    expect((countAcquires(world) - before) / 3).toBeLessThanOrEqual(2 + 60 / 6.6);
    await held.release();
    await settle();
    await (await waiting).release();
  });

  test("acquires at the release with one more attempt, and no time passes", async () => {
    const world = watchedWorld();
    const held = await world.client().acquire("a");
    const waiting = world.client().acquire("a", { wait: Infinity });
    await world.clock.advance(10);
    const before = countAcquires(world);
    const at = world.clock.monotonic();
    await held.release();
    await waiting;
    expect(world.clock.monotonic()).toBe(at);
    expect(countAcquires(world) - before).toBe(3);
  });

  test("is still notified if an earlier waiter of its client gave up a moment before", async () => {
    const world = watchedWorld();
    const held = await world.client().acquire("a", { ttl: 600_000 });
    const redlock = world.client();
    redlock.acquire("a", { wait: 500 }).catch(() => undefined);
    await world.clock.advance(600);
    const waiting = redlock.acquire("a", { wait: Infinity });
    let isGranted = false;
    void waiting.then(() => (isGranted = true));
    // A channel without waiters would be closed by now.
    await world.clock.advance(3_000);
    await held.release();
    await settle();
    expect(isGranted).toBe(true);
  });

  test("does not ask when the holder extends its lock", async () => {
    const world = watchedWorld();
    const held = await world.client().acquire("a");
    void world.client().acquire("a", { wait: Infinity });
    await world.clock.advance(10);
    const before = countAcquires(world);
    await held.extend(20_000);
    await held.extend(1_000);
    await world.clock.advance(100);
    expect(countAcquires(world)).toBe(before);
  });

  test("acquires at the end of the lease if the holder's process died", async () => {
    const world = watchedWorld();
    const token = `${"d".repeat(32)}@dead:1`;
    for (const instance of world.instances) instance.set("lock:a", token, 10_000);
    let isAcquired = false;
    const waiting = world
      .client()
      .acquire("a", { wait: Infinity })
      .then(() => (isAcquired = true));
    await world.clock.advance(9_990);
    expect(isAcquired).toBe(false);
    await world.clock.advance(20);
    expect(await waiting).toBe(true);
  });

  test("does not miss a release that crosses its refusal", async () => {
    const world = watchedWorld();
    const holder = world.client();
    let held = await holder.acquire("a", { ttl: 600_000 });
    const other = world.client();
    await other.using("warm", () => undefined);
    // The release runs on the instances after the refusal, but before the refusal arrives.
    for (let turn = 0; turn < 30; turn++) {
      const waiting = other.acquire("a", { wait: 5_000, ttl: 600_000 });
      for (let step = 0; step < turn; step++) await Promise.resolve();
      await held.release();
      await world.clock.advance(1);
      const lock = await waiting;
      await lock.release();
      held = await holder.acquire("a", { ttl: 600_000 });
    }
    await held.release();
  });

  test("gets its share if other clients acquire just as often", async () => {
    const world = watchedWorld();
    const served = [0, 0, 0, 0, 0, 0];
    const endsAt = world.clock.monotonic() + 600;
    const pause = (ms: number): Promise<void> =>
      new Promise((resolve) => world.clock.setTimer(ms, resolve, true));
    const workers = served.map(async (_, index) => {
      const redlock = world.client();
      while (world.clock.monotonic() < endsAt) {
        await redlock.using("a", { wait: Infinity }, () => pause(1));
        served[index]! += 1;
        await pause(1);
      }
    });
    await world.clock.advance(1_200);
    await Promise.all(workers);
    const average = served.reduce((sum, count) => sum + count, 0) / served.length;
    expect(Math.min(...served)).toBeGreaterThan(average / 2);
  });

  test("does not miss a release that came before a slow subscription was confirmed", async () => {
    const world = watchedWorld(1);
    const instance = world.instances[0]!;
    const held = await world.client().acquire("a", { ttl: 600_000 });
    let confirm = (): void => undefined;
    instance.subscriptionGate = new Promise((resolve) => (confirm = resolve));
    let served = false;
    const waiting = world
      .client({ requestTimeout: 10 })
      .acquire("a", { wait: Infinity })
      .finally(() => (served = true));
    // It requests the lock once more without the subscription, and waits.
    await world.clock.advance(15);
    await held.release();
    await world.clock.advance(5);
    expect(served).toBe(false);
    confirm();
    await world.clock.advance(1);
    expect(served).toBe(true);
    await (await waiting).release();
  });

  test("needs wake messages only from a quorum", async () => {
    const world = watchedWorld();
    const held = await world.client().acquire("a", { ttl: 600_000 });
    const waiting = world.client().acquire("a", { wait: 5_000 });
    await world.clock.advance(10);
    world.instances[1]!.dropsWakeMessages = true;
    await held.release();
    await world.clock.advance(1);
    await (await waiting).release();
  });

  test("polls slowly while a subscription is lost, emits an event, and stops when it is restored", async () => {
    const world = watchedWorld();
    const lost: LockEvents["instance:wake:lost"][] = [];
    const held = await world.client().acquire("a", { ttl: 600_000 });
    const other = world.client();
    other.on("instance:wake:lost", (event) => lost.push(event));
    const waiting = other.acquire("a", { wait: Infinity });
    await world.clock.advance(10);
    for (const instance of world.instances.slice(0, 2)) instance.breakSubscriptions();
    await settle();
    expect(lost.map(({ instance }) => instance)).toEqual(["m0", "m1"]);
    const before = countAcquires(world);
    await world.clock.advance(3_000);
    const polls = (countAcquires(world) - before) / 3;
    expect(polls).toBeGreaterThanOrEqual(3_000 / 150 - 2);
    expect(polls).toBeLessThanOrEqual(3_000 / 50 + 2);
    for (const instance of world.instances.slice(0, 2)) instance.restoreSubscriptions();
    await world.clock.advance(200);
    const after = countAcquires(world);
    await world.clock.advance(60_000);
    // Besides the notifications it requests the lock every 10 to 15 s, in case a message is lost.
    expect((countAcquires(world) - after) / 3).toBeLessThanOrEqual(1 + 60 / 10);
    await held.release();
    await settle();
    await (await waiting).release();
  });

  test("requests the lock again if a release was missed while its subscription was broken", async () => {
    const world = watchedWorld();
    const held = await world.client().acquire("a", { ttl: 600_000 });
    const other = world.client();
    const waiting = other.acquire("a", { wait: Infinity });
    await world.clock.advance(10);
    for (const instance of world.instances) instance.dropsWakeMessages = true;
    await held.release();
    await settle();
    for (const instance of world.instances) {
      instance.breakSubscriptions();
      instance.restoreSubscriptions();
    }
    await world.clock.advance(150);
    await (await waiting).release();
  });

  test("retries a rejected subscription, but no more often than it polls", async () => {
    const world = watchedWorld();
    const held = await world.client().acquire("a", { ttl: 600_000 });
    const other = world.client();
    for (const instance of world.instances.slice(0, 2)) instance.refusesSubscriptions = true;
    const waiting = other.acquire("a", { wait: Infinity });
    await world.clock.advance(5_000);
    const before = countAcquires(world);
    await world.clock.advance(3_000);
    expect((countAcquires(world) - before) / 3).toBeLessThanOrEqual(3_000 / 50 + 2);
    for (const instance of world.instances.slice(0, 2)) instance.refusesSubscriptions = false;
    await world.clock.advance(200);
    const after = countAcquires(world);
    await world.clock.advance(60_000);
    expect((countAcquires(world) - after) / 3).toBeLessThanOrEqual(1 + 60 / 10);
    await held.release();
    await settle();
    await (await waiting).release();
  });

  test("polls slowly if another library holds the lock, because its release is not announced", async () => {
    const world = watchedWorld();
    for (const instance of world.instances) instance.set("lock:a", "foreign", 600_000);
    const waiting = world.client().acquire("a", { wait: Infinity });
    await world.clock.advance(1_000);
    for (const instance of world.instances) instance.delete("lock:a");
    await world.clock.advance(150);
    await (await waiting).release();
  });

  test("acquires within 15 s after a key was deleted by hand, which is not announced", async () => {
    const world = watchedWorld();
    const held = await world.client().acquire("a", { ttl: 3_600_000 });
    const waiting = world.client().acquire("a", { wait: Infinity });
    await world.clock.advance(1_000);
    for (const instance of world.instances) instance.delete("lock:a");
    await world.clock.advance(15_001);
    await (await waiting).release();
    expect(await held.release()).toBe(false);
  });

  test("retries if its votes expired before its fencing token was committed, and other waiters continue", async () => {
    const world = watchedWorld();
    const [holder, redlock] = [world.client(), world.client()];
    const held = await holder.acquire("a", { ttl: 60_000 });
    const waiting = redlock.acquire("a", { wait: 30_000 });
    await world.clock.advance(10);
    // Different counters make a second round necessary. The keys are deleted before it, as after a pause longer than the ttl.
    world.instances.forEach((instance, index) => {
      instance.set(fenceKey("a"), String(index * 1_000));
      let once = true;
      instance.onOperation = (operation) => {
        if (operation !== "mutex.commit" || !once) return;
        once = false;
        instance.delete("lock:a");
      };
    });
    const other = redlock.acquire("x", { wait: 1_000 }).catch((error: unknown) => error);
    for (const instance of world.instances) instance.set("lock:x", "foreign", 600_000);
    await held.release();
    await world.clock.advance(2_000);
    await (await waiting).release();
    await other;
    const late = redlock.acquire("x", { wait: 1_000 }).catch((error: { code: string }) => error.code);
    await world.clock.advance(1_001);
    expect(await late).toBe("LOCK_TIMEOUT");
  });

  test("survives an outage, and backs off meanwhile", async () => {
    const world = watchedWorld();
    const redlock = world.client({ restartGuard: false });
    await redlock.using("warm", () => undefined);
    world.instances[0]!.kill();
    world.instances[1]!.kill();
    const before = world.instances[2]!.countOperations("mutex.acquire");
    const waiting = redlock.acquire("a", { wait: Infinity });
    await world.clock.advance(30_000);
    expect(world.instances[2]!.countOperations("mutex.acquire") - before).toBeLessThan(60);
    world.instances[0]!.restart();
    await world.clock.advance(1_001);
    await (await waiting).release();
  });
});
