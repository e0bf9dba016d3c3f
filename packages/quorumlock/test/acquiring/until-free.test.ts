import { describe, expect, test } from "vitest";
import {
  LockAbortedError,
  LockClosedError,
  LockTimeoutError,
  QuorumError,
  Redlock,
} from "../../src/index.ts";
import { keySpaceOf } from "../../src/operations/keys.ts";
import { rejection } from "../support/timing.ts";
import { settle, type VirtualClock } from "../support/virtual-clock.ts";
import { watchedWorld, type WatchedWorld } from "../support/watched-world.ts";

const OBSERVE = "mutex.observe";

function countLooks({ instances }: WatchedWorld): number {
  return instances.reduce((sum, instance) => sum + instance.countOperations(OBSERVE), 0) / instances.length;
}

/** The settled value of a promise, and when that was; the value is `"pending"` before. */
function outcomeOf(clock: VirtualClock, promise: Promise<unknown>): { value: unknown; at: number } {
  const outcome: { value: unknown; at: number } = { value: "pending", at: 0 };
  const record = (value: unknown): void => {
    outcome.value = value;
    outcome.at = clock.monotonic();
  };
  promise.then(record, record);
  return outcome;
}

/** Another process dies after it has locked "a" for `ttlMs`. */
function dieHolding({ instances }: WatchedWorld, ttlMs: number, count = instances.length): string {
  const token = `${"d".repeat(32)}@dead:1`;
  for (const instance of instances.slice(0, count)) instance.set("lock:a", token, ttlMs);
  return token;
}

describe.each([1, 3, 5])("with %i instances, an observer", (count) => {
  test("resolves at once if the name is free, and leaves nothing on the instances", async () => {
    const world = watchedWorld(count);
    expect(await world.client().untilFree("a")).toBeUndefined();
    expect(countLooks(world)).toBe(1);
    expect(world.instances.map((instance) => instance.get(keySpaceOf("lock:").wake("a")))).toEqual(
      world.instances.map(() => undefined),
    );
  });

  test("resolves at the release to the token of the holder, after one round and no vote", async () => {
    const world = watchedWorld(count);
    const held = await world.client().acquire("a");
    const before = world.instances.map(({ operations }) => operations.length);
    const outcome = outcomeOf(world.clock, world.client().untilFree("a"));
    await world.clock.advance(5);
    expect(outcome.value).toBe("pending");
    const asked = world.instances.map(({ operations }, index) => operations.slice(before[index]));
    for (const operations of asked)
      expect(operations.filter((name) => name.startsWith("mutex."))).toEqual([OBSERVE]);
    const at = world.clock.monotonic();
    await held.release();
    await settle();
    expect(outcome).toEqual({ value: held.token, at });
  });

  test("does not take part in the line: the next holder gets the lock with one attempt", async () => {
    const world = watchedWorld(count);
    const held = await world.client().acquire("a");
    const observers = [1, 2, 3].map(() => outcomeOf(world.clock, world.client().untilFree("a")));
    await settle();
    const state = await world.client().query("a");
    expect(state.waiters).toBe(0);
    await held.release();
    const next = await world.client().acquire("a");
    await settle();
    for (const outcome of observers) expect(outcome.value).toBe(held.token);
    await next.release();
  });

  test("is woken together with the waiters in line, also if the message names one of them", async () => {
    const world = watchedWorld(count);
    const held = await world.client().acquire("a");
    const waiting = world.client().acquire("a", { wait: Infinity });
    await settle();
    const outcome = outcomeOf(world.clock, world.client().untilFree("a"));
    await settle();
    const late = world.client().acquire("a", { wait: Infinity });
    await settle();
    await held.release();
    await settle();
    expect(outcome.value).toBe(held.token);
    const second = await waiting;
    const outcomeOfSecond = outcomeOf(world.clock, world.client().untilFree("a"));
    await settle();
    expect(outcomeOfSecond.value).toBe("pending");
    await second.release();
    await settle();
    expect(outcomeOfSecond.value).toBe(second.token);
    await world.clock.advance(100);
    await (await late).release();
  });
});

