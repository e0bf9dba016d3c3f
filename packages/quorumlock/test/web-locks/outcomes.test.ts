import { describe, expect, onTestFinished, test } from "vitest";
import { LockKindError, LockLostError, QuorumError, Redlock } from "../../src/index.ts";
import { startRedisServers } from "../../src/testing/index.ts";
import { type WebLock, webLocks } from "../../src/web-locks/index.ts";
import { FRESH } from "../support/fresh.ts";
import { RefusingInstance } from "../support/refusing-instance.ts";
import { rejection } from "../support/timing.ts";
import { settle, VirtualClock } from "../support/virtual-clock.ts";
import { world } from "../support/world.ts";
import { fleet, held } from "./fleet.ts";

// What a fleet adds to the standard: locks that are lost, other clients, outages, limits. In virtual time, except one.

describe("a lock that is lost", () => {
  test("rejects its request at once, aborts its signal, and the callback may go on", async () => {
    const { clock, instances, locks } = fleet();
    let lock: WebLock | null = null;
    let end!: () => void;
    const request = locks.request("a", (granted) => {
      lock = granted;
      return new Promise<void>((resolve) => (end = resolve));
    });
    await settle();
    const error = rejection(request);
    expect(lock!.signal.aborted).toBe(false);
    for (const instance of instances.slice(1)) instance.pause();
    await clock.advance(10_000);
    expect(lock!.signal.aborted).toBe(true);
    expect(await error).toBe(lock!.signal.reason);
    expect(await error).toMatchObject({
      name: "AbortError",
      message: expect.stringContaining('"a" was lost'),
    });
    expect(((await error) as Error).cause).toBeInstanceOf(LockLostError);
    end();
    for (const instance of instances) instance.resume();
    await settle();
    expect(await locks.query()).toEqual({ held: [], pending: [] });
  });

  test("rejects its request if the callback ends after a pause of the process in which the lease ended", async () => {
    const { clock, locks } = fleet();
    const request = held(locks, "a");
    await request.granted;
    clock.pause(20_000);
    request.release("too late");
    expect(await rejection(request.done)).toMatchObject({ name: "AbortError" });
  });

  test("rejects with the error of the callback if that came first", async () => {
    const { clock, locks } = fleet();
    const request = held(locks, "a");
    await request.granted;
    clock.pause(20_000);
    request.fail(new Error("of the callback"));
    expect(await rejection(request.done)).toMatchObject({ message: "of the callback" });
  });
});

describe("another client", () => {
  test("waits, shares and takes turns as one of the same process does", async () => {
    const { clock, locks, others } = fleet();
    const first = held(locks, "a");
    await first.granted;
    const second = held(others, "a");
    await clock.advance(100);
    expect(second.isGranted).toBe(false);
    first.release(1);
    expect(await first.done).toBe(1);
    await clock.advance(100);
    expect(second.isGranted).toBe(true);
    second.release();
    await second.done;
    const readers = [held(locks, "a", { mode: "shared" }), held(others, "a", { mode: "shared" })];
    await Promise.all(readers.map((each) => each.granted));
    const writer = held(others, "a");
    await clock.advance(100);
    expect(writer.isGranted).toBe(false);
    for (const reader of readers) reader.release();
    await clock.advance(100);
    expect(writer.isGranted).toBe(true);
    writer.release();
    await writer.done;
  });

  test("of another kind on the same name excludes it: a mutex and a web lock are one lock", async () => {
    const { locks, otherRedlock } = fleet();
    const mutex = await otherRedlock.acquire("a");
    expect(await locks.request("a", { ifAvailable: true }, (lock) => lock)).toBeNull();
    const prefixed = webLocks(otherRedlock, { prefix: "web:" });
    expect(await prefixed.request("a", { ifAvailable: true }, (lock) => lock?.name)).toBe("a");
    await mutex.release();
    await otherRedlock.semaphore("permits", { permits: 2 }).using(async () => {
      expect(await rejection(locks.request("permits", () => 1))).toBeInstanceOf(LockKindError);
      expect(await rejection(locks.request("permits", { steal: true }, () => 1))).toBeInstanceOf(
        LockKindError,
      );
    });
  });
});

