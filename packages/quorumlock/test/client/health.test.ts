import { describe, expect, test } from "vitest";
import { type Health, LockClosedError, type LockEvents, MutexRedlock, Redlock } from "../../src/index.ts";
import { advanceDuring } from "../support/world.ts";
import { MembersWorld, observeSettling, TTL_MS } from "../support/members-world.ts";
import { identifyOperation } from "../../src/operations/identify.ts";
import type { ReplyList } from "../../src/operations/request.ts";
import { AppendingInstance } from "../support/appending-instance.ts";
import { settle, VirtualClock } from "../support/virtual-clock.ts";
import type { WatchedInstance } from "../support/watched-instance.ts";

const REQUEST_TIMEOUT_MS = 100;

/** Reads the health while time passes. */
function read(world: MembersWorld, redlock: Redlock): Promise<Health> {
  return advanceDuring(world.clock, 2 * REQUEST_TIMEOUT_MS, redlock.health());
}

/** Changes what an instance reports about itself. */
function report(instance: WatchedInstance, change: (fields: (string | number)[]) => void): void {
  const run = instance.run.bind(instance);
  instance.run = async (requests) => {
    const replies = await run(requests);
    return replies.map((reply, index) => {
      if (requests[index]!.operation !== identifyOperation) return reply;
      const fields = [...(reply as ReplyList)];
      change(fields);
      return fields as unknown as ReplyList;
    });
  };
}

