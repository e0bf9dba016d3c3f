import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Acquirable } from "../../src/acquiring/acquirable.ts";
import { resolveOptions } from "../../src/base/options.ts";
import { Client } from "../../src/client/client.ts";
import { type Lock, type LockDescription, LockLostError, QuorumError, Redlock } from "../../src/index.ts";
import { findingsOf } from "../support/findings.ts";
import { anyOfKind } from "../support/any-of-kind.ts";
import { ClusterNode, NAMES_IN_SLOTS } from "../support/cluster-node.ts";
import { fenceKey, withoutCounters } from "../support/lock-keys.ts";
import { MembersWorld } from "../support/members-world.ts";
import { rejection } from "../support/timing.ts";
import { settle, VirtualClock } from "../support/virtual-clock.ts";
import { type WatchedWorld, watchedWorld } from "../support/watched-world.ts";

/** What another process receives. */
function sent(description: LockDescription): LockDescription {
  return JSON.parse(JSON.stringify(description)) as LockDescription;
}

async function handOver(lock: Lock, to: Redlock): Promise<Lock> {
  return to.attach(sent(await lock.detach()));
}

function left({ instances }: Pick<WatchedWorld, "instances">): readonly string[] {
  return withoutCounters(instances.flatMap((instance) => instance.keys())).filter(
    (key) => !key.includes("~wake:"),
  );
}