describe("if wake messages are lost", () => {
  test("it resolves when the holder's time is over", async () => {
    const world = watchedWorld();
    for (const instance of world.instances) instance.dropsWakeMessages = true;
    const held = await world.client().acquire("a", { ttl: 4_000, autoExtend: false });
    const start = world.clock.monotonic();
    const outcome = outcomeOf(world.clock, world.client().untilFree("a"));
    await world.clock.advance(1_000);
    await held.release();
    await world.clock.advance(2_990);
    expect(outcome.value).toBe("pending");
    await world.clock.advance(20);
    expect(outcome.value).toBe(held.token);
    expect(outcome.at - start).toBeLessThanOrEqual(4_001);
    expect(countLooks(world)).toBe(2);
  });

  test("each of any number of losses costs at most the time that the holder had left", async () => {
    // All combinations of lost messages of three instances, and of the moment of the release.
    for (let lostMask = 0; lostMask < 8; lostMask++) {
      for (const releaseAfter of [0, 1, 500, 3_999]) {
        const world = watchedWorld();
        world.instances.forEach((instance, index) => {
          instance.dropsWakeMessages = (lostMask & (1 << index)) !== 0;
        });
        const held = await world.client().acquire("a", { ttl: 4_000 });
        const outcome = outcomeOf(world.clock, world.client().untilFree("a", { wait: Infinity }));
        await world.clock.advance(releaseAfter);
        await held.release();
        const releasedAt = world.clock.monotonic();
        await world.clock.advance(4_010);
        expect(outcome.value).toBe(held.token);
        const lost = [0, 1, 2].filter((index) => (lostMask & (1 << index)) !== 0).length;
        expect(outcome.at - releasedAt).toBeLessThanOrEqual(lost < 2 ? 0 : 4_001);
      }
    }
  });

  test("a holder that extends itself is looked at once for each end of its lease, and without a pause never", async () => {
    const world = watchedWorld();
    for (const instance of world.instances) instance.dropsWakeMessages = true;
    const held = await world.client().acquire("a");
    const outcome = outcomeOf(world.clock, world.client().untilFree("a", { wait: Infinity }));
    await world.clock.advance(60_000);
    expect(outcome.value).toBe("pending");
    expect(countLooks(world)).toBeLessThanOrEqual(1 + 60 / 6.6);
    await held.release();
    await world.clock.advance(10_010);
    expect(outcome.value).toBe(held.token);
  });

  test("it resolves when another holder has followed", async () => {
    const world = watchedWorld();
    for (const instance of world.instances) instance.dropsWakeMessages = true;
    const first = await world.client().acquire("a", { ttl: 5_000 });
    const outcome = outcomeOf(world.clock, world.client().untilFree("a"));
    await settle();
    await first.release();
    const second = await world.client().acquire("a", { ttl: 60_000 });
    await world.clock.advance(5_010);
    expect(outcome.value).toBe(first.token);
    await second.release();
  });
});

