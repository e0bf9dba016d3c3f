import { describe, expect, test } from "vitest";
import { type Lock, LockTimeoutError, type Tenant, TenantLimitError } from "../../src/index.ts";
import { withoutCounters } from "../support/lock-keys.ts";
import { settle } from "../support/virtual-clock.ts";
import { watchedWorld } from "../support/watched-world.ts";

const FOREVER = { wait: Infinity };

function watch(promise: Promise<Lock>): { lock: Lock | undefined; error: unknown } {
  const seen: { lock: Lock | undefined; error: unknown } = { lock: undefined, error: undefined };
  promise.then(
    (lock) => (seen.lock = lock),
    (error: unknown) => (seen.error = error),
  );
  return seen;
}

function createWorld(count: number, maxLocks: number) {
  const world = watchedWorld(count, { restartGuard: false });
  const { clock, instances } = world;
  const redlocks = [world.client(), world.client()];
  const tenants = redlocks.map((redlock): Tenant => redlock.tenant("acme", { maxLocks }));
  const close = async () => {
    const closed = Promise.all(redlocks.map((redlock) => redlock.close()));
    await clock.advance(100);
    await closed;
    for (const instance of instances) expect(withoutCounters(instance.keys())).toEqual([]);
  };
  return { clock, instances, redlocks, one: tenants[0]!, two: tenants[1]!, close };
}

