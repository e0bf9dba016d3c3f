import { describe, expect, test } from "vitest";
import { LockLostError, LockReleasedError, LockUpgradeError, QuorumError } from "../../src/index.ts";
import { keySpaceOf } from "../../src/operations/keys.ts";
import { withoutCounters } from "../support/lock-keys.ts";
import { settle } from "../support/virtual-clock.ts";
import { watchedWorld } from "../support/watched-world.ts";
import { advanceDuring } from "../support/world.ts";

async function rejection(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe.each([1, 3, 5])("on %i instances", (count) => {
  const createWorld = () => {
    const world = watchedWorld(count, { restartGuard: false, requestTimeout: 100 });
    const { clock, instances } = world;
    const redlocks = [world.client(), world.client(), world.client()];
    const rw = (index: number) => redlocks[index]!.readWrite("doc");
    const close = async () => {
      const closed = Promise.all(redlocks.map((redlock) => redlock.close()));
      await clock.advance(200);
      await closed;
      for (const instance of instances) expect(withoutCounters(instance.keys())).toEqual([]);
    };
    return { clock, instances, rw, close };
  };

  test("a downgrade lets readers in, also those that wait, and no writer", async () => {
    const { instances, rw, close } = createWorld();
    const write = await rw(0).write.acquire();
    const here = rw(0).read.acquire({ wait: Infinity });
    await settle();
    const there = rw(1).read.acquire({ wait: Infinity });
    await settle();
    for (const instance of instances) instance.operations.length = 0;
    const downgrading = write.downgrade();
    // Readers may hold the lock as soon as the request has arrived.
    expect([write.isHeld, write.signal.aborted]).toEqual([false, false]);
    const read = await downgrading;
    for (const instance of instances) expect(instance.operations[0]).toBe("modes.extend");
    expect([write.isHeld, write.remaining(), write.signal.aborted, read.isHeld]).toEqual([
      false,
      0,
      false,
      true,
    ]);
    expect(read.fence).toBe(write.fence);
    expect(read.token).not.toBe(write.token);
    expect(read.signal).toBe(write.signal);
    expect(await write.release()).toBe(false);
    const others = [await here, await there];
    expect(await rw(1).write.tryAcquire()).toBeNull();
    const writer = rw(2).write.acquire({ wait: Infinity });
    await settle();
    for (const lock of [...others, read]) expect(await lock.release()).toBe(true);
    await settle();
    await (await writer).release();
    await close();
  });

  test("the only reader upgrades in one round, with a larger fencing token", async () => {
    const { instances, rw, close } = createWorld();
    const read = await rw(0).read.acquire();
    for (const instance of instances) instance.operations.length = 0;
    const write = await read.upgrade();
    for (const instance of instances) expect(instance.operations).toEqual(["modes.convert"]);
    expect([read.isHeld, write.isHeld]).toEqual([false, true]);
    expect(write.fence).toBeGreaterThan(read.fence);
    expect(await rw(1).read.tryAcquire()).toBeNull();
    expect(await rw(0).read.tryAcquire()).toBeNull();
    const again = await write.downgrade();
    await (await again.upgrade()).release();
    await close();
  });

  test("two readers that upgrade are refused at once, and both keep reading", async () => {
    const { rw, close } = createWorld();
    const readers = [await rw(0).read.acquire(), await rw(1).read.acquire()];
    const errors = await Promise.all(readers.map((reader) => rejection(reader.upgrade())));
    expect(errors.every((error) => error instanceof LockUpgradeError)).toBe(true);
    expect((errors[0] as LockUpgradeError).code).toBe("LOCK_UPGRADE");
    expect((errors[0] as LockUpgradeError).holder?.token).toMatch(/^[0-9a-f]{32}@/);
    expect(readers.map(({ isHeld }) => isHeld)).toEqual([true, true]);
    for (const reader of readers) await reader.release();
    await close();
  });

  test("a refused upgrade keeps the share, and it can be extended and released as before", async () => {
    const { clock, instances, rw, close } = createWorld();
    const read = await rw(0).read.acquire({ ttl: 1_000, autoExtend: true });
    const other = await rw(1).read.acquire({ ttl: 20_000 });
    for (let turn = 0; turn < 12; turn += 1)
      expect(await rejection(read.upgrade())).toBeInstanceOf(LockUpgradeError);
    await clock.advance(10_000);
    expect(read.isHeld).toBe(true);
    await other.release();
    expect(await rw(1).write.tryAcquire()).toBeNull();
    for (const instance of instances) {
      const [shared] = keySpaceOf("lock:").beside("doc", ["shared"]);
      expect(instance.keys()).toContain(shared);
    }
    expect(await read.release()).toBe(true);
    await (await rw(1).write.acquire()).release();
    await close();
  });

  test("an upgrade without a quorum keeps the share until its lease ends", async () => {
    const { clock, instances, rw, close } = createWorld();
    const read = await rw(0).read.acquire({ ttl: 5_000, autoExtend: false });
    const down = instances.slice(0, Math.ceil((count + 1) / 2));
    for (const instance of down) instance.pause();
    const error = await advanceDuring(clock, 300, rejection(read.upgrade()));
    expect(error).toBeInstanceOf(QuorumError);
    expect(read.isHeld).toBe(true);
    for (const instance of down) instance.resume();
    await settle();
    // Members that answer late have voted for the writer. The next extension makes votes for the share of them again.
    await read.extend();
    await settle();
    const other = await rw(1).read.acquire();
    expect(await rw(1).write.tryAcquire()).toBeNull();
    await other.release();
    expect(await read.release()).toBe(true);
    await (await rw(1).write.acquire()).release();
    await close();
  });

  test("a downgrade without a quorum is a read lock until the old lease ends", async () => {
    const { clock, instances, rw, close } = createWorld();
    const write = await rw(0).write.acquire({ ttl: 5_000, autoExtend: false });
    for (const instance of instances) instance.pause();
    const read = await advanceDuring(clock, 300, write.downgrade());
    expect([write.isHeld, read.isHeld]).toEqual([false, true]);
    expect(read.remaining()).toBeLessThan(4_800);
    for (const instance of instances) instance.resume();
    await settle();
    expect(await rw(1).write.tryAcquire()).toBeNull();
    await read.extend();
    const other = await rw(1).read.acquire();
    await other.release();
    await read.release();
    await (await rw(1).write.acquire()).release();
    await close();
  });

  test("`using` releases what the routine converted to, and its signal aborts with that", async () => {
    const { clock, instances, rw, close } = createWorld();
    await rw(0).write.using(async (lock) => {
      await lock.downgrade();
    });
    await (await rw(1).write.acquire()).release();
    const lost = rw(0).read.using({ ttl: 1_000 }, async (lock, signal) => {
      const write = await lock.upgrade();
      for (const instance of instances) instance.delete("lock:doc");
      const plain = rw(1).write.acquire({ ttl: 60_000 });
      await plain;
      await expect(write.extend()).rejects.toThrow(LockLostError);
      expect(signal.aborted).toBe(true);
    });
    expect(await advanceDuring(clock, 500, rejection(lost))).toBeInstanceOf(LockLostError);
    await close();
  });

  test("a release during a conversion releases its result", async () => {
    const { rw, close } = createWorld();
    const write = await rw(0).write.acquire();
    const converted = write.downgrade();
    expect(await write.release()).toBe(true);
    expect((await converted).isHeld).toBe(false);
    await (await rw(1).write.acquire()).release();
    await close();
  });

  test("a lock that is over or lost is not converted", async () => {
    const { clock, instances, rw, close } = createWorld();
    const write = await rw(0).write.acquire({ ttl: 1_000, autoExtend: false });
    const read = await write.downgrade();
    expect(await rejection(write.downgrade())).toBeInstanceOf(LockReleasedError);
    await clock.advance(1_000);
    for (const instance of instances) instance.operations.length = 0;
    expect(await rejection(read.upgrade())).toBeInstanceOf(LockLostError);
    for (const instance of instances) expect(instance.operations).not.toContain("modes.convert");
    await clock.advance(1_000);
    const released = await rw(0).read.acquire();
    await released.release();
    expect(await rejection(released.upgrade())).toBeInstanceOf(LockReleasedError);
    await close();
  });
});
