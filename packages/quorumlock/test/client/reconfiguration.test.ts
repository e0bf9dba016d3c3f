import { afterEach, describe, expect, test } from "vitest";
import type { Lock } from "../../src/index.ts";
import { FENCE_GRAIN_US } from "../../src/operations/limits.ts";
import { MembersWorld, observeSettling } from "../support/members-world.ts";
import { rejection } from "../support/timing.ts";
import { settle } from "../support/virtual-clock.ts";
import { advanceDuring } from "../support/world.ts";
import { fenceKey, withoutCounters } from "../support/lock-keys.ts";

let world = new MembersWorld();
afterEach(() => {
  world = new MembersWorld();
});

describe("two sets of members in use at the same time", () => {
  test("can each have a holder if no client uses the joint quorum", async () => {
    await world.client({ current: "abc", next: "abd" }).using("warm", () => undefined);
    const [old, next] = [world.client("abc"), world.client("abd")];
    await old.using("warm", () => undefined);
    await next.using("warm", () => undefined);
    // The first client reaches a and c, the second one b and d.
    world.one("b").losesRequests = true;
    const first = await old.acquire("x");
    world.one("b").losesRequests = false;
    world.one("a").losesRequests = true;
    const second = await next.acquire("x");
    expect([first.isHeld, second.isHeld]).toEqual([true, true]);
  });

  test.each([
    ["old alone and joint", "abc", { current: "abc", next: "abd" }],
    ["joint and joint", { current: "abc", next: "abd" }, { current: "abc", next: "abd" }],
    ["joint and next alone", { current: "abc", next: "abd" }, "abd"],
  ] as const)("have one holder: %s", async (_, one, other) => {
    for (const [lost, lostThen] of ["ab", "ba", "bd", "cb", "ad", "dc"].map((pair) => pair.split(""))) {
      world = new MembersWorld();
      const [first, second] = [world.client(one), world.client(other)];
      await first.using("warm", () => undefined);
      await second.using("warm", () => undefined);
      world.one(lost!).losesRequests = true;
      const lock = await advanceDuring(
        world.clock,
        1,
        first.acquire("x", { wait: 1 }).catch(() => undefined),
      );
      world.one(lost!).losesRequests = false;
      world.one(lostThen!).losesRequests = true;
      const late = await advanceDuring(
        world.clock,
        1,
        second.acquire("x", { wait: 1 }).catch(() => undefined),
      );
      expect([lock?.isHeld, late?.isHeld].filter(Boolean).length).toBeLessThanOrEqual(1);
    }
  });
});

