import { describe, expect, test } from "vitest";
import { QuorumError, Redlock } from "../../src/index.ts";
import { type WebLock, webLocks } from "../../src/web-locks/index.ts";
import { fenceKey } from "../support/lock-keys.ts";
import { rejection } from "../support/timing.ts";
import { settle } from "../support/virtual-clock.ts";
import { world } from "../support/world.ts";
import { fleet, held } from "./fleet.ts";
import { type OnRun, processOn, sleep } from "./seizing-process.ts";

// Locks that are stolen between clients. In virtual time.

describe("another client", () => {
  test.each(["exclusive", "shared"])(
    "steals a lock in the mode %s, and the holder learns of it within a third of the ttl",
    async (mode) => {
      const { clock, locks, others, redlock } = fleet();
      const losses: unknown[] = [];
      redlock.on("lock:lost", ({ cause, takenBy }) => losses.push([cause, takenBy]));
      let fence = 0;
      const former = locks.request("a", { mode: mode as "shared" }, (lock) => {
        fence = lock!.fence;
        return new Promise(() => undefined);
      });
      await settle();
      const error = rejection(former);
      const waiting = held(locks, "a");
      const thief = held(others, "a", { steal: true });
      await thief.granted;
      expect(waiting.isGranted).toBe(false);
      await clock.advance(3_400);
      expect(await error).toMatchObject({ name: "AbortError" });
      expect(losses).toEqual([["taken", expect.stringMatching(/^other#[0-9a-f]{8}$/)]]);
      await clock.advance(30_000);
      expect(waiting.isGranted).toBe(false);
      expect(((await thief.granted) as WebLock).fence).toBeGreaterThan(fence);
      thief.release("done");
      expect(await thief.done).toBe("done");
      await clock.advance(1_500);
      expect(waiting.isGranted).toBe(true);
      waiting.release();
      await waiting.done;
    },
  );

  test("that steals for a short time keeps the lock until the former holder knows, so that it cannot come back", async () => {
    const { clock, locks, others } = fleet();
    const former = held(locks, "a");
    await former.granted;
    const error = rejection(former.done);
    const thief = held(others, "a", { steal: true });
    await thief.granted;
    let isDone = false;
    void thief.done.then(() => (isDone = true));
    thief.release();
    const waiting = held(others, "a");
    await clock.advance(3_400);
    expect(await error).toMatchObject({ name: "AbortError" });
    expect([isDone, waiting.isGranted]).toEqual([false, false]);
    await clock.advance(6_600);
    expect(isDone).toBe(true);
    await clock.advance(1_000);
    expect(waiting.isGranted).toBe(true);
    waiting.release();
    await waiting.done;
  });
});

describe("a theft", () => {
  test("of a lock whose key has no expiry is granted", async () => {
    const { instances, locks } = fleet();
    for (const instance of instances) instance.set("lock:a", "blocked by hand", Infinity);
    expect(await locks.request("a", { steal: true }, (lock) => lock?.mode)).toBe("exclusive");
    expect(instances.map((instance) => instance.get("lock:a"))).toEqual([undefined, undefined, undefined]);
  });

  test("that servers carry out after it has failed ends the lock of the holder, and nobody gets it before that", async () => {
    const { clock, instances, locks, otherRedlock } = fleet();
    const holder = held(locks, "a");
    await holder.granted;
    const impatient = webLocks(otherRedlock, { wait: 2_000 });
    await impatient.request("warm", () => undefined);
    for (const instance of instances.slice(1)) instance.pause();
    const error = rejection(impatient.request("a", { steal: true }, () => 1));
    await clock.advance(2_500);
    expect(await error).toBeInstanceOf(QuorumError);
    const next = held(webLocks(otherRedlock), "a");
    const order: string[] = [];
    void holder.done.catch(() => order.push("the holder knows"));
    void next.granted.then(() => order.push("the next is granted"));
    for (const instance of instances.slice(1)) instance.resume();
    await clock.advance(40_000);
    expect(order).toEqual(["the holder knows", "the next is granted"]);
  });

  test("waits for servers that do not answer", async () => {
    const { clock, instances, locks } = fleet();
    await locks.request("warm", () => undefined);
    for (const instance of instances) instance.pause();
    const patient = locks.request("b", { steal: true }, () => "granted");
    await clock.advance(5_000);
    for (const instance of instances) instance.resume();
    await clock.advance(2_000);
    expect(await patient).toBe("granted");
  });

  test("comes after an earlier request of the same turn, also if that needs a second round to agree on its fencing token", async () => {
    const { instances, locks } = fleet();
    await locks.request("warm", () => undefined);
    instances.forEach((instance, index) => instance.set(fenceKey("a"), String(4e15 + index * 10), Infinity));
    const earlier = held(locks, "a");
    const error = rejection(earlier.done);
    expect(await locks.request("a", { steal: true }, () => "stolen")).toBe("stolen");
    expect(await error).toMatchObject({ name: "AbortError" });
    expect(earlier.isGranted).toBe(true);
  });

  test("does not wait for an earlier request that another process keeps waiting", async () => {
    const { clock, locks, others } = fleet();
    await others.request("warm", () => undefined);
    const holder = held(others, "a");
    await holder.granted;
    const earlier = held(locks, "a");
    const thief = held(locks, "a", { steal: true });
    await clock.advance(10);
    expect([thief.isGranted, earlier.isGranted]).toEqual([true, false]);
    thief.release();
    await clock.advance(20_000);
    expect(earlier.isGranted).toBe(true);
    earlier.release();
    await earlier.done;
    expect(await rejection(holder.done)).toMatchObject({ name: "AbortError" });
  });

  test("does not wait for the callback of an earlier request that got `null`", async () => {
    const { clock, locks, others } = fleet();
    await locks.request("warm", () => undefined);
    const holder = held(others, "a");
    await holder.granted;
    const earlier = held(locks, "a", { ifAvailable: true });
    const thief = held(locks, "a", { steal: true });
    await clock.advance(10);
    expect(await earlier.granted).toBeNull();
    expect(thief.isGranted).toBe(true);
    earlier.release();
    thief.release();
  });

  test("does not wait for another caller of its client once that has the lock", async () => {
    const made = world();
    let isSlow = false;
    const onOther: OnRun = async (run) => {
      if (isSlow) await sleep(made.clock, 40);
      return run();
    };
    const { locks, redlock } = await processOn(made, {}, { onOther });
    isSlow = true;
    const direct = redlock.readWrite("a").write.acquire();
    const earlier = held(locks, "a");
    const thief = held(locks, "a", { steal: true });
    await made.clock.advance(30);
    expect(thief.isGranted).toBe(false);
    await made.clock.advance(100);
    expect(thief.isGranted).toBe(true);
    isSlow = false;
    void (await direct).release();
    thief.release();
    await made.clock.advance(20_000);
    expect(earlier.isGranted).toBe(true);
    earlier.release();
    await earlier.done;
  });

  test("that does not wait still comes after another theft, and gets the lock", async () => {
    const { clock, locks, redlock } = fleet();
    await locks.request("warm", () => undefined);
    const first = held(locks, "a", { steal: true });
    const second = held(webLocks(redlock, { wait: 0 }), "a", { steal: true });
    await clock.advance(10);
    expect([first.isGranted, second.isGranted]).toEqual([true, true]);
    expect(await rejection(first.done)).toMatchObject({ name: "AbortError" });
    second.release("done");
    expect(await second.done).toBe("done");
  });

  test("behind other thefts waits little longer than its limit during an outage", async () => {
    const { clock, instances, locks, redlock } = fleet();
    await locks.request("warm", () => undefined);
    for (const instance of instances) instance.pause();
    const limited = webLocks(redlock, { wait: 500 });
    let ended = 0;
    const errors = [1, 2, 3].map(() => rejection(limited.request("a", { steal: true }, () => 1)));
    const endless = locks.request("b", { steal: true }, () => "stolen");
    errors.push(rejection(limited.request("b", { steal: true }, () => 1)));
    for (const error of errors) void error.then(() => (ended += 1));
    // Two request timeouts for the thefts before, one for its own request.
    await clock.advance(1_600);
    expect(ended).toBe(4);
    for (const instance of instances) instance.resume();
    await clock.advance(2_000);
    expect(await endless).toBe("stolen");
  });

  test("in progress during an outage keeps later requests no longer than their limits", async () => {
    const { clock, instances, locks, redlock } = fleet();
    await locks.request("warm", () => undefined);
    for (const instance of instances) instance.pause();
    const thief = locks.request("a", { steal: true }, () => "stolen");
    const limited = webLocks(redlock, { wait: 2_000 });
    const errors = [
      rejection(locks.request("a", { ifAvailable: true }, () => 1)),
      rejection(limited.request("a", () => 1)),
    ];
    let ended = 0;
    for (const error of errors) void error.then(() => (ended += 1));
    await clock.advance(1_999);
    expect(ended).toBe(1);
    await clock.advance(1_001);
    for (const error of errors) expect(await error).toBeInstanceOf(QuorumError);
    for (const instance of instances) instance.resume();
    await clock.advance(2_000);
    expect(await thief).toBe("stolen");
  });

  test("counts as an acquisition in the events", async () => {
    const { locks, redlock } = fleet();
    const seen: unknown[] = [];
    redlock.on("lock:acquire:started", ({ id, names, mode }) => seen.push([id, names, mode]));
    redlock.on("lock:acquire:succeeded", ({ id, attempts, votes }) => seen.push([id, attempts, votes >= 2]));
    redlock.on("lock:released", ({ id }) => seen.push([id]));
    await locks.request("a", { steal: true }, () => undefined);
    const [[id]] = seen as [[number]];
    expect(seen).toEqual([[id, ["a"], "exclusive"], [id, 1, true], [id]]);
  });
});

test("a theft ends a request for the same lock that another prefix got, and query shows those of its prefix", async () => {
  const redlock = Redlock.memory();
  const [long, short] = [webLocks(redlock, { prefix: "ab" }), webLocks(redlock, { prefix: "a" })];
  const holder = held(long, "c");
  await holder.granted;
  expect((await long.query()).held).toHaveLength(1);
  expect(await short.query()).toEqual({ held: [], pending: [] });
  await short.request("bc", { steal: true }, () => undefined);
  expect(await rejection(holder.done)).toMatchObject({ name: "AbortError" });
  await redlock.close();
});