describe("an observer", () => {
  test("resolves when a dead holder's lease is over", async () => {
    const world = watchedWorld();
    const token = dieHolding(world, 5_000);
    const outcome = outcomeOf(world.clock, world.client().untilFree("a"));
    await world.clock.advance(4_995);
    expect(outcome.value).toBe("pending");
    await world.clock.advance(10);
    expect(outcome.value).toBe(token);
  });

  test("polls if the holder is of a library that announces nothing", async () => {
    const world = watchedWorld();
    for (const instance of world.instances) instance.set("lock:a", "foreign", 60_000);
    const outcome = outcomeOf(world.clock, world.client().untilFree("a", { wait: Infinity }));
    await world.clock.advance(1_000);
    for (const instance of world.instances) instance.delete("lock:a");
    await world.clock.advance(150);
    expect(outcome.value).toBe("foreign");
    expect(countLooks(world)).toBeLessThanOrEqual(1 + 1_150 / 50);
  });

  test("polls while too few subscriptions work, and looks again when they are restored", async () => {
    const world = watchedWorld();
    for (const instance of world.instances) instance.refusesSubscriptions = true;
    const held = await world.client().acquire("a", { ttl: 600_000 });
    const outcome = outcomeOf(world.clock, world.client().untilFree("a", { wait: Infinity }));
    await world.clock.advance(2_000);
    expect(outcome.value).toBe("pending");
    await held.release();
    await world.clock.advance(150);
    expect(outcome.value).toBe(held.token);
    expect(countLooks(world)).toBeLessThanOrEqual(2 + 2_150 / 50);
  });

  test("does not take a broken subscription for a release", async () => {
    const world = watchedWorld();
    const held = await world.client().acquire("a", { ttl: 600_000 });
    const outcome = outcomeOf(world.clock, world.client().untilFree("a", { wait: Infinity }));
    await settle();
    for (const instance of world.instances) instance.breakSubscriptions();
    await world.clock.advance(300);
    for (const instance of world.instances) instance.restoreSubscriptions();
    await world.clock.advance(300);
    expect(outcome.value).toBe("pending");
    await held.release();
    await settle();
    expect(outcome.value).toBe(held.token);
  });

  test("hears a release that crosses its look", async () => {
    const world = watchedWorld();
    const held = await world.client().acquire("a", { ttl: 600_000 });
    let hasReleased = false;
    let releasing: Promise<boolean> | undefined;
    for (const instance of world.instances) {
      instance.onOperation = (operation) => {
        if (operation !== OBSERVE || hasReleased) return;
        hasReleased = true;
        releasing = held.release();
      };
    }
    expect(await world.client().untilFree("a")).toBe(held.token);
    await releasing;
  });

  test("counts a member that did not answer as one that may have the token", async () => {
    const world = watchedWorld();
    const token = dieHolding(world, 5_000, 2);
    world.instances[0]!.losesRequests = true;
    const outcome = outcomeOf(world.clock, world.client({ requestTimeout: 100 }).untilFree("a"));
    await world.clock.advance(4_800);
    expect(outcome.value).toBe("pending");
    await world.clock.advance(400);
    expect(outcome.value).toBe(token);
  });

  test("resolves at once if the holder that the caller means has ended", async () => {
    const world = watchedWorld();
    const redlock = world.client();
    const first = await redlock.acquire("a");
    const outcome = outcomeOf(world.clock, world.client().untilFree("a", { holder: first.token }));
    await settle();
    expect(outcome.value).toBe("pending");
    await first.release();
    const second = await redlock.acquire("a");
    expect(await world.client().untilFree("a", { holder: first.token })).toBe(first.token);
    await second.release();
    expect(await world.client().untilFree("a", { holder: first.token })).toBe(first.token);
    expect(outcome.value).toBe(first.token);
  });

  test("calls a name free if only a minority of the instances has a token for it", async () => {
    const world = watchedWorld();
    dieHolding(world, 60_000, 1);
    expect(await world.client().untilFree("a")).toBeUndefined();
  });

  test("rejects with the holder when its wait is over, and with 0 after one look without a subscription", async () => {
    const world = watchedWorld();
    const held = await world.client({ owner: "worker" }).acquire("a", { ttl: 60_000 });
    const redlock = world.client();
    const once = await rejection(redlock.untilFree("a", { wait: 0 }));
    expect(once).toBeInstanceOf(LockTimeoutError);
    expect(once).toMatchObject({ holder: { token: held.token, owner: "worker", thisProcess: true } });
    expect(countLooks(world)).toBe(1);
    const outcome = outcomeOf(world.clock, redlock.untilFree("a", { wait: 3_000 }));
    await world.clock.advance(2_999);
    expect(outcome.value).toBe("pending");
    await world.clock.advance(1);
    expect(outcome.value).toBeInstanceOf(LockTimeoutError);
    expect((outcome.value as Error).message).toMatch(
      /^the lock on "a" was not free within 3000 ms: held by worker/,
    );
    await held.release();
  });

  test("ends with its signal, and with the client, and leaves no timer and no listener", async () => {
    const world = watchedWorld();
    const held = await world.client({ autoExtend: false }).acquire("a", { ttl: 60_000 });
    const redlock = world.client();
    const timers = world.clock.keepAliveTimers;
    const controller = new AbortController();
    const aborted = outcomeOf(world.clock, redlock.untilFree("a", { signal: controller.signal }));
    const closed = outcomeOf(world.clock, redlock.untilFree("a"));
    await settle();
    expect(world.clock.keepAliveTimers).toBeGreaterThan(timers);
    controller.abort(new Error("enough"));
    await settle();
    expect(aborted.value).toBeInstanceOf(LockAbortedError);
    expect(aborted.value).toMatchObject({ cause: new Error("enough") });
    expect(closed.value).toBe("pending");
    await redlock.close();
    expect(closed.value).toBeInstanceOf(LockClosedError);
    expect(world.clock.keepAliveTimers).toBe(timers);
    expect(await rejection(redlock.untilFree("a"))).toBeInstanceOf(LockClosedError);
    expect(await rejection(world.client().untilFree("a", { signal: AbortSignal.abort() }))).toBeInstanceOf(
      LockAbortedError,
    );
    await held.release();
  });

  test("waits through an outage, with pauses that get longer, and rejects if it lasts", async () => {
    const world = watchedWorld();
    const held = await world.client().acquire("a", { ttl: 600_000 });
    const redlock = world.client({ requestTimeout: 10 });
    const outcome = outcomeOf(world.clock, redlock.untilFree("a", { wait: Infinity }));
    const failing = outcomeOf(world.clock, redlock.untilFree("b", { wait: 20_000 }));
    await settle();
    expect(failing.value).toBeUndefined();
    for (const instance of world.instances) instance.disconnect();
    const lost = outcomeOf(world.clock, redlock.untilFree("b", { wait: 20_000 }));
    const before = world.clock.timersSetCount;
    await world.clock.advance(20_100);
    expect(world.clock.timersSetCount - before).toBeLessThan(400);
    expect(lost.value).toBeInstanceOf(QuorumError);
    expect(outcome.value).toBe("pending");
    for (const instance of world.instances) instance.reconnect();
    await world.clock.advance(2_000);
    await held.release();
    await world.clock.advance(16_000);
    expect(outcome.value).toBe(held.token);
  });

  test("refuses bad names and options, and says with which value", async () => {
    const redlock = Redlock.memory();
    const bad: readonly [name: unknown, options: unknown, message: RegExp][] = [
      ["", undefined, /name: ""/],
      ["~server", undefined, /"~server" begins with "~"/],
      [["a", "b"], undefined, /name: .* must be a string/],
      ["a", { wait: -1 }, /wait: -1/],
      ["a", { wait: Number.NaN }, /wait: NaN/],
      ["a", { ttl: 5 }, /ttl/],
      ["a", { signal: 1 }, /signal/],
      ["a", 5, /options: 5/],
    ];
    for (const [name, options, message] of bad) {
      const error = (await rejection(redlock.untilFree(name as string, options as object))) as Error;
      expect(error.message).toMatch(message);
    }
    await redlock.close();
  });
});