describe("reconfigure", () => {
  test("changes the set twice under load, with one holder at a time and increasing fencing tokens", async () => {
    const clients = [1, 2, 3].map(() => world.client("abc", { ttl: 1_000 }));
    const names = ["x", "y"];
    const inside = new Map<string, number>();
    const fences = new Map<string, number[]>(names.map((name) => [name, []]));
    let violations = 0;
    let lost = 0;
    const loop = { isRunning: true };
    const visit = async (name: string, lock: Lock): Promise<void> => {
      if (inside.has(name)) violations += 1;
      inside.set(name, lock.fence);
      fences.get(name)!.push(lock.fence);
      await new Promise<void>((resolve) => world.clock.setTimer(3, resolve, false));
      inside.delete(name);
      if (lock.signal.aborted) lost += 1;
    };
    const work = clients.flatMap((redlock) =>
      names.map(async (name) => {
        while (loop.isRunning) {
          await redlock.using(name, { wait: Infinity }, (lock) => visit(name, lock));
          await new Promise<void>((resolve) => world.clock.setTimer(2, resolve, false));
        }
      }),
    );
    const changeTo = async (labels: string): Promise<void> => {
      const changes = clients.map(async (redlock, index) => {
        await new Promise<void>((resolve) => world.clock.setTimer(40 * index + 1, resolve, false));
        return redlock.reconfigure(world.set(labels));
      });
      await world.clock.advance(500);
      const started = await Promise.all(changes);
      const before = fences.get("x")!.length;
      await world.clock.advance(300);
      expect(fences.get("x")!.length).toBeGreaterThan(before);
      // The clients complete the change at different moments.
      const completed = started.map(async (change, index) => {
        await new Promise<void>((resolve) => world.clock.setTimer(30 * index + 1, resolve, false));
        await change.complete();
      });
      await world.clock.advance(400);
      const after = fences.get("x")!.length;
      await world.clock.advance(300);
      expect(fences.get("x")!.length).toBeGreaterThan(after);
      // The removed members are closed after a ttl, even if callers wait all the time.
      await world.clock.advance(500);
      await Promise.all(completed);
    };
    await world.clock.advance(300);
    await changeTo("abd");
    await changeTo("def");
    loop.isRunning = false;
    await world.clock.advance(1_000);
    await Promise.all(work);
    expect([violations, lost]).toEqual([0, 0]);
    for (const list of fences.values()) {
      expect(list.length).toBeGreaterThan(100);
      expect(list).toEqual(list.toSorted((a, b) => a - b));
      expect(new Set(list).size).toBe(list.length);
    }
    expect(world.all.map(({ closeCount: closed }) => closed)).toEqual([3, 3, 3, 0, 0, 0]);
    const before = world.set("abc").map(({ runCalls: calls }) => calls);
    await clients[0]!.using("x", () => undefined);
    expect(world.set("abc").map(({ runCalls: calls }) => calls)).toEqual(before);
  });

  test("needs both majorities until it is complete, and then only the next one", async () => {
    const redlock = world.client("abc");
    const change = await redlock.reconfigure(world.set("def"));
    world.one("e").kill();
    world.one("f").kill();
    expect(await rejection(advanceDuring(world.clock, 600, redlock.tryAcquire("x")))).toMatchObject({
      code: "LOCK_NO_QUORUM",
      message: expect.stringMatching(/2 of 3 present and 2 of 3 next instances are needed/),
    });
    await change.abort();
    await (await redlock.acquire("x")).release();
    const again = await rejection(advanceDuring(world.clock, 5_000, redlock.reconfigure(world.set("def"))));
    expect(again).toMatchObject({ code: "LOCK_NO_QUORUM" });
    expect(String(again)).toMatch(
      /the next set of instances cannot decide: 2 of 3 are needed\n {2}e: .*\n {2}f: /,
    );
    await (await redlock.acquire("x")).release();
    const third = await redlock.reconfigure(world.set("abd"));
    await third.complete();
    world.one("c").kill();
    world.one("a").kill();
    await (await redlock.acquire("x")).release();
  });

  test("extends locks with autoExtend at once, and waits for the others", async () => {
    const redlock = world.client("abc");
    const lasting = await redlock.acquire("lasting");
    const short = await redlock.acquire("short", { ttl: 3_000, autoExtend: false });
    await world.clock.advance(100);
    const reconfiguring = redlock.reconfigure(world.set("def"));
    const state = observeSettling(reconfiguring);
    await world.clock.advance(20);
    expect(world.one("d").get("lock:lasting")).toBe(lasting.token);
    expect(world.one("d").get("lock:short")).toBeUndefined();
    expect(state.isSettled).toBe(false);
    await world.clock.advance(3_000);
    expect([state.isSettled, short.isHeld, lasting.isHeld]).toEqual([true, false, true]);
    const completing = (await reconfiguring).complete();
    await world.clock.advance(30_000);
    await completing;
    expect(lasting.isHeld).toBe(true);
    expect(await lasting.release()).toBe(true);
    expect(withoutCounters(world.all.flatMap((instance) => instance.keys()))).toEqual([]);
  });

  test("does not lose a lock that only new members refuse", async () => {
    const redlock = world.client("abc");
    const lock = await redlock.acquire("x");
    // A waiter of another client has votes on the new members, and will withdraw them.
    for (const instance of world.set("def")) instance.set("lock:x", `${"9".repeat(32)}@other`, 200);
    const reconfiguring = redlock.reconfigure(world.set("def"));
    const state = observeSettling(reconfiguring);
    await world.clock.advance(150);
    expect([lock.signal.aborted, state.isSettled]).toEqual([false, false]);
    await world.clock.advance(150);
    expect([lock.isHeld, state.isSettled]).toEqual([true, true]);
    expect(world.one("e").get("lock:x")).toBe(lock.token);
    await lock.release();
  });

  test("resolves when the last earlier lock was extended or released", async () => {
    const redlock = world.client("abc");
    const options = { autoExtend: false };
    const [one, two] = [await redlock.acquire("one", options), await redlock.acquire("two", options)];
    const reconfiguring = redlock.reconfigure(world.set("abd"));
    const state = observeSettling(reconfiguring);
    await world.clock.advance(10);
    await one.extend();
    await settle();
    expect(state.isSettled).toBe(false);
    await two.release();
    await settle();
    expect(state.isSettled).toBe(true);
    await one.release();
  });

  test("an attempt that started before and succeeded after is repeated with both sets", async () => {
    await world.client({ current: "abc", next: "abd" }).using("warm", () => undefined);
    const redlock = world.client("abc");
    await redlock.using("x", () => undefined);
    for (const instance of world.set("abc")) instance.pause();
    const counts: (readonly [attempts: number, rounds: number])[] = [];
    redlock.on("lock:acquire:succeeded", ({ attempts, rounds }) => counts.push([attempts, rounds]));
    const acquiring = redlock.acquire("x");
    await settle();
    const reconfiguring = redlock.reconfigure(world.set("abd"));
    await world.clock.advance(50);
    for (const instance of world.set("abc")) instance.resume();
    const lock = await acquiring;
    await reconfiguring;
    expect(counts).toEqual([[2, 2]]);
    expect(world.one("d").get("lock:x")).toBe(lock.token);
    expect(world.one("c").get("lock:x")).toBe(lock.token);
    await lock.release();
  });

  test("a waiter continues to wait, and is notified by the new members", async () => {
    const [holder, redlock] = [world.client("abc"), world.client("abc")];
    const held = await holder.acquire("x", { ttl: 60_000 });
    const waiting = redlock.acquire("x", { wait: Infinity });
    const state = observeSettling(waiting);
    await world.clock.advance(100);
    const changes = await advanceDuring(
      world.clock,
      100,
      Promise.all([holder, redlock].map((one) => one.reconfigure(world.set("def")))),
    );
    expect(state.isSettled).toBe(false);
    await advanceDuring(world.clock, 100, Promise.all(changes.map(async (change) => void change.complete())));
    const at = world.clock.monotonic();
    await held.release();
    await settle();
    expect([state.isSettled, world.clock.monotonic()]).toEqual([true, at]);
    await (await waiting).release();
  });

  test("waits until a majority of the new servers may vote, and the old set works meanwhile", async () => {
    for (const instance of world.set("def")) instance.restart();
    const redlock = world.client("abc");
    const reconfiguring = redlock.reconfigure(world.set("def"));
    const state = observeSettling(reconfiguring);
    await world.clock.advance(10_101);
    expect(state.isSettled).toBe(false);
    await (await redlock.acquire("x")).release();
    await world.clock.advance(1);
    expect(state.isSettled).toBe(true);
    await redlock.using("x", () => expect(world.one("d").keys()).toContain("lock:x"));
  });

  test("keeps the fencing counter of a name whose last grant did not reach all members", async () => {
    const redlock = world.client("abc");
    const fences: number[] = [];
    const recordFence = async (): Promise<void> =>
      void fences.push(await redlock.using("x", ({ fence }) => fence));
    await recordFence();
    // Only a and c have the last grant of the old set.
    world.one("b").losesRequests = true;
    for (let turn = 0; turn < 5; turn++) await recordFence();
    world.one("b").disconnect();
    world.one("b").losesRequests = false;
    world.one("b").reconnect();
    await world.clock.advance(100);
    const change = await redlock.reconfigure(world.set("bde"));
    await change.complete();
    world.one("e").kill();
    await recordFence();
    expect(fences).toEqual(fences.toSorted((a, b) => a - b));
    expect(new Set(fences).size).toBe(7);
  });

  test("keeps a member that is in both sets, and does not identify it again", async () => {
    const redlock = world.client("abc");
    await redlock.using("warm", () => undefined);
    const change = await redlock.reconfigure(world.set("abd"));
    await change.complete();
    expect(world.all.map((instance) => instance.countOperations("identify"))).toEqual([1, 1, 1, 1, 0, 0]);
    expect(world.all.map(({ closeCount: closed }) => closed)).toEqual([0, 0, 1, 0, 0, 0]);
  });

  test("completes although a removed member cannot be closed", async () => {
    const redlock = world.client("abc");
    await redlock.using("warm", () => undefined);
    world.one("c").close = () => Promise.reject(new Error("from close"));
    const change = await redlock.reconfigure(world.set("abd"));
    const completing = change.complete();
    const state = observeSettling(completing);
    await settle();
    expect(state.isSettled).toBe(true);
    await completing;
  });

  test("closes removed members when the last lock on them was released", async () => {
    const redlock = world.client("abc");
    const change = await redlock.reconfigure(world.set("abd"));
    const lock = await redlock.acquire("x");
    const completing = change.complete();
    const state = observeSettling(completing);
    await settle();
    expect([state.isSettled, world.one("c").closeCount]).toEqual([false, 0]);
    expect(world.one("c").get("lock:x")).toBe(lock.token);
    expect(await lock.release()).toBe(true);
    await completing;
    expect(world.one("c").get("lock:x")).toBeUndefined();
    expect(world.one("c").closeCount).toBe(1);
  });

  test("closes removed members at the latest after the largest ttl", async () => {
    const redlock = world.client("abc");
    const change = await redlock.reconfigure(world.set("abd"));
    const lock = await redlock.acquire("x");
    const completing = change.complete();
    await world.clock.advance(10_102);
    await completing;
    expect([world.one("c").closeCount, lock.isHeld]).toEqual([1, true]);
    await lock.release();
  });

  test("keeps a removed member that is added again", async () => {
    const redlock = world.client("abc");
    const lock = await redlock.acquire("x");
    const first = await advanceDuring(world.clock, 100, redlock.reconfigure(world.set("abd")));
    const completed = first.complete();
    await settle();
    const second = await advanceDuring(world.clock, 100, redlock.reconfigure(world.set("abc")));
    await world.clock.advance(20_000);
    await completed;
    expect(world.one("c").closeCount).toBe(0);
    const ended = second.complete();
    await redlock.using("y", () => expect(world.one("c").keys()).toContain("lock:y"));
    await lock.release();
    await ended;
    expect(world.one("d").closeCount).toBe(1);
  });

  test("carries over the fencing counters of names that are not locked during the change", async () => {
    const redlock = world.client("abc");
    const fences: number[] = [];
    const names = ["x", "with{tag}", ...Array.from({ length: 20 }, (_, index) => `other-${index}`)];
    for (const name of names) {
      for (let turn = 0; turn < 3; turn++) await redlock.using(name, ({ fence }) => fences.push(fence));
    }
    // The new servers have old counters, and all clocks are wrong.
    for (const label of "def") {
      world.one(label).set(fenceKey("x"), "7");
      world.one(label).set(fenceKey("with{tag}"), "9");
    }
    world.clock.stepWall(-3_600_000);
    const change = await redlock.reconfigure(world.set("def"));
    await advanceDuring(world.clock, 11_000, change.complete());
    for (const [index, name] of names.entries()) {
      const last = Math.ceil(fences[3 * index + 2]! / FENCE_GRAIN_US) * FENCE_GRAIN_US;
      await redlock.using(name, ({ fence }) => expect(fence).toBe(last + 1));
    }
  });

  test("does not complete before the fencing counters are carried over, but can be completed later", async () => {
    const redlock = world.client("abc");
    await redlock.using("x", () => undefined);
    const change = await redlock.reconfigure(world.set("def"));
    for (const label of "ab") world.one(label).kill();
    expect(await rejection(change.complete())).toMatchObject({
      code: "LOCK_NO_QUORUM",
      message: expect.stringMatching(
        /fencing counters or records were not carried over: 2 of 3 present and 2 of 3 next/,
      ),
      failures: [{ instance: "a" }, { instance: "b" }],
    });
    world.one("a").restart();
    await world.clock.advance(11_000);
    await advanceDuring(world.clock, 11_000, change.complete());
    await redlock.using("x", () => expect(world.one("a").keys()).not.toContain("lock:x"));
  });

  test("abort and complete can be called repeatedly, but not both", async () => {
    const redlock = world.client("abc");
    const change = await redlock.reconfigure(world.set("abd"));
    const lock = await redlock.acquire("x");
    await advanceDuring(world.clock, 11_000, Promise.all([change.abort(), change.abort()]));
    expect(await rejection(change.complete())).toMatchObject({
      code: "LOCK_RECONFIGURING",
      message: "this change of the instances was aborted already",
    });
    expect(lock.isHeld).toBe(true);
    world.one("d").kill();
    await lock.extend();
    await lock.release();
    const next = await redlock.reconfigure(world.set("abe"));
    await Promise.all([next.complete(), next.complete()]);
    expect(await rejection(next.abort())).toMatchObject({ code: "LOCK_RECONFIGURING" });
  });

  test("complete settles if the client closes while a removed member has a request in flight", async () => {
    const redlock = world.client("abc", { ttl: 300, requestTimeout: 1_000 });
    await redlock.acquire("x");
    const change = await advanceDuring(world.clock, 100, redlock.reconfigure(world.set("abd")));
    const waiting = rejection(redlock.acquire("x", { wait: Infinity }));
    let settled = false;
    const completed = change.complete().finally(() => (settled = true));
    await world.clock.advance(100);
    expect(settled).toBe(false);
    // The removed member may hold a key until its expiry, which passes while the client closes.
    world.one("c").pause();
    const closed = redlock.close();
    await world.clock.advance(5_000);
    await Promise.all([closed, waiting]);
    expect(settled).toBe(true);
    await completed;
  });
});
