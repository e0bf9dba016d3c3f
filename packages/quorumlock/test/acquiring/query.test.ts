import { describe, expect, test } from "vitest";
import { type Lock, QuorumError, Redlock } from "../../src/index.ts";
import { Acquirable } from "../../src/acquiring/acquirable.ts";
import { resolveOptions } from "../../src/base/options.ts";
import { Client } from "../../src/client/client.ts";
import { anyOfKind } from "../support/any-of-kind.ts";
import { ClusterNode, NAMES_IN_SLOTS } from "../support/cluster-node.ts";
import { MembersWorld } from "../support/members-world.ts";
import { rejection } from "../support/timing.ts";
import { settle, VirtualClock } from "../support/virtual-clock.ts";
import { type WatchedWorld, watchedWorld } from "../support/watched-world.ts";

const OTHER = `${"9".repeat(32)}@other:1`;

/** What the instances keep: the keys with their values and expiries. */
function contents({ instances }: Pick<WatchedWorld, "instances">): unknown {
  return instances.map((instance) =>
    instance.keys().map((key) => [key, instance.get(key), instance.remaining(key)]),
  );
}

describe("a query", () => {
  test("of a free name reports no holder, and leaves nothing", async () => {
    const world = watchedWorld();
    const redlock = world.client();
    await (await redlock.acquire("other")).release();
    const before = contents(world);
    expect(await redlock.query("a")).toEqual({
      names: ["a"],
      isHeld: false,
      holders: [],
      partial: [],
      waiters: 0,
      answers: 3,
      instances: 3,
    });
    expect(contents(world)).toEqual(before);
  });

  test("reports the holder, how long it holds, on how many instances, and whether it is this process", async () => {
    const world = watchedWorld();
    const redlock = world.client({ owner: "me" });
    const { token } = await redlock.acquire("a", { ttl: 8_000, autoExtend: false });
    await world.clock.advance(1_500);
    const holder = { names: ["a"], token, owner: "me", remaining: 6_500, thisProcess: true, votes: 3 };
    expect(await redlock.query("a")).toMatchObject({ isHeld: true, holders: [holder], partial: [] });
    expect(await redlock.mutex("a").query()).toMatchObject({ isHeld: true, holders: [holder] });
    expect(await world.client().query("a")).toMatchObject({ isHeld: true, holders: [{ token, votes: 3 }] });
  });

  test("sends one request to each instance, and changes no key", async () => {
    const world = watchedWorld();
    const redlock = world.client();
    await redlock.acquire("a", { ttl: 60_000, autoExtend: false });
    const waiting = world.client().acquire("a", { wait: 1_000 });
    await settle();
    for (const { operations } of world.instances) operations.length = 0;
    const before = contents(world);
    await redlock.query("a");
    expect(world.instances.map(({ operations }) => operations)).toEqual(
      Array.from({ length: 3 }, () => ["mutex.query"]),
    );
    expect(contents(world)).toEqual(before);
    waiting.catch(() => undefined);
    await world.clock.advance(2_000);
  });

  test("reports tokens on less than a quorum as partial: they hold nothing", async () => {
    const world = watchedWorld(5);
    const [first, second, third] = world.instances;
    for (const instance of [first!, second!]) instance.set("lock:a", OTHER, 700);
    third!.set("lock:a", "foreign", Infinity);
    expect(await world.client().query("a")).toMatchObject({
      isHeld: false,
      holders: [],
      partial: [
        { token: OTHER, owner: "other:1", remaining: 700, votes: 2 },
        { token: "foreign", owner: undefined, remaining: Infinity, votes: 1, thisProcess: false },
      ],
    });
  });

  test("reports until when a quorum is left, not until when the last key is", async () => {
    const world = watchedWorld(5);
    [100, 900, 300, 500, 700].forEach((ms, index) => world.instances[index]!.set("lock:a", OTHER, ms));
    const { holders } = await world.client().query("a");
    expect(holders).toMatchObject([{ remaining: 500, votes: 5 }]);
  });

  test("of several names reports every holder with its names, and is held if any name is", async () => {
    const world = watchedWorld();
    const [one, two] = [world.client({ owner: "one" }), world.client({ owner: "two" })];
    await one.acquire(["c", "a"]);
    await two.acquire("b");
    const { isHeld, names, holders } = await two.query(["d", "c", "b", "a"]);
    expect([isHeld, names]).toEqual([true, ["a", "b", "c", "d"]]);
    expect(holders.map(({ owner, names: held, votes }) => [owner, held, votes])).toEqual([
      ["one", ["a", "c"], 3],
      ["two", ["b"], 3],
    ]);
    expect(await two.query(["d", "e"])).toMatchObject({ isHeld: false, holders: [] });
  });

  test("counts the callers of this client that wait, and each other client once", async () => {
    const world = watchedWorld();
    const [one, two, three] = [world.client(), world.client(), world.client()];
    const held = await one.acquire("a");
    const waits = [one, one, one, two, two, three].map((client) => client.acquire("a", { wait: Infinity }));
    await world.clock.advance(50);
    expect(
      await Promise.all([one, two, three].map(async (client) => (await client.query("a")).waiters)),
    ).toEqual([3 + 2, 2 + 1, 1 + 1]);
    expect((await one.query(["a", "b"])).waiters).toBe(5);
    const release = (lock: Lock): Promise<boolean> => lock.release();
    const released = Promise.all([release(held), ...waits.map(async (wait) => release(await wait))]);
    await world.clock.advance(5_000);
    await released;
    await world.clock.advance(100);
    expect((await one.query("a")).waiters).toBe(0);
  });

  test("needs a quorum of answers, and waits for a hung instance no longer than one request", async () => {
    const world = watchedWorld(3, { requestTimeout: 100 });
    const redlock = world.client();
    const { token } = await redlock.acquire("a", { ttl: 60_000 });
    world.instances[0]!.pause();
    const asked = redlock.query("a");
    const startedAt = world.clock.monotonic();
    let tookMs = NaN;
    void asked.then(() => (tookMs = world.clock.monotonic() - startedAt));
    await world.clock.advance(200);
    expect(tookMs).toBe(100);
    expect(await asked).toMatchObject({
      isHeld: true,
      holders: [{ token, votes: 2 }],
      answers: 2,
      instances: 3,
    });
    world.instances[1]!.pause();
    const failing = rejection(redlock.query("a"));
    await world.clock.advance(200);
    const error = await failing;
    expect(error).toBeInstanceOf(QuorumError);
    expect(String(error)).toMatch(
      /^QuorumError: "a": too few instances answered the query: 2 of 3 are needed(\n {2}m[01]: no answer within 100 ms){2}$/,
    );
    expect((error as Error).stack).toContain("timing.ts");
  });

  test("rejects on a client that is closed before, or meanwhile", async () => {
    const world = watchedWorld(3, { requestTimeout: 100 });
    const redlock = world.client();
    await redlock.query("a");
    for (const instance of world.instances) instance.pause();
    const asked = rejection(redlock.query("a"));
    await settle();
    const closing = redlock.close();
    await world.clock.advance(1_000);
    await closing;
    expect(await asked).toMatchObject({ code: "LOCK_CLOSED", names: ["a"] });
    expect(await rejection(redlock.query("a"))).toMatchObject({ code: "LOCK_CLOSED" });
    expect(world.clock.keepAliveTimers).toBe(0);
  });

  test.each([
    ["", RangeError, /name: "" must not be empty/],
    ["~x", RangeError, /name: "~x" begins with "~"/],
    [[], RangeError, /names: the array is empty/],
    [7, TypeError, /name: 7 must be a string or an array of strings/],
  ])("rejects the name %j", async (name, kind, message) => {
    const redlock = Redlock.memory();
    const error = await rejection(redlock.query(name as string));
    expect(error).toBeInstanceOf(kind);
    expect(String(error)).toMatch(message);
  });

  test("of a kind that has none is refused", async () => {
    const { instances } = watchedWorld();
    const client = new Client(instances, resolveOptions({}));
    const lockable = new Acquirable(client, anyOfKind, { name: "x", places: 2, place: 0 });
    expect(String(await rejection(lockable.query()))).toMatch(
      /^TypeError: query: this kind of lock cannot be queried/,
    );
  });
});