describe("a detached lock", () => {
  test("is described by plain values, with a full ttl to attach it", async () => {
    const world = watchedWorld();
    const lock = await world.client().acquire(["b", "a"], { ttl: 8_000, autoExtend: false });
    await world.clock.advance(5_000);
    const description = await lock.detach();
    expect(description).toEqual({
      version: 1,
      kind: "mutex",
      names: ["a", "b"],
      token: lock.token,
      fence: lock.fence,
      ttl: 8_000,
      remaining: 8_000 - 82,
    });
    expect(sent(description)).toEqual(description);
    for (const instance of world.instances) expect(instance.remaining("lock:a")).toBe(8_000);
  });

  test("has ended here: it is not held, its signal does not abort, and no call sends anything", async () => {
    const world = watchedWorld();
    const redlock = world.client();
    const events: string[] = [];
    for (const name of ["lock:detached", "lock:released", "lock:lost"] as const)
      redlock.on(name, () => events.push(name));
    const lock = await redlock.acquire("a");
    const { signal } = lock;
    await lock.detach();
    await settle();
    for (const instance of world.instances) instance.operations.length = 0;
    expect([lock.isHeld, lock.remaining(), signal.aborted]).toEqual([false, 0, false]);
    expect(await lock.release()).toBe(false);
    expect(String(await rejection(lock.extend()))).toMatch(
      /^LockReleasedError: the lock on "a" cannot be extended: it was detached; acquire it again/,
    );
    expect(String(await rejection(lock.detach()))).toMatch(/cannot be detached: it was detached/);
    await lock[Symbol.asyncDispose]();
    await redlock.close();
    await world.clock.advance(9_000);
    expect(world.instances.flatMap(({ operations }) => operations)).toEqual([]);
    expect(world.instances.map((instance) => instance.get("lock:a"))).toEqual([
      lock.token,
      lock.token,
      lock.token,
    ]);
    expect([events, signal.aborted]).toEqual([["lock:detached"], false]);
    await world.clock.advance(1_100);
    expect(left(world)).toEqual([]);
  });

  test("lets the next caller of its process wait for the instances, also one that already waits", async () => {
    const world = watchedWorld();
    const [one, two] = [world.client({ owner: "one" }), world.client({ owner: "two" })];
    const lock = await one.acquire("a", { ttl: 60_000 });
    const waiting = one.acquire("a", { wait: Infinity });
    const attached = await handOver(lock, two);
    expect(await rejection(one.acquire("a", { wait: 0 }))).toMatchObject({ code: "LOCK_TIMEOUT" });
    await world.clock.advance(100_000);
    expect(attached.isHeld).toBe(true);
    const releasedAt = world.clock.monotonic();
    const released = attached.release();
    await world.clock.advance(100);
    expect(await released).toBe(true);
    const next = await waiting;
    expect(world.clock.monotonic() - releasedAt).toBe(100);
    expect(next.fence).toBeGreaterThan(lock.fence);
    await next.release();
    expect(left(world)).toEqual([]);
  });

  test("is refused if the lock was released or lost, or while no quorum confirms its extension", async () => {
    const world = watchedWorld(3, { requestTimeout: 100 });
    const redlock = world.client();
    const released = await redlock.acquire("a");
    await released.release();
    expect(String(await rejection(released.detach()))).toMatch(
      /^LockReleasedError: the lock on "a" cannot be detached: it was released/,
    );
    const lost = await redlock.acquire("a", { ttl: 1_000, autoExtend: false });
    await world.clock.advance(1_000);
    expect(await rejection(lost.detach())).toBe(lost.signal.reason);
    const held = await redlock.acquire("b", { ttl: 60_000 });
    for (const instance of world.instances) instance.pause();
    const failing = rejection(held.detach());
    await world.clock.advance(200);
    expect(await failing).toBeInstanceOf(QuorumError);
    expect(held.isHeld).toBe(true);
    for (const instance of world.instances) instance.resume();
    await world.clock.advance(1_000);
    expect(await held.release()).toBe(true);
  });

  test("is detached only after extensions in flight, by one of several calls", async () => {
    const world = watchedWorld();
    const lock = await world.client().acquire("a", { ttl: 10_000 });
    const extending = lock.extend(20_000);
    const calls = [lock.detach(), lock.detach()];
    await extending;
    const results = await Promise.allSettled(calls);
    expect(results.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
    expect(await Promise.race(calls)).toMatchObject({ ttl: 20_000 });
    await settle();
    for (const { operations } of world.instances)
      expect(operations.filter((name) => name === "mutex.release")).toEqual([]);
  });

  test("is detached also while others extend it all the time", async () => {
    const world = watchedWorld();
    const lock = await world.client().acquire("a", { ttl: 10_000 });
    const extendForEver = async (): Promise<never> => {
      for (;;) await lock.extend();
    };
    const extending = [1, 2, 3].map(() => rejection(extendForEver()));
    await lock.detach();
    for (const end of extending) expect(await end).toMatchObject({ code: "LOCK_RELEASED" });
  });

  test("can be detached in a routine, whose result `using` returns", async () => {
    const world = watchedWorld();
    const description = await world.client().using("a", (lock) => lock.detach());
    const lock = await world.client().attach(sent(description));
    expect(lock.isHeld).toBe(true);
    await lock.release();
  });

  test("leaves the line, so that other clients do not defer to its client", async () => {
    const world = watchedWorld();
    const [one, two] = [world.client(), world.client()];
    const first = await two.acquire("a");
    const waiting = one.acquire("a", { wait: Infinity });
    await world.clock.advance(50);
    const releasing = first.release();
    await world.clock.advance(50);
    await releasing;
    const attached = await handOver(await waiting, two);
    await settle();
    expect(
      world.instances.flatMap((instance) => instance.keys()).filter((key) => key.includes("~wake:")),
    ).toEqual([]);
    await attached.release();
  });
});

describe("attach", () => {
  test("takes up the lock with its token and fencing token, by one round, and extends it", async () => {
    const world = watchedWorld();
    const [one, two] = [world.client(), world.client()];
    await two.query("warm");
    const events: unknown[] = [];
    two.on("lock:attached", (event) => events.push(event));
    const lock = await one.acquire("a", { ttl: 8_000 });
    const description = sent(await lock.detach());
    await world.clock.advance(6_000);
    for (const instance of world.instances) instance.operations.length = 0;
    const attached = await two.attach(description);
    for (const { operations } of world.instances) expect(operations).toEqual(["mutex.renew"]);
    const { token, fence, names, ttl } = attached;
    expect({ token, fence, names, ttl }).toEqual({
      token: lock.token,
      fence: lock.fence,
      names: ["a"],
      ttl: 8_000,
    });
    expect(attached.remaining()).toBe(8_000 - 82);
    expect(events).toEqual([
      { id: 1, names: ["a"], kind: "mutex", mode: "exclusive", token, fence, ttlMs: 8_000 },
    ]);
    await world.clock.advance(50_000);
    expect(attached.isHeld).toBe(true);
    expect(await one.tryAcquire("a")).toBeNull();
    expect(await attached.release()).toBe(true);
    expect(left(world)).toEqual([]);
  });

  test("has options for the ttl and the automatic extension", async () => {
    const world = watchedWorld();
    const lock = await handOver(await world.client().acquire("a"), world.client());
    const again = await world.client().attach(sent(await lock.detach()), { ttl: 3_000, autoExtend: false });
    expect([again.ttl, again.isHeld]).toEqual([3_000, true]);
    await world.clock.advance(3_000);
    expect([again.isHeld, again.signal.aborted]).toEqual([false, true]);
  });

  test("rejects if the lock has expired, and takes no free key", async () => {
    const world = watchedWorld();
    const redlock = world.client();
    const description = sent(await (await redlock.acquire("a")).detach());
    await world.clock.advance(10_001);
    const error = await rejection(redlock.attach(description));
    expect(error).toBeInstanceOf(LockLostError);
    expect(String(error)).toBe(
      'LockLostError: the lock on "a" is not held any more: it cannot be attached: a quorum does not have its token',
    );
    expect((error as Error).stack).toContain("timing.ts");
    await settle();
    expect(left(world)).toEqual([]);
  });

  test("rejects if another holder was granted the lock, and names its owner", async () => {
    const world = watchedWorld();
    const redlock = world.client();
    const description = sent(await (await redlock.acquire("a")).detach());
    const other = `${"9".repeat(32)}@other:1`;
    for (const instance of world.instances.slice(0, 2)) instance.set("lock:a", other, 60_000);
    const message = String(await rejection(redlock.attach(description)));
    expect(message).toMatch(/; the holder is other:1$/);
  });

  test("that is refused changes nothing for a process that has attached the lock", async () => {
    const world = watchedWorld();
    const [one, two, three] = [world.client(), world.client(), world.client()];
    const description = sent(await (await one.acquire("a")).detach());
    const lock = await two.attach(description);
    expect(await rejection(one.attach({ ...description, names: ["a", "b"] }))).toBeInstanceOf(LockLostError);
    await settle();
    expect(await three.tryAcquire("a")).toBeNull();
    expect(lock.isHeld).toBe(true);
  });

  test("rejects after a release, however often it is tried", async () => {
    const world = watchedWorld();
    const [one, two] = [world.client(), world.client()];
    const description = sent(await (await one.acquire("a")).detach());
    await (await two.attach(description)).release();
    for (const redlock of [one, two])
      expect(await rejection(redlock.attach(description))).toMatchObject({ code: "LOCK_LOST" });
    expect(left(world)).toEqual([]);
  });

  test("rejects if too few instances answer, and can be tried again", async () => {
    const world = watchedWorld(3, { requestTimeout: 100 });
    const [one, two] = [world.client(), world.client()];
    await two.query("warm");
    const description = sent(await (await one.acquire("a")).detach());
    for (const instance of world.instances.slice(1)) instance.pause();
    const failing = rejection(two.attach(description));
    await world.clock.advance(200);
    const error = await failing;
    expect(error).toBeInstanceOf(QuorumError);
    expect(String(error)).toMatch(
      /"a": not attached: too few instances answered(\n {2}m[12]: no answer[^\n]*){2}$/,
    );
    for (const instance of world.instances.slice(1)) instance.resume();
    await world.clock.advance(100);
    await (await two.attach(description)).release();
    expect(left(world)).toEqual([]);
  });

  test("works with a majority, and the release deletes the token also where the round did not reach it", async () => {
    const world = watchedWorld(3, { requestTimeout: 100 });
    const [one, two] = [world.client(), world.client()];
    await two.query("warm");
    const description = sent(await (await one.acquire("a", { ttl: 60_000 })).detach());
    world.instances[2]!.pause();
    const asked = two.query("warm");
    await world.clock.advance(200);
    await asked;
    const attached = await two.attach(description);
    expect(world.instances[2]!.countOperations("mutex.renew")).toBe(0);
    const releasing = attached.release();
    world.instances[2]!.resume();
    await world.clock.advance(100);
    expect(await releasing).toBe(true);
    await settle();
    expect(left(world)).toEqual([]);
  });

  test("refuses a fencing token that was never granted, because an extension would write it to counters", async () => {
    const world = watchedWorld();
    const redlock = world.client();
    const description = sent(await (await redlock.acquire("a")).detach());
    const counters = (): unknown => world.instances.map((instance) => instance.get(fenceKey("a")));
    const before = counters();
    const changed = { ...description, fence: description.fence + 1 };
    const error = await rejection(redlock.attach(changed));
    expect(error).toBeInstanceOf(RangeError);
    expect(String(error)).toMatch(
      /^RangeError: description.fence: \d+ was never granted; the instances are at \d+/,
    );
    await world.clock.advance(4_000);
    expect(counters()).toEqual(before);
    await (await redlock.attach(description)).release();
  });

  test("beside callers of its own client that hold or want the name, it is a lock of another process", async () => {
    const world = watchedWorld();
    const [one, two] = [world.client({ owner: "one" }), world.client({ owner: "two" })];
    const lock = await one.acquire("a");
    const waiting = two.acquire("a", { wait: Infinity });
    await world.clock.advance(100);
    const attached = await handOver(lock, two);
    const impatient = rejection(two.acquire(["a", "b"], { wait: 500 }));
    await world.clock.advance(30_000);
    expect(attached.isHeld).toBe(true);
    expect(await impatient).toMatchObject({ code: "LOCK_TIMEOUT" });
    await attached.release();
    await world.clock.advance(100);
    await (await waiting).release();
    expect(left(world)).toEqual([]);
  });

  test("its release wakes a caller of its own client, which stays in line", async () => {
    const world = watchedWorld();
    const [one, two] = [world.client(), world.client()];
    const lock = await one.acquire("a", { ttl: 600_000 });
    const waiting = two.acquire("a", { wait: Infinity });
    await world.clock.advance(100);
    const attached = await handOver(lock, two);
    // No retry without a message falls into this time.
    await world.clock.advance(1_000);
    for (const instance of world.instances) instance.operations.length = 0;
    await attached.release();
    await world.clock.advance(10);
    const next = await Promise.race([waiting, Promise.resolve(undefined)]);
    expect(next?.isHeld).toBe(true);
    await next!.release();
  });

  test("a caller that waits for an attached lock learns that this process holds it", async () => {
    const world = watchedWorld();
    const [one, two] = [world.client(), world.client()];
    const free = await handOver(await one.acquire("a"), two);
    const timeout = rejection(two.acquire("a", { wait: 100 }));
    await world.clock.advance(200);
    expect(await timeout).toMatchObject({ holder: { token: free.token, thisProcess: true } });
    const waiting = two.acquire("b", { wait: 300 });
    const lock = await waiting;
    const next = rejection(two.acquire("b", { wait: 400 }));
    const attached = await handOver(lock, two);
    await world.clock.advance(500);
    expect(await next).toMatchObject({ holder: { token: attached.token, thisProcess: true } });
  });

  test("two that attach the same description both hold it: the token is the right to hold it", async () => {
    const world = watchedWorld();
    const description = sent(await (await world.client().acquire("a")).detach());
    const both = [await world.client().attach(description), await world.client().attach(description)];
    expect(both.map(({ isHeld }) => isHeld)).toEqual([true, true]);
    expect(await both[0]!.release()).toBe(true);
    expect(await both[1]!.release()).toBe(false);
  });

  test("rejects on a client that is closed before, or meanwhile, and leaves the lock to others", async () => {
    const world = watchedWorld(3, { requestTimeout: 100 });
    const [one, two] = [world.client(), world.client()];
    await two.query("warm");
    const description = sent(await (await one.acquire("a", { ttl: 60_000 })).detach());
    for (const instance of world.instances) instance.pause();
    const attaching = rejection(two.attach(description));
    await settle();
    const closing = two.close();
    for (const instance of world.instances) instance.resume();
    await world.clock.advance(1_000);
    await closing;
    expect(await attaching).toMatchObject({ code: "LOCK_CLOSED" });
    expect(await rejection(two.attach(description))).toMatchObject({ code: "LOCK_CLOSED" });
    const lock = await world.client().attach(description);
    expect(world.clock.keepAliveTimers).toBe(0);
    await lock.release();
  });

  test("with diagnostics, the name counts for the context that attached it", async () => {
    const world = watchedWorld();
    const redlock = world.client({ diagnostics: true });
    const lock = await handOver(await world.client().acquire("a"), redlock);
    const findings = findingsOf(redlock);
    const again = redlock.acquire("a");
    await world.clock.advance(1_000);
    expect(findings.map(({ id, names }) => [id, names])).toEqual([["reentrant", ["a"]]]);
    await lock.release();
    await (await again).release();
  });
});

test("a lock on names in several slots of a cluster is attached slot by slot", async () => {
  const clock = new VirtualClock();
  const nodes = [0, 1, 2].map((index) => new ClusterNode({ clock, label: `m${index}` }));
  const [one, two] = [0, 1].map(() => new Redlock(nodes, { clock, ttl: 10_000, requestTimeout: 100 }));
  const lock = await handOver(await one!.acquire(NAMES_IN_SLOTS), two!);
  await clock.advance(30_000);
  expect(lock.isHeld).toBe(true);
  const description = sent(await lock.detach());
  for (const node of nodes.slice(1)) node.delete("lock:beta");
  expect(await rejection(one!.attach(description))).toMatchObject({ code: "LOCK_LOST" });
  await clock.advance(10_001);
  expect(left({ instances: nodes })).toEqual([]);
});

describe("during a change of the members", () => {
  async function detached(labels: string | { current: string; next: string }) {
    const world = new MembersWorld();
    await world.client({ current: "abc", next: "def" }).using("warm", () => undefined);
    const lock = await world.client(labels).acquire("x", { ttl: 60_000 });
    return { world, description: sent(await lock.detach()) };
  }

  test("a lock of both sets is attached under both sets", async () => {
    const { world, description } = await detached({ current: "abc", next: "def" });
    const lock = await world.client({ current: "abc", next: "def" }).attach(description);
    expect(lock.isHeld).toBe(true);
    await lock.release();
    expect(withoutCounters(world.all.flatMap((instance) => instance.keys()))).toEqual([]);
  });

  // Between the two calls, a process that needs the other set alone may have been granted the lock, with a larger token.
  test.each(["abc", "def"])(
    "a lock of the set %s alone is not attached, and is not lost for a process that needs this set alone",
    async (labels) => {
      const { world, description } = await detached(labels);
      const other = labels === "abc" ? "def" : "abc";
      const error = await rejection(world.client({ current: "abc", next: "def" }).attach(description));
      expect(String(error)).toMatch(
        /^QuorumError: "x": not attached: 2 instances refused it; the set of instances is being changed/,
      );
      for (const instance of world.set(other)) expect(instance.get("lock:x")).toBeUndefined();
      const lock = await world.client(labels).attach(description);
      expect(lock.isHeld).toBe(true);
      await lock.release();
    },
  );

  test("a lock that both sets refuse is lost", async () => {
    const { world, description } = await detached({ current: "abc", next: "def" });
    await world.clock.advance(60_001);
    const error = await rejection(world.client({ current: "abc", next: "def" }).attach(description));
    expect(error).toMatchObject({ code: "LOCK_LOST" });
  });

  test("a lock of the old set alone is lost for a client of the next set alone", async () => {
    const { world, description } = await detached("abc");
    expect(await rejection(world.client("cde").attach(description))).toMatchObject({ code: "LOCK_LOST" });
  });

  test("a change that begins while the lock is attached counts", async () => {
    const { world, description } = await detached("abc");
    const redlock = world.client("abc");
    await redlock.query("warm");
    for (const instance of world.set("abc")) instance.delayOf = (name) => (name === "mutex.renew" ? 50 : 0);
    const attaching = rejection(redlock.attach(description));
    const changing = redlock.reconfigure(world.set("def"));
    await world.clock.advance(2_000);
    await changing;
    expect(await attaching).toMatchObject({ code: "LOCK_NO_QUORUM" });
    for (const instance of world.set("def")) expect(instance.get("lock:x")).toBeUndefined();
  });
});

test("a kind without a transfer is refused", async () => {
  const { instances } = watchedWorld();
  const client = new Client(instances, resolveOptions({}));
  const lock = await new Acquirable(client, anyOfKind, { name: "x", places: 2, place: 0 }).acquire();
  expect(String(await rejection(lock.detach()))).toMatch(/^TypeError: detach: a lock of this kind cannot/);
  expect(await lock.release()).toBe(true);
});

test("whatever is passed on, delayed, lost or attached twice, two tokens are never held at once and fences increase", async () => {
  const action = fc.record({
    client: fc.integer({ min: 0, max: 2 }),
    act: fc.constantFrom(
      ...(["acquire", "acquire", "detach", "detach", "attach", "attach", "attach"] as const),
      ...(["release", "extend", "outage"] as const),
    ),
    waitMs: fc.oneof(
      { weight: 4, arbitrary: fc.constant(0) },
      { weight: 1, arbitrary: fc.integer({ min: 0, max: 1_500 }) },
    ),
  });
  let attachments = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(action, { minLength: 10, maxLength: 40, size: "max" }), async (actions) => {
      const world = watchedWorld(3, { requestTimeout: 50, ttl: 1_000 });
      const clients = [world.client(), world.client(), world.client()];
      const locks: Lock[] = [];
      const descriptions: LockDescription[] = [];
      let largest = 0;
      const grants: [isInOrder: boolean, what: string][] = [];
      const check = (): void => {
        const held = locks.filter(({ isHeld }) => isHeld);
        expect(new Set(held.map(({ token }) => token)).size).toBeLessThanOrEqual(1);
      };
      for (const { client, act, waitMs } of actions) {
        const redlock = clients[client]!;
        const lock = locks.findLast(({ isHeld }) => isHeld);
        const work = (async (): Promise<void> => {
          if (act === "acquire") {
            const acquired = await redlock.tryAcquire("a");
            if (acquired === null) return;
            grants.push([acquired.fence > largest, "a grant"]);
            largest = acquired.fence;
            locks.push(acquired);
          } else if (act === "attach") {
            const description = descriptions.at(-1);
            if (description === undefined) return;
            const attached = await redlock.attach(sent(description));
            attachments += 1;
            // Nobody was granted a larger token meanwhile.
            grants.push([attached.fence === largest, "an attachment"]);
            locks.push(attached);
          } else if (act === "detach") {
            if (lock !== undefined) descriptions.push(await lock.detach());
          } else if (act === "release") {
            // All that have attached one description are one holder.
            const same = locks.filter(({ token }) => token === lock?.token);
            await Promise.all(same.map((each) => each.release()));
          } else if (act === "extend") await lock?.extend();
          else {
            const instance = world.instances[client]!;
            instance.pause();
            world.clock.setTimer(waitMs, () => instance.resume(), false);
          }
        })().catch((error: unknown) => {
          if (!(error instanceof Error && "code" in error)) throw error;
        });
        for (let passed = 0; passed < waitMs; passed += 100) {
          await world.clock.advance(100);
          check();
        }
        await world.clock.advance(60);
        await work;
        check();
      }
      await Promise.all([...clients.map((client) => client.close()), world.clock.advance(5_000)]);
      expect(grants.filter(([isInOrder]) => !isInOrder)).toEqual([]);
      expect(left(world)).toEqual([]);
    }),
    { numRuns: 80 },
  );
  expect(attachments).toBeGreaterThan(50);
});
