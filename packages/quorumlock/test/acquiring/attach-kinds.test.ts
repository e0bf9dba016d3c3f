import { describe, expect, test } from "vitest";
import {
  type Lock,
  type Lockable,
  type LockDescription,
  type PermitLock,
  type ReadLock,
  type Redlock,
  type Tenant,
  type WriteLock,
} from "../../src/index.ts";
import { withoutCounters } from "../support/lock-keys.ts";
import { rejection } from "../support/timing.ts";
import { settle } from "../support/virtual-clock.ts";
import { type WatchedWorld, watchedWorld } from "../support/watched-world.ts";

type Source = Redlock | Tenant;

/** For each kind: how a lock of it is acquired, what excludes it, and what its description has. */
interface Case {
  readonly kind: string;
  readonly acquire: (source: Source) => Promise<Lock>;
  readonly rival: (source: Source) => Lockable;
  readonly described: Readonly<Record<string, unknown>>;
  /** Fields of the description that are wrong about the lock. */
  readonly wrong: readonly (readonly [field: string, value: unknown])[];
}

const CASES: Readonly<Record<string, Case>> = {
  "a read lock": {
    kind: "read",
    acquire: (source) => source.readWrite("doc").read.acquire(),
    rival: (source) => source.readWrite("doc").write,
    described: {},
    wrong: [["kind", "write"]],
  },
  "a write lock": {
    kind: "write",
    acquire: (source) => source.readWrite("doc").write.acquire(),
    rival: (source) => source.readWrite("doc").read,
    described: {},
    wrong: [["kind", "read"]],
  },
  "a lock on a node of a tree": {
    kind: "modes",
    acquire: (source) => source.hierarchy("acme", "orders", "42").acquire(),
    rival: (source) => source.hierarchy("acme", "orders").shared,
    described: { modes: ["IX", "IX", "X"] },
    wrong: [
      ["modes", ["IX", "X", "X"]],
      ["modes", ["IX", "IX", "S"]],
    ],
  },
  "a shared lock on a node of a tree": {
    kind: "modes",
    acquire: (source) => source.hierarchy("acme", "orders").shared.acquire(),
    rival: (source) => source.hierarchy("acme", "orders", "42"),
    described: { modes: ["IS", "S"] },
    wrong: [["modes", ["IS", "X"]]],
  },
  "a lock on several names in modes": {
    kind: "modes",
    acquire: (source) =>
      source.modes([{ name: "to", mode: "X" }, { name: "rates", mode: "S" }, { name: "tree", mode: "SIX" }]).acquire(), // prettier-ignore
    rival: (source) => source.modes([{ name: "rates", mode: "X" }]),
    described: { modes: ["S", "X", "SIX"] },
    wrong: [["modes", ["S", "X", "X"]]],
  },
  "a fair lock": {
    kind: "fair",
    acquire: (source) => source.fair("turn").acquire(),
    rival: (source) => source.fair("turn"),
    described: {},
    wrong: [["kind", "read"]],
  },
  "permits of a semaphore": {
    kind: "semaphore",
    acquire: (source) => source.semaphore("jobs", { permits: 3 }).acquire({ permits: 3 }),
    rival: (source) => source.semaphore("jobs", { permits: 3 }),
    described: { permits: 3 },
    wrong: [
      ["slots", [0, 1]],
      ["slots", [0, 1, 2, 3]],
      ["slots", [7, 8, 9]],
    ],
  },
};

const TENANT: unknown = { id: "acme", maxLocks: 2, slot: expect.any(Number) };

function sent<D extends LockDescription>(description: D): D {
  return JSON.parse(JSON.stringify(description)) as D;
}

function left({ instances }: WatchedWorld): readonly string[] {
  return withoutCounters(instances.flatMap((instance) => instance.keys()));
}

/** The values and the expiries of all keys that belong to locks. */
function locksOf({ instances }: WatchedWorld): unknown {
  return instances.map((instance) =>
    withoutCounters(instance.keys())
      .toSorted()
      .map((key) => [key, instance.remaining(key)]),
  );
}

const SOURCES: Readonly<Record<string, (redlock: Redlock) => Source>> = {
  "": (redlock) => redlock,
  " of a tenant": (redlock) => redlock.tenant("acme", { maxLocks: 2 }),
};