test("a query in a cluster asks each hash slot on its own", async () => {
  const clock = new VirtualClock();
  const nodes = [0, 1, 2].map((index) => new ClusterNode({ clock, label: `m${index}` }));
  const redlock = new Redlock(nodes, { clock, ttl: 10_000, requestTimeout: 100 });
  const lock = await redlock.acquire(NAMES_IN_SLOTS);
  expect(await redlock.query(NAMES_IN_SLOTS)).toMatchObject({
    holders: [{ token: lock.token, names: [...NAMES_IN_SLOTS], votes: 3 }],
    partial: [],
    answers: 3,
  });
  const [first] = nodes;
  first!.onRequest = (operation, keys) =>
    operation === "mutex.query" && keys.includes("lock:beta") ? "CLUSTERDOWN" : undefined;
  expect(await redlock.query(NAMES_IN_SLOTS)).toMatchObject({ holders: [{ votes: 2 }], answers: 2 });
  for (const node of nodes.slice(0, 2)) node.set("lock:beta", OTHER, 5_000);
  first!.onRequest = undefined;
  const { holders, partial } = await redlock.query(NAMES_IN_SLOTS);
  expect(holders.map(({ token, names }) => [token, names])).toEqual([
    [lock.token, ["alpha", "delta", "gamma"]],
    [OTHER, ["beta"]],
  ]);
  expect(partial.map(({ token, names, votes }) => [token, names, votes])).toEqual([
    [lock.token, ["beta"], 1],
  ]);
});

test("during a change of the set, a holder needs both majorities", async () => {
  const world = new MembersWorld();
  const redlock = world.client({ current: "abc", next: "def" });
  await redlock.using("warm", () => undefined);
  for (const instance of world.set("abcd")) instance.set("lock:x", OTHER, 5_000);
  expect(await redlock.query("x")).toMatchObject({ isHeld: false, partial: [{ token: OTHER, votes: 4 }] });
  world.one("e").set("lock:x", OTHER, 3_000);
  expect(await redlock.query("x")).toMatchObject({
    isHeld: true,
    holders: [{ token: OTHER, votes: 5, remaining: 3_000 }],
    answers: 6,
    instances: 6,
  });
});