test("one server that refuses the client is no SecurityError, also if the others have the same label", async () => {
  const clock = new VirtualClock();
  const instances = [0, 1, 2].map(() => new RefusingInstance({ clock, label: "same" }));
  const locks = webLocks(new Redlock(instances, { clock }));
  await locks.request("warm", () => undefined);
  instances[0]!.refusal = "NOAUTH Authentication required.";
  for (const instance of instances.slice(1)) instance.pause();
  const error = rejection(locks.request("a", { ifAvailable: true }, () => 1));
  await clock.advance(1_000);
  expect(await error).toBeInstanceOf(QuorumError);
});

test("servers that refuse the client are a SecurityError", async () => {
  const servers = await startRedisServers(1, { args: ["--requirepass", "right"] });
  const redlock = new Redlock(
    servers.map(({ url }) => url),
    { ...FRESH, requestTimeout: 5_000 },
  );
  onTestFinished(async () => {
    await redlock.close();
    await servers.stop();
  });
  const locks = webLocks(redlock);
  for (const options of [{}, { mode: "shared" }, { ifAvailable: true }, { steal: true }] as const)
    expect(await rejection(locks.request("a", options, () => 1))).toMatchObject({
      name: "SecurityError",
      cause: { code: "LOCK_NO_QUORUM" },
    });
});

describe("a client that closes", () => {
  test("rejects requests that hold or wait with an AbortError, and later calls with an InvalidStateError", async () => {
    const { locks, redlock } = fleet();
    const requests = [held(locks, "a"), held(locks, "a"), held(locks, "a", { steal: true })];
    const [holder, waiting, thief] = requests.map((each) => rejection(each.done));
    await requests[2]!.granted;
    await redlock.close();
    for (const error of [holder, waiting, thief]) expect(await error).toMatchObject({ name: "AbortError" });
    expect(await rejection(locks.request("a", () => 1))).toMatchObject({
      name: "InvalidStateError",
      cause: { code: "LOCK_CLOSED" },
    });
    expect(await rejection(locks.query())).toMatchObject({ name: "InvalidStateError" });
  });
});

describe("a limit", () => {
  test("of the wait rejects with a TimeoutError, or with a QuorumError if no quorum answered", async () => {
    const { clock, instances, redlock } = fleet();
    const locks = webLocks(redlock, { wait: 1_000 });
    const holder = held(locks, "a");
    await holder.granted;
    const error = rejection(locks.request("a", () => 1));
    await clock.advance(1_000);
    expect(await error).toMatchObject({ name: "TimeoutError", cause: { code: "LOCK_TIMEOUT" } });
    holder.release();
    await holder.done;
    for (const instance of instances) instance.pause();
    const outage = rejection(locks.request("b", () => 1));
    await clock.advance(2_000);
    expect(await outage).toBeInstanceOf(QuorumError);
  });

  test("of the wait is none by default", async () => {
    const { clock, locks } = fleet();
    const holder = held(locks, "a");
    await holder.granted;
    const waiting = held(locks, "a");
    await clock.advance(300_000);
    expect(waiting.isGranted).toBe(false);
    holder.release();
    await waiting.granted;
    waiting.release();
    await waiting.done;
  });

  test("a lock is held longer than its ttl, although the client does not extend locks by default", async () => {
    const clockWorld = world(3, { autoExtend: false });
    const locks = webLocks(clockWorld.redlock, { ttl: 500 });
    const holder = held(locks, "a");
    await holder.granted;
    await clockWorld.clock.advance(60_000);
    holder.release("still held");
    expect(await holder.done).toBe("still held");
  });
});

test("nothing is left after a request: no timer, no key, no state", async () => {
  const { clock, instances, locks } = fleet();
  const pending = clock.pending;
  for (const options of [{}, { mode: "shared" }, { ifAvailable: true }, { steal: true }] as const)
    await locks.request("a", options, () => undefined);
  await clock.advance(1_000);
  expect(clock.keepAliveTimers).toBe(0);
  expect(clock.pending).toBeLessThanOrEqual(pending + 1);
  for (const instance of instances) expect(instance.get("lock:a")).toBeUndefined();
});
