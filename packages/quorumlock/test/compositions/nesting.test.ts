import { describe, expect, test } from "vitest";
import {
  type AcquireOptions,
  type Lockable,
  pool,
  sharded,
  when,
  type WhenOptions,
} from "../../src/index.ts";
import { findingsOf } from "../support/findings.ts";
import { rejection } from "../support/timing.ts";
import { settle } from "../support/virtual-clock.ts";
import { advanceDuring, world } from "../support/world.ts";

/** A condition that becomes true by `open`. */
function gate(): { isOpen: () => boolean; options: WhenOptions; open(): void } {
  let isOpen = false;
  const listeners = new Set<() => void>();
  return {
    isOpen: () => isOpen,
    options: {
      changed(notify) {
        listeners.add(notify);
        return () => void listeners.delete(notify);
      },
    },
    open() {
      isOpen = true;
      for (const notify of listeners) notify();
    },
  };
}

test("a condition for the lock of a key", async () => {
  const { redlock } = world();
  const users = sharded(redlock, "users", { shards: 8 });
  const door = gate();
  const waiting = when(users.for("user-1"), door.isOpen, door.options).using((lock) => lock.names);
  await settle();
  expect(await users.for("user-1").tryUsing(() => "free")).toEqual({ acquired: true, value: "free" });
  door.open();
  expect(await waiting).toEqual([`users:shard:${users.shardOf("user-1")}`]);
});

test("a condition around a pool waits without a place, a pool around a condition with one", async () => {
  const { redlock } = world();
  const locks = pool(redlock, { size: 1 });
  const [outer, inner] = [gate(), gate()];
  const without = when(locks.mutex("a"), outer.isOpen, outer.options).acquire();
  await settle();
  expect(locks.stats()).toMatchObject({ inUse: 0 });
  const withPlace = locks.for(when(redlock.mutex("b"), inner.isOpen, inner.options)).acquire();
  await settle();
  expect(locks.stats()).toMatchObject({ inUse: 1 });
  inner.open();
  const second = await withPlace;
  outer.open();
  await settle();
  expect(locks.stats()).toMatchObject({ inUse: 1, waiting: 1 });
  await second.release();
  await (await without).release();
  expect(locks.stats()).toMatchObject({ inUse: 0, waiting: 0 });
});

test("a refusal under the lock of a pool frees the place", async () => {
  const { clock, redlock } = world();
  const locks = pool(redlock, { size: 1 });
  const door = gate();
  const refusing = when(locks.mutex("a"), (lock) => lock === undefined || door.isOpen(), door.options);
  expect(await refusing.tryAcquire()).toBeNull();
  expect(await refusing.tryUsing(() => 1)).toEqual({ acquired: false });
  const waiting = rejection(refusing.acquire({ wait: 500 }));
  await settle();
  expect(locks.stats()).toMatchObject({ inUse: 0, waiting: 0 });
  expect(await advanceDuring(clock, 500, waiting)).toMatchObject({ code: "LOCK_CONDITION", names: ["a"] });
});

test("a refusal of one condition is not a refusal of the condition inside", async () => {
  const { redlock } = world();
  let checks = 0;
  const inner = when(redlock.mutex("a"), () => (checks += 1) > 0, { changed: () => () => undefined });
  const outer = when(inner, (lock) => lock === undefined);
  expect(await outer.tryUsing(() => 1)).toEqual({ acquired: false });
  expect(await rejection(outer.using(() => 1))).toMatchObject({ code: "LOCK_CONDITION" });
  expect(await outer.tryAcquire()).toBeNull();
  expect(checks).toBe(6);
  expect(await when(inner, () => true).using(() => undefined)).toBeUndefined();
});

test("three layers have one `wait`, one signal, and one client that closes", async () => {
  const { clock, redlock } = world();
  const nest = (): { lockable: Lockable; open(): void } => {
    const door = gate();
    const users = sharded(pool(redlock, { size: 1 }), "users", { shards: 2 });
    return {
      lockable: pool(redlock, { size: 2 }).for(when(users.all(), door.isOpen, door.options)),
      open: () => door.open(),
    };
  };
  const [first, second, third] = [nest(), nest(), nest()];
  const timedOut = rejection(first.lockable.acquire({ wait: 700 }));
  expect(await advanceDuring(clock, 700, timedOut)).toMatchObject({ code: "LOCK_CONDITION", waited: 700 });
  const controller = new AbortController();
  const aborted = rejection(second.lockable.using({ signal: controller.signal }, () => 1));
  await settle();
  controller.abort();
  expect(await aborted).toMatchObject({ code: "LOCK_ABORTED" });
  const granted = second.lockable.using((lock) => lock.names);
  second.open();
  expect(await granted).toEqual(["users:shard:0", "users:shard:1"]);
  const closed = rejection(third.lockable.acquire({ wait: Infinity }));
  await settle();
  await redlock.close();
  expect(await closed).toMatchObject({ code: "LOCK_CLOSED" });
  expect(clock.keepAliveTimers).toBe(0);
});

test("a query reads the lock inside", async () => {
  const { redlock } = world();
  const users = sharded(redlock, "users", { shards: 2 });
  const layers = pool(redlock, { size: 1 }).for(when(users.all(), () => false));
  expect(await layers.query()).toMatchObject({ isHeld: false, names: ["users:shard:0", "users:shard:1"] });
  const lock = await users.all().acquire();
  expect(await layers.query()).toMatchObject({ isHeld: true, holders: [{ token: lock.token }] });
});

test("with diagnostics, a lock that the context holds is reported through all layers", async () => {
  const { redlock, clock } = world(3, { diagnostics: true });
  const locks = pool(redlock, { size: 4 });
  const layers = when(locks.mutex("a"), () => true);
  await layers.using(async () => {
    expect(await rejection(layers.acquire())).toMatchObject({ code: "LOCK_REENTRANT" });
    expect(await rejection(layers.using(() => 1))).toMatchObject({ code: "LOCK_REENTRANT" });
  });
  const findings = findingsOf(redlock);
  const lock = await locks.mutex("a").acquire();
  expect(await layers.tryAcquire()).toBeNull();
  const again = layers.acquire();
  await clock.advance(1_000);
  expect(findings.map(({ id, names }) => [id, names])).toEqual([["reentrant", ["a"]]]);
  await lock.release();
  await (await again).release();
  expect(locks.stats()).toMatchObject({ inUse: 0 });
});

describe("a lockable of another make", () => {
  test("is called with its own options, and with the rest of `wait`", async () => {
    const { redlock } = world();
    const calls: (AcquireOptions | undefined)[] = [];
    const target = redlock.mutex("a");
    const foreign = {
      name: "foreign",
      acquire: (options) => (calls.push(options), target.acquire()),
      tryAcquire: (options) => (calls.push(options), target.tryAcquire()),
    } as Lockable;
    const lockable = when(foreign, () => Promise.resolve(true));
    expect(lockable.name).toBe("foreign");
    // A default wait is left to the lockable, because it may last longer.
    await (await lockable.acquire()).release();
    await (await lockable.acquire({ ttl: 3_000 })).release();
    await (await lockable.acquire({ wait: Infinity })).release();
    expect(calls).toEqual([undefined, { ttl: 3_000 }, { wait: Infinity }]);
    expect(await rejection(when(foreign, () => false).acquire({ wait: 0 }))).toMatchObject({
      names: ["foreign"],
    });
    expect(await rejection(lockable.acquire({ wait: -1 }))).toBeInstanceOf(RangeError);
  });
});