describe("health", () => {
  test("of servers that all work", async () => {
    const world = new MembersWorld();
    await using redlock = world.client("abc");
    const health = await read(world, redlock);
    expect(health).toMatchObject({ configured: 3, quorum: 2, voting: 3, canLock: true, next: undefined });
    expect(health.instances[0]).toEqual({
      instance: "a",
      address: "a",
      state: "up",
      isVoting: true,
      error: undefined,
      unsafe: [],
      abstainsMs: undefined,
      latencyMs: 0,
      silentMs: undefined,
      runId: expect.stringMatching(/./),
      restarts: 0,
      version: undefined,
      role: "master",
      clockOffsetMs: 0,
      memoryUsedBytes: undefined,
      memoryLimitBytes: undefined,
      evictionPolicy: "noeviction",
    });
  });

  test("is one request to each instance, also for callers who come together", async () => {
    const world = new MembersWorld();
    await using redlock = world.client("abc");
    await read(world, redlock);
    const before = world.set("abc").map((instance) => instance.operations.length);
    await Promise.all([read(world, redlock), redlock.health(), redlock.health()]);
    const sent = world.set("abc").map((instance, index) => instance.operations.slice(before[index]));
    expect(sent).toEqual([["identify"], ["identify"], ["identify"]]);
  });

  test.each([
    { fsync: "everysec", restartGuard: true, settings: [1, 1, 1] },
    { fsync: undefined, restartGuard: true, settings: [1, 1, 1] },
    { fsync: "always", restartGuard: true, settings: [0, 0, 0] },
    { fsync: "everysec", restartGuard: false, settings: [0, 0, 0] },
  ])("of servers with an append-only file, $fsync, restartGuard $restartGuard", async (scene) => {
    const { fsync, restartGuard, settings } = scene;
    const clock = new VirtualClock();
    const instances = ["a", "b", "c"].map((label) => new AppendingInstance({ clock, label }));
    await using redlock = new Redlock(instances, { clock, requestTimeout: REQUEST_TIMEOUT_MS, restartGuard });
    const check = async (): Promise<void> => {
      await advanceDuring(clock, 1, redlock.health());
      await settle();
    };
    const answer = (): readonly number[] =>
      instances.map(({ questions }) => questions.splice(0).map((reply) => reply(fsync)).length);
    await check();
    answer();
    await settle();
    const before = instances.map(({ operations }) => operations.length);
    await check();
    expect(answer()).toEqual(settings);
    const sent = instances.map(({ operations }, index) => operations.slice(before[index]));
    expect(sent).toEqual([["identify"], ["identify"], ["identify"]]);
  });

  test("is not delayed by a server that hangs, and names it", async () => {
    const world = new MembersWorld();
    await using redlock = world.client("abc");
    await read(world, redlock);
    world.one("c").pause();
    const reading = redlock.health();
    await world.clock.advance(REQUEST_TIMEOUT_MS);
    const health = await reading;
    expect(health).toMatchObject({ voting: 2, canLock: true });
    expect(health.instances[2]).toMatchObject({
      state: "no-answer",
      isVoting: false,
      latencyMs: undefined,
      silentMs: 0,
      error: { code: "INSTANCE_TIMEOUT", message: "no answer within 100 ms" },
    });
    // The hung server is not sent another request.
    const runs = world.one("c").runCalls;
    await world.clock.advance(1_000);
    expect((await read(world, redlock)).instances[2]).toMatchObject({ state: "no-answer", silentMs: 1_000 });
    expect(world.one("c").runCalls).toBe(runs);
    world.one("c").resume();
    await world.clock.advance(1);
    expect((await read(world, redlock)).instances[2]).toMatchObject({ state: "up" });
  });

  test("below a quorum resolves, and an acquisition fails at once with a line for each instance", async () => {
    const world = new MembersWorld();
    await using redlock = world.client("abc", { restartGuard: false });
    await read(world, redlock);
    world.one("b").kill();
    world.one("c").kill();
    const health = await read(world, redlock);
    expect(health).toMatchObject({ configured: 3, quorum: 2, voting: 1, canLock: false });
    expect(health.instances.map(({ state }) => state)).toEqual(["up", "no-answer", "no-answer"]);
    const error: unknown = await redlock.tryAcquire("x").catch((reason: unknown) => reason);
    expect(String(error)).toMatch(/2 of 3 .*\n {2}b: .*\n {2}c: /s);
    // It recovers by itself.
    world.one("b").restart();
    await world.clock.advance(1);
    await expect(advanceDuring(world.clock, 100, redlock.tryAcquire("x"))).resolves.toMatchObject({
      isHeld: true,
    });
  });

  test("says until when a restarted server abstains, and why", async () => {
    const world = new MembersWorld();
    await using redlock = world.client("abc");
    await advanceDuring(world.clock, 10, redlock.acquire("warm"));
    world.one("b").restart();
    const health = await read(world, redlock);
    expect(health).toMatchObject({ voting: 2, canLock: true });
    const { state, unsafe, restarts, abstainsMs, error } = health.instances[1]!;
    expect({ state, unsafe, restarts }).toEqual({ state: "quarantined", unsafe: ["restart"], restarts: 1 });
    expect(abstainsMs).toBeGreaterThan(0.9 * TTL_MS);
    expect(error).toMatchObject({ code: "INSTANCE_UNSAFE", message: expect.stringMatching(/may have lost/) });
    await world.clock.advance(TTL_MS + 1_000);
    expect((await read(world, redlock)).instances[1]).toMatchObject({ state: "up", restarts: 1, unsafe: [] });
  });

  test("reports what the servers report about themselves", async () => {
    const world = new MembersWorld();
    report(world.one("b"), (fields) => {
      fields[5] = "allkeys-lru";
      fields[6] = 256;
      fields[13] = 41;
      fields[14] = "7.0.15";
    });
    report(world.one("c"), (fields) => (fields[3] = Number(fields[3]) + 20_000));
    await using redlock = world.client("abc");
    const { instances, voting } = await read(world, redlock);
    expect(instances[1]).toMatchObject({
      state: "unsafe",
      isVoting: true,
      unsafe: ["eviction"],
      error: { code: "INSTANCE_UNSAFE", message: expect.stringMatching(/noeviction/) },
      evictionPolicy: "allkeys-lru",
      memoryLimitBytes: 256,
      memoryUsedBytes: 41,
      version: "7.0.15",
    });
    expect(instances[2]).toMatchObject({ clockOffsetMs: 20 });
    expect(voting).toBe(3);
  });

  test("shows that a strict client does not let an unsafe instance vote", async () => {
    const world = new MembersWorld();
    report(world.one("b"), (fields) => (fields[5] = "allkeys-lru"));
    await using redlock = world.client("abc", { strict: true });
    expect((await read(world, redlock)).instances[1]).toMatchObject({
      state: "unsafe",
      isVoting: false,
      abstainsMs: undefined,
    });
  });

  test("names a server that answers with errors", async () => {
    const world = new MembersWorld();
    const b = world.one("b");
    await using redlock = world.client("abc");
    await read(world, redlock);
    const run = b.run.bind(b);
    b.run = () => Promise.reject(new Error("LOADING Redis is loading the dataset in memory"));
    expect((await read(world, redlock)).instances[1]).toMatchObject({
      state: "refused",
      isVoting: false,
      error: { message: expect.stringMatching(/LOADING/) },
    });
    b.run = run;
    expect((await read(world, redlock)).instances[1]).toMatchObject({ state: "up", isVoting: true });
  });

  test("finds two entries that are one server: no instance votes", async () => {
    const world = new MembersWorld();
    await using redlock = world.client("abc");
    const { runId } = (await read(world, redlock)).instances[0]!;
    report(world.one("b"), (fields) => (fields[1] = runId!));
    const { instances, canLock, voting } = await read(world, redlock);
    expect(instances.map(({ state }) => state)).toEqual(["unsafe", "unsafe", "up"]);
    expect({ canLock, voting }).toEqual({ canLock: false, voting: 0 });
  });

  test("counts both sets during a change of the instances", async () => {
    const world = new MembersWorld();
    await using redlock = world.client("abc");
    await read(world, redlock);
    const change = await advanceDuring(world.clock, 1_000, redlock.reconfigure(world.set("cdeab")));
    world.one("d").kill();
    const health = await read(world, redlock);
    expect(health).toMatchObject({ configured: 3, quorum: 2, voting: 3, canLock: true });
    expect(health.next).toEqual({ configured: 5, quorum: 3, voting: 4 });
    expect(health.instances.map(({ instance }) => instance).toSorted()).toEqual(["a", "b", "c", "d", "e"]);
    await advanceDuring(world.clock, 20_000, change.abort());
  });

  test("keeps the process running while a caller waits, and not afterwards", async () => {
    const world = new MembersWorld();
    await using redlock = world.client("abc");
    await read(world, redlock);
    world.one("c").pause();
    const reading = observeSettling(redlock.health());
    await world.clock.advance(1);
    expect(reading.isSettled).toBe(false);
    expect(world.clock.keepAliveTimers).toBe(1);
    await world.clock.advance(REQUEST_TIMEOUT_MS);
    expect(reading.isSettled).toBe(true);
    expect(world.clock.keepAliveTimers).toBe(0);
  });

  test("of a closed client is an error, also if it closes meanwhile", async () => {
    const world = new MembersWorld();
    const redlock = world.client("abc");
    await read(world, redlock);
    world.one("c").pause();
    const reading = redlock.health().catch((error: unknown) => error);
    const closing = redlock.close();
    await world.clock.advance(1_000);
    expect(await reading).toBeInstanceOf(LockClosedError);
    await closing;
    await expect(redlock.health()).rejects.toBeInstanceOf(LockClosedError);
  });
});

