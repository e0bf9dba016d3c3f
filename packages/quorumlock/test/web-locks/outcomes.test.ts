import { describe, expect, onTestFinished, test } from "vitest";
import { LockKindError, LockLostError, MemoryInstance, QuorumError, Redlock } from "../../src/index.ts";
import { startRedisServers } from "../../src/testing/index.ts";
import { type WebLock, type WebLockManager, webLocks } from "../../src/web-locks/index.ts";
import { FRESH } from "../support/fresh.ts";
import { fenceKey } from "../support/lock-keys.ts";
import { rejection } from "../support/timing.ts";
import { settle } from "../support/virtual-clock.ts";
import { type World, world } from "../support/world.ts";
import { Request } from "./case-tools.ts";

// What a fleet adds to the standard: locks that are lost, other clients, outages, limits. In virtual time.

interface Fleet extends World {
  readonly locks: WebLockManager;
  /** Those of another client on the same instances. */
  readonly others: WebLockManager;
  readonly otherRedlock: Redlock;
}

function fleet(): Fleet {
  const made = world();
  const otherRedlock = new Redlock(made.instances, { clock: made.clock, owner: "other" });
  return { ...made, locks: webLocks(made.redlock), others: webLocks(otherRedlock), otherRedlock };
}

function held(locks: WebLockManager, name: string, options: object = {}): Request {
  return new Request(locks as never, name, options);
}

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