describe.each([1, 3, 5])("on %i instances", (count) => {
  test("a tenant holds at most its limit, in all processes, and the error says that it is the limit", async () => {
    const { clock, one, two, close } = createWorld(count, 2);
    const held = [await one.mutex("a").acquire(), await two.mutex("b").acquire()];
    expect(await one.usage()).toEqual({ maxLocks: 2, held: 2 });
    await expect(two.mutex("c").tryAcquire()).rejects.toThrow(TenantLimitError);
    const waiting = watch(two.mutex("c").acquire({ wait: 500 }));
    await clock.advance(600);
    expect(waiting.error).toBeInstanceOf(TenantLimitError);
    expect(waiting.error).toMatchObject({ code: "LOCK_TENANT_LIMIT", tenant: "acme", limit: 2 });
    expect((waiting.error as TenantLimitError).waited).toBeGreaterThanOrEqual(500);
    for (const lock of held) expect(await lock.release()).toBe(true);
    expect(await one.usage()).toEqual({ maxLocks: 2, held: 0 });
    await close();
  });

  test("a held name is a timeout, not the limit, and costs no place under it", async () => {
    const { clock, one, two, close } = createWorld(count, 2);
    const held = await one.mutex("a").acquire();
    expect(await two.mutex("a").tryAcquire()).toBeNull();
    const waiting = watch(two.mutex("a").acquire({ wait: 500 }));
    await clock.advance(200);
    expect(await one.usage()).toEqual({ maxLocks: 2, held: 1 });
    const other = await two.mutex("b").acquire();
    await clock.advance(400);
    expect(waiting.error).toBeInstanceOf(LockTimeoutError);
    expect(waiting.error).toMatchObject({ holder: { token: held.token } });
    await held.release();
    await other.release();
    await close();
  });

  test("a caller that the limit keeps out, and one that a holder keeps out, are woken by the release", async () => {
    const { one, two, close } = createWorld(count, 1);
    const held = await one.mutex("a").acquire();
    const other = watch(two.mutex("b").acquire(FOREVER));
    await settle();
    expect(other.lock).toBeUndefined();
    await held.release();
    await settle();
    expect(other.lock?.isHeld).toBe(true);
    const same = watch(one.mutex("b").acquire(FOREVER));
    await settle();
    expect(same.lock).toBeUndefined();
    await other.lock!.release();
    await settle();
    expect(same.lock!.fence).toBeGreaterThan(other.lock!.fence);
    await same.lock!.release();
    await close();
  });

  test("the locks of a process that dies, and their places, are free at the end of their ttl", async () => {
    const { clock, redlocks, one, two } = createWorld(count, 1);
    await one.mutex("a").acquire({ ttl: 1_000, autoExtend: false });
    const waiting = watch(two.mutex("b").acquire({ wait: 5_000 }));
    await clock.advance(900);
    expect(waiting.lock).toBeUndefined();
    await clock.advance(400);
    expect(waiting.lock?.isHeld).toBe(true);
    await waiting.lock!.release();
    await Promise.all(redlocks.map((redlock) => redlock.close()));
  });

  test("a lock and its place are extended together", async () => {
    const { clock, one, two, close } = createWorld(count, 1);
    const held = await one.mutex("a").acquire({ ttl: 1_000 });
    await clock.advance(5_000);
    expect(held.isHeld).toBe(true);
    await expect(two.mutex("b").tryAcquire()).rejects.toThrow(TenantLimitError);
    await held.release();
    await close();
  });

  test("every kind of lock counts, and works as outside", async () => {
    const { one, two, close } = createWorld(count, 4);
    const { read, write } = one.readWrite("doc");
    const readers = [await read.acquire(), await two.readWrite("doc").read.acquire()];
    expect(await write.tryAcquire()).toBeNull();
    const node = await one.hierarchy("eu", "users", "7").acquire();
    expect(await two.hierarchy("eu").tryAcquire()).toBeNull();
    const permit = await two.semaphore("jobs", { permits: 3 }).acquire({ permits: 2 });
    expect(permit.slots).toHaveLength(2);
    expect(await one.usage()).toEqual({ maxLocks: 4, held: 4 });
    await expect(one.modes([{ name: "x", mode: "S" }]).tryAcquire()).rejects.toThrow(TenantLimitError);
    await node.release();
    const both = await one
      .modes([
        { name: "x", mode: "X" },
        { name: "y", mode: "S" },
      ])
      .acquire();
    await both.release();
    await readers.pop()!.release();
    const fair = await one.fair("turn", { priority: 3 }).acquire();
    expect(await two.mutex("turn").tryAcquire()).toBeNull();
    await fair.release();
    const shard = await one.sharded("cart", { shards: 8 }).for("customer:1").acquire();
    await shard.release();
    for (const lock of [...readers, permit]) await lock.release();
    expect(await two.usage()).toEqual({ maxLocks: 4, held: 0 });
    await close();
  });

  test("a conversion keeps the place under the limit", async () => {
    const { one, two, close } = createWorld(count, 1);
    const reader = await one.readWrite("doc").read.acquire();
    const writer = await reader.upgrade();
    await expect(two.mutex("b").tryAcquire()).rejects.toThrow(TenantLimitError);
    const again = await writer.downgrade();
    await expect(two.mutex("b").tryAcquire()).rejects.toThrow(TenantLimitError);
    await again.release();
    const next = await two.mutex("b").acquire();
    await next.release();
    await close();
  });

  test("an upgrade that is refused keeps its place under the limit, at every instance", async () => {
    const { one, two, close } = createWorld(count, 2);
    const readers = [await one.readWrite("doc").read.acquire(), await two.readWrite("doc").read.acquire()];
    // The other caller comes between the upgrade and its end.
    const [upgraded, other] = await Promise.allSettled([readers[0]!.upgrade(), two.mutex("b").tryAcquire()]);
    expect(upgraded).toMatchObject({ reason: { code: "LOCK_UPGRADE" } });
    expect(other).toMatchObject({ reason: { code: "LOCK_TENANT_LIMIT" } });
    expect(await one.usage()).toEqual({ maxLocks: 2, held: 2 });
    for (const reader of readers) expect(await reader.release()).toBe(true);
    await close();
  });

  test("the limit can be changed for all processes, and holders above it keep their locks", async () => {
    const { one, two, close } = createWorld(count, 3);
    const held = [await one.mutex("a").acquire(), await one.mutex("b").acquire()];
    await two.setMaxLocks(1);
    expect(held.every(({ isHeld }) => isHeld)).toBe(true);
    await expect(one.mutex("c").tryAcquire()).rejects.toThrow(TenantLimitError);
    for (const lock of held) await lock.release();
    const only = await one.mutex("c").acquire();
    await expect(two.mutex("d").tryAcquire()).rejects.toThrow(TenantLimitError);
    await two.setMaxLocks(2);
    const second = await one.mutex("d").acquire();
    expect(await two.usage()).toEqual({ maxLocks: 2, held: 2 });
    for (const lock of [only, second]) await lock.release();
    await close();
  });

  test("tenants do not see each other, nor the locks outside", async () => {
    const { redlocks, one, close } = createWorld(count, 1);
    const [redlock] = redlocks;
    const locks = [
      await one.mutex("report").acquire(),
      await redlock!.tenant("beta", { maxLocks: 1 }).mutex("report").acquire(),
      await redlock!.acquire("report"),
      await redlock!.tenant("acme/n", { maxLocks: 1 }).mutex("report").acquire(),
    ];
    expect(new Set(locks.flatMap(({ names }) => names)).size).toBe(4);
    for (const lock of locks) await lock.release();
    await close();
  });
});