describe("events", () => {
  test("tell each change of a state once, and nothing while nothing changes", async () => {
    const world = new MembersWorld();
    await using redlock = world.client("abc", { restartGuard: false });
    const changes: LockEvents["instance:health"][] = [];
    const quorums: string[] = [];
    redlock.on("instance:health", (event) => changes.push(event));
    redlock.on("quorum:lost", ({ voting, failures }) => quorums.push(`lost ${voting} ${failures.length}`));
    redlock.on("quorum:restored", ({ voting, lostMs }) => quorums.push(`restored ${voting} ${lostMs}`));
    await read(world, redlock);
    await read(world, redlock);
    expect(changes).toEqual([]);
    world.one("b").kill();
    await read(world, redlock);
    await read(world, redlock);
    expect(changes).toMatchObject([
      { instance: "b", before: "up", now: "no-answer", error: { code: "INSTANCE_UNAVAILABLE" } },
    ]);
    expect(quorums).toEqual([]);
    world.one("c").kill();
    await read(world, redlock);
    await read(world, redlock);
    expect(quorums).toEqual(["lost 1 2"]);
    world.one("b").restart();
    world.one("c").restart();
    // Most servers have lost their counters, so they recover these first.
    await world.clock.advance(5_000);
    await read(world, redlock);
    expect(quorums).toEqual(["lost 1 2", `restored 3 ${5_000 + 4 * REQUEST_TIMEOUT_MS}`]);
    expect(changes.slice(1).map(({ instance, before, now }) => [instance, before, now])).toEqual([
      ["c", "up", "no-answer"],
      ["b", "no-answer", "up"],
      ["c", "no-answer", "up"],
    ]);
    expect(changes.at(-1)?.error).toBeUndefined();
  });
});

test.each([
  [
    { health: { interval: 0 } },
    RangeError,
    /^health\.interval: 0 must be a number of at least 100 and at most/,
  ],
  [{ health: { interval: -1 } }, RangeError, /^health\.interval: -1 /],
  [{ health: { interval: Number.NaN } }, RangeError, /^health\.interval: NaN /],
  [{ health: { interval: Infinity } }, RangeError, /^health\.interval: Infinity /],
  [{ health: { interval: "10s" } }, TypeError, /^health\.interval: "10s" must be a number$/],
  [
    { health: { jitter: -0.1 } },
    RangeError,
    /^health\.jitter: -0\.1 must be .* at least 0 and at most 0\.9$/,
  ],
  [{ health: { jitter: 1 } }, RangeError, /^health\.jitter: 1 /],
  [{ health: { jitter: Number.NaN } }, RangeError, /^health\.jitter: NaN /],
  [{ health: { resolver: "dns" } }, TypeError, /^health\.resolver: "dns" must be a function$/],
  [{ health: { resolveAfter: -1 } }, RangeError, /^health\.resolveAfter: -1 .*, and finite$/],
  [{ health: { resolveTimeout: 0 } }, RangeError, /^health\.resolveTimeout: 0 /],
  [
    { health: { intervall: 500 } },
    TypeError,
    /^intervall: there is no such option; `interval` is probably meant$/,
  ],
  [{ health: true }, TypeError, /^health: true must be an object; use \{\} for the defaults$/],
  [{ health: null }, TypeError, /^health: null is no value/],
  [{ healt: {} }, TypeError, /^healt: there is no such option; `health` is probably meant$/],
])("the options %j are refused", (options, Kind, message) => {
  const world = new MembersWorld();
  const make = (): unknown => new Redlock(world.set("abc"), options as never);
  expect(make).toThrow(Kind);
  expect(make).toThrow(message);
  expect(world.clock.pending).toBe(0);
});

test("a client with mutexes alone has no health checks", () => {
  const world = new MembersWorld();
  expect(() => new MutexRedlock(world.set("abc"), { health: {} } as never)).toThrow(
    /^health: there is no such option; it is an option of `Redlock`$/,
  );
});