describe.each(
  Object.entries(CASES).flatMap(([what, each]) =>
    Object.entries(SOURCES).map(([whose, sourceOf]) => [what + whose, each, sourceOf, whose !== ""] as const),
  ),
)("%s", (_, { kind, acquire, rival, described, wrong }, sourceOf, hasTenant) => {
  async function detached() {
    const world = watchedWorld();
    const [one, two] = [world.client({ owner: "one" }), world.client({ owner: "two" })];
    const lock = await acquire(sourceOf(one));
    return { world, one, two, lock, description: sent(await lock.detach()) };
  }

  test("is described by its kind and what it holds", async () => {
    const { lock, description } = await detached();
    const { slots } = lock as Partial<PermitLock>;
    expect(description).toEqual({
      version: 1,
      kind,
      names: lock.names,
      token: lock.token,
      fence: lock.fence,
      ttl: 10_000,
      remaining: 10_000 - 102,
      ...described,
      ...(slots === undefined ? {} : { slots }),
      ...(hasTenant ? { tenant: TENANT } : {}),
    });
  });

  test("passes on with its token, its fencing token and what it holds, extends itself, and leaves nothing", async () => {
    const { world, one, two, lock, description } = await detached();
    await world.clock.advance(6_000);
    const attached = await two.attach(description);
    const shown = (each: Lock): unknown => ({
      names: each.names,
      token: each.token,
      fence: each.fence,
      ttl: each.ttl,
      slots: (each as Partial<PermitLock>).slots,
    });
    expect(shown(attached)).toEqual(shown(lock));
    expect([attached.isHeld, attached.remaining(), lock.isHeld]).toEqual([true, 10_000 - 102, false]);
    await world.clock.advance(50_000);
    expect(attached.isHeld).toBe(true);
    expect(await rival(sourceOf(one)).tryAcquire()).toBeNull();
    expect((await one.tenant("acme", { maxLocks: 2 }).usage()).held).toBe(hasTenant ? 1 : 0);
    const again = await one.attach(sent(await attached.detach()));
    expect(shown(again)).toEqual(shown(lock));
    expect(await again.release()).toBe(true);
    const next = await rival(sourceOf(one)).tryAcquire();
    expect(next?.isHeld).toBe(true);
    await next!.release();
    await settle();
    await world.clock.advance(4_000);
    expect(left(world)).toEqual([]);
  });

  test("cannot be attached after it has expired, or was released, and nothing is left", async () => {
    const { world, one, two, description } = await detached();
    await (await two.attach(description)).release();
    expect(await rejection(one.attach(description))).toMatchObject({ code: "LOCK_LOST" });
    const expired = sent(await (await acquire(sourceOf(one))).detach());
    await world.clock.advance(10_001);
    expect(await rejection(two.attach(expired))).toMatchObject({ code: "LOCK_LOST" });
    await settle();
    expect(left(world)).toEqual([]);
  });

  test("is refused with a wrong description, which renews nothing and changes nothing for who has it", async () => {
    const { world, one, two, lock, description } = await detached();
    const attached = await two.attach(description, { autoExtend: false });
    await world.clock.advance(1_000);
    const before = locksOf(world);
    const names = lock.names.map((name) => `${name}x`);
    const otherTenant = { ...description.tenant, slot: 9 };
    for (const [field, value] of [
      ...wrong,
      ["names", names] as const,
      ["token", `${"9".repeat(32)}@one`] as const,
      ...(hasTenant ? [["tenant", otherTenant] as const] : []),
    ]) {
      const error = await rejection(one.attach({ ...description, [field]: value }));
      expect([field, (error as Partial<Record<string, unknown>>)["code"]]).toEqual([field, "LOCK_LOST"]);
    }
    await settle();
    expect(locksOf(world)).toEqual(before);
    expect(attached.isHeld).toBe(true);
    expect(await attached.release()).toBe(true);
  });

  test("is refused with a fencing token that was never granted", async () => {
    const { one, description } = await detached();
    const error = await rejection(one.attach({ ...description, fence: description.fence + 1_000_000 }));
    expect(String(error)).toMatch(/^RangeError: description.fence: \d+ was never granted/);
    await (await one.attach(description)).release();
  });

  test("wakes a waiter of the other process when it is released", async () => {
    const { world, one, two, description } = await detached();
    const attached = await two.attach(description);
    let isGranted = false;
    const waiting = rival(sourceOf(one))
      .acquire({ wait: Infinity })
      .then((next) => {
        isGranted = true;
        return next.release();
      });
    await world.clock.advance(200);
    expect(isGranted).toBe(false);
    const released = attached.release();
    await world.clock.advance(100);
    expect([await released, isGranted]).toEqual([true, true]);
    await waiting;
  });
});