describe("a theft", () => {
  test("of a lock whose key has no expiry is granted", async () => {
    const { instances, locks } = fleet();
    for (const instance of instances) instance.set("lock:a", "blocked by hand", Infinity);
    expect(await locks.request("a", { steal: true }, (lock) => lock?.mode)).toBe("exclusive");
    expect(instances.map((instance) => instance.get("lock:a"))).toEqual([undefined, undefined, undefined]);
  });

  test("waits for servers that do not answer, and a holder keeps its lock if it is not granted", async () => {
    const { clock, instances, locks, otherRedlock } = fleet();
    const holder = held(locks, "a");
    await holder.granted;
    const impatient = webLocks(otherRedlock, { wait: 2_000 });
    await impatient.request("warm", () => undefined);
    for (const instance of instances.slice(1)) instance.pause();
    const error = rejection(impatient.request("a", { steal: true }, () => 1));
    await clock.advance(2_500);
    expect(await error).toBeInstanceOf(QuorumError);
    for (const instance of instances.slice(1)) instance.resume();
    await clock.advance(10_000);
    holder.release("kept");
    expect(await holder.done).toBe("kept");
    const [first] = instances;
    first!.pause();
    for (const instance of instances.slice(1)) instance.pause();
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
    await clock.advance(1_000);
    expect([thief.isGranted, earlier.isGranted]).toEqual([true, false]);
    thief.release();
    await clock.advance(20_000);
    expect(earlier.isGranted).toBe(true);
    earlier.release();
    await earlier.done;
    expect(await rejection(holder.done)).toMatchObject({ name: "AbortError" });
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

describe("query", () => {
  test("shows holders of other names if they are given, and locks that are no web locks", async () => {
    const { locks, others, otherRedlock } = fleet();
    const reader = held(others, "a", { mode: "shared" });
    await reader.granted;
    const mutex = await otherRedlock.acquire("b");
    expect(await locks.query()).toEqual({ held: [], pending: [] });
    expect(await locks.query({ names: ["a", "b", "free", ""] })).toEqual({
      held: [
        { name: "a", mode: "shared", clientId: expect.stringMatching(/^other#[0-9a-f]{8}$/) },
        { name: "b", mode: "exclusive", clientId: "other" },
      ],
      pending: [],
    });
    await mutex.release();
    reader.release();
    await reader.done;
  });

  test("shows a client of another process that waits, once and without a mode", async () => {
    const { clock, locks, others } = fleet();
    const holder = held(locks, "a");
    await holder.granted;
    const waiting = [held(others, "a"), held(others, "a")];
    await clock.advance(100);
    const { held: holds, pending } = await locks.query();
    expect(holds).toHaveLength(1);
    expect(pending).toEqual([{ name: "a", clientId: expect.stringMatching(/^[0-9a-f]{8}$/) }]);
    expect((await others.query()).pending).toHaveLength(2);
    for (const each of [holder, ...waiting]) each.release();
    await clock.advance(1_000);
    await Promise.all(waiting.map((each) => each.done));
  });

  test("rejects with a QuorumError if too few instances answer", async () => {
    const { clock, instances, locks } = fleet();
    await locks.request("warm", () => undefined);
    for (const instance of instances.slice(1)) instance.pause();
    const error = rejection(locks.query({ names: ["a"] }));
    await clock.advance(1_000);
    expect(await error).toBeInstanceOf(QuorumError);
    for (const instance of instances) instance.resume();
  });
});

test("servers that refuse the client are a SecurityError", async () => {
  const servers = await startRedisServers(1, { args: ["--requirepass", "right"] });
  const redlock = new Redlock(
    servers.map(({ url }) => url),
    FRESH,
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

describe("bad input", () => {
  const redlock = Redlock.memory();
  const locks = webLocks(redlock) as WebLockManager & { request(...given: unknown[]): Promise<unknown> };

  test.each([
    ["an unknown option", ["a", { timeout: 5 }, () => 1], "TypeError", /timeout: there is no such option/],
    ["an option of webLocks", ["a", { ttl: 5 }, () => 1], "TypeError", /ttl: .* an option of `webLocks`/],
    [
      "a misspelled option",
      ["a", { ifAvailabel: true }, () => 1],
      "TypeError",
      /`ifAvailable` is probably meant/,
    ],
    ["options that are no object", ["a", 5, () => 1], "TypeError", /options: 5 must be an object/],
    ["a mode", ["a", { mode: "read" }, () => 1], "TypeError", /mode: "read" must be "exclusive" or "shared"/],
    ["a missing callback", ["a", {}], "TypeError", /callback an object \(Object\) must be a function/],
    ["a signal", ["a", { signal: {} }, () => 1], "TypeError", /signal: .* must be an AbortSignal/],
    ["a hyphen", ["-a", () => 1], "NotSupportedError", /name: "-a" begins with "-"/],
    ["a long name", ["a".repeat(1_025), () => 1], "NotSupportedError", /1025 characters are too many/],
    [
      "steal of shared",
      ["a", { steal: true, mode: "shared" }, () => 1],
      "NotSupportedError",
      /needs the mode "exclusive"/,
    ],
  ])("%s is refused", async (_, given, name, message) => {
    expect(await rejection(locks.request(...given))).toMatchObject({
      name,
      message: expect.stringMatching(message),
    });
  });

  test("a refused combination is named before an aborted signal, as in the standard", async () => {
    const signal = AbortSignal.abort();
    expect(await rejection(locks.request("-a", { signal }, () => 1))).toMatchObject({
      name: "NotSupportedError",
    });
    expect(await rejection(locks.request("a", { signal, steal: true }, () => 1))).toMatchObject({
      name: "NotSupportedError",
    });
  });

  test("of webLocks and of query is refused", async () => {
    expect(() => webLocks({} as never)).toThrow(/must be a Redlock/);
    expect(() => webLocks(redlock, { ttl: -1 })).toThrow(RangeError);
    expect(() => webLocks(redlock, { wait: -1 })).toThrow(RangeError);
    expect(() => webLocks(redlock, { prefix: "~a" })).toThrow(/prefix: "~a" begins with "~"/);
    expect(() => webLocks(redlock, { steal: true } as never)).toThrow(/steal: .* an option of `request`/);
    expect(() => webLocks(redlock, { mode: "shared" } as never)).toThrow(TypeError);
    expect(await rejection(locks.query({ names: "a" } as never))).toBeInstanceOf(TypeError);
    expect(await rejection(locks.query({ names: [1] } as never))).toBeInstanceOf(TypeError);
    expect(await rejection(locks.query({ name: "a" } as never))).toMatchObject({
      message: /`names` is probably meant/,
    });
  });
});

test("two objects for one client and one prefix are one lock manager", async () => {
  const redlock = Redlock.memory();
  const [one, two] = [webLocks(redlock), webLocks(redlock, { ttl: 5_000 })];
  const holder = held(one, "a");
  await holder.granted;
  expect((await two.query()).held).toMatchObject([{ name: "a", mode: "exclusive" }]);
  await two.request("a", { steal: true }, () => undefined);
  // At once, and not at the next extension.
  expect(await rejection(holder.done)).toMatchObject({ name: "AbortError" });
  await redlock.close();
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

test("nothing is left after a request: no timer, no key, no state", async () => {
  const { clock, instances, locks } = fleet();
  const pending = clock.pending;
  for (const options of [{}, { mode: "shared" }, { ifAvailable: true }, { steal: true }] as const)
    await locks.request("a", options, () => undefined);
  await clock.advance(1_000);
  expect(clock.keepAliveTimers).toBe(0);
  expect(clock.pending).toBeLessThanOrEqual(pending + 1);
  for (const instance of instances) expect((instance as MemoryInstance).get("lock:a")).toBeUndefined();
});