test("a lock of a tenant costs one request for each instance, and so does its release", async () => {
  const world = watchedWorld(3);
  const redlock = world.client();
  const acme = redlock.tenant("acme", { maxLocks: 10 });
  await acme.mutex("warm").using(() => undefined);
  await settle();
  for (const instance of world.instances) instance.operations.length = 0;
  await (await acme.hierarchy("eu", "users").acquire()).release();
  await settle();
  for (const { operations } of world.instances)
    expect(operations).toEqual(["quota.acquire", "quota.release"]);
  await redlock.close();
});

test("many callers of two processes never hold more than the limit, and all are served", async () => {
  const { clock, one, two, close } = createWorld(3, 3);
  let held = 0;
  let most = 0;
  const callers = Array.from({ length: 40 }, async (_, index) => {
    const tenant = index % 2 === 0 ? one : two;
    await tenant.mutex(`name:${index % 7}`).using(FOREVER, async (_lock) => {
      held += 1;
      most = Math.max(most, held);
      await new Promise<void>((resolve) => clock.setTimer(5, resolve, true));
      held -= 1;
    });
  });
  await clock.advance(20_000);
  await Promise.all(callers);
  expect(most).toBe(3);
  await close();
});

test.each([
  ["maxLocks", { maxLocks: 0 }],
  ["maxLocks", { maxLocks: 1.5 }],
  ["maxLocks", { maxLocks: 10_001 }],
  ["maxLocks", { maxLocks: "9" }],
  ["maxLocks", {}],
  ["limit", { maxLocks: 1, limit: 2 }],
])("a bad %s is an error that names it", (field, options) => {
  const redlock = watchedWorld(1).client();
  expect(() => redlock.tenant("acme", options as never)).toThrow(new RegExp(field));
});

test("a bad id or name is an error, and leaves nothing behind", async () => {
  const world = watchedWorld(1);
  const redlock = world.client();
  for (const id of ["", "a{b", "a}b"]) expect(() => redlock.tenant(id, { maxLocks: 1 })).toThrow(RangeError);
  expect(() => redlock.tenant(7 as never, { maxLocks: 1 })).toThrow(TypeError);
  const acme = redlock.tenant("acme", { maxLocks: 1 });
  expect(() => acme.mutex("")).toThrow(RangeError);
  expect(() => acme.mutex([])).toThrow(RangeError);
  expect(() => acme.hierarchy("a/b")).toThrow(RangeError);
  await expect(acme.setMaxLocks(0)).rejects.toThrow(RangeError);
  await redlock.close();
  for (const instance of world.instances) expect(withoutCounters(instance.keys())).toEqual([]);
});