describe("a lock that was attached", () => {
  test("as a read lock can be upgraded, and as a write lock downgraded", async () => {
    const world = watchedWorld();
    const [one, two] = [world.client(), world.client()];
    const reading = await one.readWrite("doc").read.acquire();
    const reader: ReadLock = await two.attach(sent(await reading.detach()));
    const writer: WriteLock = await reader.upgrade();
    expect(writer.fence).toBeGreaterThanOrEqual(reader.fence);
    expect(await one.readWrite("doc").read.tryAcquire()).toBeNull();
    const again: WriteLock = await one.attach(sent(await writer.detach()));
    expect([again.token, again.fence]).toEqual([writer.token, writer.fence]);
    const readable = await again.downgrade();
    const other = await two.readWrite("doc").read.tryAcquire();
    expect(other?.isHeld).toBe(true);
    await readable.release();
    await other!.release();
    await settle();
    expect(left(world)).toEqual([]);
  });

  test("as permits has slots, for the types too", async () => {
    const world = watchedWorld();
    const [one, two] = [world.client(), world.client()];
    const permits = await one.semaphore("jobs", { permits: 30 }).acquire({ permits: 12 });
    const attached: PermitLock = await two.attach(sent(await permits.detach()));
    expect(attached.slots).toEqual(permits.slots);
    expect(await two.semaphore("jobs", { permits: 30 }).query()).toMatchObject({
      holders: [{ token: permits.token, slots: permits.slots }],
      free: 18,
    });
    await attached.release();
  });

  test("beside other readers of its client shares the name with them, and a writer waits for all", async () => {
    const world = watchedWorld();
    const [one, two] = [world.client(), world.client()];
    const mine = await two.readWrite("doc").read.acquire();
    const theirs = await two.attach(sent(await (await one.readWrite("doc").read.acquire()).detach()));
    let hasWritten = false;
    const writing = two.readWrite("doc").write.using({ wait: Infinity }, () => (hasWritten = true));
    await mine.release();
    await world.clock.advance(30_000);
    expect([hasWritten, theirs.isHeld]).toEqual([false, true]);
    await theirs.release();
    await world.clock.advance(200);
    await writing;
    expect(hasWritten).toBe(true);
  });

  test("does not resize its semaphore by a changed description, and permits above a smaller number pass on", async () => {
    const world = watchedWorld();
    const [one, two] = [world.client(), world.client()];
    const jobs = one.semaphore("jobs", { permits: 3 });
    const all = await jobs.acquire({ permits: 3 });
    await two.semaphore("jobs", { permits: 3 }).resize(2);
    const attached = await two.attach({ ...sent(await all.detach()), permits: 10_000 });
    await attached.extend();
    await attached.release();
    expect(await two.semaphore("jobs", { permits: 9 }).available()).toBe(2);
  });
});

test("a reader whose time is over is not renewed, although other readers keep its member in the set", async () => {
  const world = watchedWorld();
  const [one, two] = [world.client(), world.client()];
  const lasting = await one.readWrite("doc").read.acquire({ ttl: 60_000 });
  const description = sent(await (await one.readWrite("doc").read.acquire({ ttl: 2_000 })).detach());
  await world.clock.advance(2_001);
  expect(await rejection(two.attach(description))).toMatchObject({ code: "LOCK_LOST" });
  await lasting.release();
});

test("permits whose time is over are not renewed, although other permits keep the semaphore", async () => {
  const world = watchedWorld();
  const [one, two] = [world.client(), world.client()];
  const jobs = one.semaphore("jobs", { permits: 3 });
  const description = sent(await (await jobs.acquire({ ttl: 2_000 })).detach());
  const lasting = await jobs.acquire({ ttl: 60_000 });
  await world.clock.advance(2_001);
  expect(await rejection(two.attach(description))).toMatchObject({ code: "LOCK_LOST" });
  await lasting.release();
});

test("a fair lock that is detached leaves the line, so that its place keeps nobody out", async () => {
  const world = watchedWorld();
  const [one, two] = [world.client(), world.client()];
  const first = await two.fair("turn").acquire();
  const waiting = one.fair("turn").acquire({ wait: Infinity });
  await world.clock.advance(100);
  // It has no place in the line of fair callers.
  const plain = rejection(one.acquire("turn", { wait: 1_000 }));
  const releasing = first.release();
  await world.clock.advance(100);
  await releasing;
  const description = sent(await (await waiting).detach());
  await settle();
  const lines = world.instances
    .flatMap((instance) => instance.keys())
    .filter((key) => key.includes("~line:"));
  expect(lines).toEqual([]);
  const attached = await two.attach(description);
  await world.clock.advance(1_000);
  expect(await plain).toMatchObject({ code: "LOCK_TIMEOUT" });
  await attached.release();
});
