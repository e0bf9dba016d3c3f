import { describe, expect, test } from "vitest";
import {
  type Lock,
  LockKindError,
  LockTimeoutError,
  type PermitLock,
  type Semaphore,
} from "../../src/index.ts";
import { keySpaceOf } from "../../src/operations/keys.ts";
import { changedSizeOn } from "../support/changed-size.ts";
import { withoutCounters } from "../support/lock-keys.ts";
import { settle } from "../support/virtual-clock.ts";
import { watchedWorld } from "../support/watched-world.ts";

const FOREVER = { wait: Infinity };

/** Notes when a lock is granted. */
function watch(promise: Promise<PermitLock>): { lock: PermitLock | undefined } {
  const seen: { lock: PermitLock | undefined } = { lock: undefined };
  void promise.then((lock) => (seen.lock = lock));
  return seen;
}

describe.each([1, 3, 4, 5])("on %i instances", (count) => {
  const createWorld = (permits: number, clients = 2) => {
    const world = watchedWorld(count, { restartGuard: false });
    const { clock, instances } = world;
    const redlocks = Array.from({ length: clients }, () => world.client());
    const semaphores = redlocks.map((redlock): Semaphore => redlock.semaphore("pool", { permits }));
    const close = async () => {
      const closed = Promise.all(redlocks.map((redlock) => redlock.close()));
      await clock.advance(100);
      await closed;
      for (const instance of instances) expect(withoutCounters(instance.keys())).toEqual([]);
    };
    return { clock, instances, redlocks, semaphores, close };
  };

  test("as many callers hold it as it has permits, in all processes, each with another slot", async () => {
    const { semaphores, close } = createWorld(3);
    const [one, two] = semaphores as [Semaphore, Semaphore];
    expect(await one.available()).toBe(3);
    const held = [await one.acquire(), await two.acquire(), await two.acquire()];
    expect(held.flatMap(({ slots }) => slots).toSorted((a, b) => a - b)).toEqual([0, 1, 2]);
    expect(await one.tryAcquire()).toBeNull();
    expect(await two.available()).toBe(0);
    const waiting = watch(one.acquire(FOREVER));
    await settle();
    expect(waiting.lock).toBeUndefined();
    await held[1]!.release();
    await settle();
    expect(waiting.lock?.slots).toEqual(held[1]!.slots);
    expect(waiting.lock!.fence).toBeGreaterThan(held[1]!.fence);
    for (const lock of [held[0]!, held[2]!, waiting.lock!]) expect(await lock.release()).toBe(true);
    expect(await one.available()).toBe(3);
    await close();
  });

  test("several permits: all or nothing", async () => {
    const { semaphores, close } = createWorld(5);
    const [one, two] = semaphores as [Semaphore, Semaphore];
    const four = await one.acquire({ permits: 4 });
    expect(four.slots).toHaveLength(4);
    expect(await two.tryAcquire({ permits: 2 })).toBeNull();
    const last = await two.acquire({ permits: 1 });
    const three = watch(two.acquire({ permits: 3, ...FOREVER }));
    await settle();
    await last.release();
    await settle();
    expect(three.lock).toBeUndefined();
    await four.release();
    await settle();
    expect(three.lock?.slots).toHaveLength(3);
    await three.lock!.release();
    await close();
  });

  test("a large claim at the head of the line is not overtaken by small ones", async () => {
    const { clock, semaphores, close } = createWorld(4, 3);
    const holders = await Promise.all(Array.from({ length: 4 }, () => semaphores[0]!.acquire()));
    const large = watch(semaphores[1]!.acquire({ permits: 3, ...FOREVER }));
    await clock.advance(20);
    const small = Array.from({ length: 3 }, () => watch(semaphores[2]!.acquire(FOREVER)));
    await clock.advance(20);
    await holders[0]!.release();
    await holders[1]!.release();
    await clock.advance(20);
    expect(await semaphores[2]!.tryAcquire()).toBeNull();
    await clock.advance(1_500);
    expect([large.lock, ...small.map(({ lock }) => lock)]).toEqual(Array(4).fill(undefined));
    await holders[2]!.release();
    await clock.advance(20);
    expect(large.lock?.slots).toHaveLength(3);
    await holders[3]!.release();
    await clock.advance(20);
    expect(small.filter(({ lock }) => lock !== undefined)).toHaveLength(1);
    await large.lock!.release();
    await clock.advance(20);
    expect(small.filter(({ lock }) => lock !== undefined)).toHaveLength(3);
    for (const { lock } of small) await lock!.release();
    await close();
  });

  test("the permits of a holder that died are free at the end of its ttl", async () => {
    const { clock, semaphores, close } = createWorld(2);
    const dead = await semaphores[0]!.acquire({ ttl: 1_000, autoExtend: false, permits: 2 });
    const waiting = watch(semaphores[1]!.acquire(FOREVER));
    await clock.advance(900);
    expect([dead.isHeld, waiting.lock]).toEqual([true, undefined]);
    await clock.advance(200);
    expect(waiting.lock?.isHeld).toBe(true);
    await waiting.lock!.release();
    await close();
  });

  test("never more callers than permits, whatever the load", async () => {
    const { clock, semaphores, close } = createWorld(5, 4);
    const inside = new Set<number>();
    let [most, visits] = [0, 0];
    const fences = new Map<number, number>();
    const work = semaphores.flatMap((semaphore) =>
      Array.from({ length: 10 }, async () => {
        for (let turn = 0; turn < 4; turn += 1) {
          await semaphore.using(FOREVER, async ({ slots, fence }) => {
            for (const slot of slots) {
              expect(inside.has(slot)).toBe(false);
              expect(fence).toBeGreaterThan(fences.get(slot) ?? 0);
              fences.set(slot, fence);
              inside.add(slot);
            }
            most = Math.max(most, inside.size);
            visits += 1;
            await new Promise<void>((resolve) => clock.setTimer(5, resolve, true));
            for (const slot of slots) inside.delete(slot);
          });
        }
      }),
    );
    for (let turn = 0; turn < 120; turn += 1) await clock.advance(5);
    await clock.advance(20);
    await Promise.all(work);
    expect([visits, most]).toEqual([160, 5]);
    await close();
  });

  test("a plain lock on the name excludes permits, and permits exclude it", async () => {
    const { redlocks, semaphores, instances, clock, close } = createWorld(2);
    const plain = await redlocks[0]!.acquire("pool");
    expect(await semaphores[1]!.tryAcquire()).toBeNull();
    const waiting = watch(semaphores[1]!.acquire(FOREVER));
    await settle();
    expect(await semaphores[0]!.available()).toBe(0);
    await plain.release();
    await clock.advance(20);
    expect(waiting.lock?.isHeld).toBe(true);
    expect(await redlocks[0]!.tryAcquire("pool")).toBeNull();
    for (const instance of instances) expect(instance.remaining("lock:pool")).toBeGreaterThan(9_000);
    // The state of a semaphore, which differs between instances, is no token.
    const second = await semaphores[1]!.acquire();
    expect(await redlocks[0]!.query("pool")).toMatchObject({ holders: [{ token: "~p", votes: count }] });
    const error = await redlocks[0]!.acquire("pool", { wait: 0 }).catch(String);
    expect(error).toContain("held by holders of permits of a semaphore with this name");
    await second.release();
    let next: Lock | undefined;
    void redlocks[0]!.acquire("pool", FOREVER).then((lock) => (next = lock));
    await settle();
    await waiting.lock!.release();
    await clock.advance(20);
    expect(next?.isHeld).toBe(true);
    await next!.release();
    await close();
  });

  test("resize sets the total number for all clients, and holders above it keep their slots", async () => {
    const { clock, semaphores, close } = createWorld(2);
    const [one, two] = semaphores as [Semaphore, Semaphore];
    const held = [await one.acquire(), await one.acquire()];
    const waiting = watch(two.acquire(FOREVER));
    await settle();
    await one.resize(4);
    await clock.advance(20);
    expect(waiting.lock?.isHeld).toBe(true);
    expect(await two.available()).toBe(1);
    await one.resize(4);
    await two.resize(1);
    expect(held.every(({ isHeld }) => isHeld)).toBe(true);
    for (const lock of held) await lock.extend();
    expect(await one.tryAcquire()).toBeNull();
    for (const lock of [...held, waiting.lock!]) await lock.release();
    expect(await one.available()).toBe(1);
    const only = await one.acquire();
    expect(only.slots).toEqual([0]);
    expect(await two.tryAcquire()).toBeNull();
    await expect(two.acquire({ permits: 2 })).rejects.toThrow(
      "permits: 2 is more than the 1 permits of the semaphore; acquire fewer, or resize it",
    );
    await only.release();
    await close();
  });

  test("a waiter that gives up leaves the line", async () => {
    const { clock, semaphores, close } = createWorld(1, 3);
    const held = await semaphores[0]!.acquire();
    const failed = semaphores[1]!.acquire({ wait: 200 }).catch((error: unknown) => error);
    await settle();
    const later = watch(semaphores[2]!.acquire(FOREVER));
    await clock.advance(250);
    expect(await failed).toBeInstanceOf(LockTimeoutError);
    await held.release();
    await settle();
    expect(later.lock?.isHeld).toBe(true);
    await later.lock!.release();
    await close();
  });
});

describe("bad input", () => {
  const redlock = watchedWorld(3).client();
  const pool = redlock.semaphore("pool", { permits: 3 });

  test.each([
    [0, /^permits: 0 must be a whole number from 1 to 10000/],
    [-1, /^permits: -1 must be a whole number from 1 to 10000/],
    [1.5, /^permits: 1\.5 must be a whole number from 1 to 10000/],
    [NaN, /^permits: NaN must be a whole number from 1 to 10000/],
    [10_001, /^permits: 10001 must be a whole number from 1 to 10000/],
    ["3", /^permits: "3" must be a whole number from 1 to 10000/],
    [undefined, /^permits: undefined must be a whole number from 1 to 10000/],
  ])("permits: %o", (permits, message) => {
    expect(() => redlock.semaphore("pool", { permits: permits as number })).toThrow(message);
  });

  test("options of a semaphore", () => {
    expect(() => redlock.semaphore("pool", undefined as never)).toThrow(
      /^options: undefined must be an object, such as \{ permits: 10 \}/,
    );
    expect(() => redlock.semaphore("pool", { permits: 3, ttl: 5 } as never)).toThrow(
      /^ttl: there is no such option/,
    );
    expect(() => redlock.semaphore("~x", { permits: 3 })).toThrow(/^name: "~x" begins with "~"/);
    expect(() => redlock.semaphore("", { permits: 3 })).toThrow(/^name: "" must not be empty/);
  });

  test.each([
    [0, /^permits: 0 must be a whole number from 1 to 10000/],
    [-1, /^permits: -1 must/],
    [1.5, /^permits: 1\.5 must/],
    ["2", /^permits: "2" must/],
    [4, /^permits: 4 is more than the 3 permits of the semaphore; acquire fewer, or resize it/],
  ])("acquire, permits: %o", async (permits, message) => {
    const options = { permits: permits as number };
    await expect(pool.acquire(options)).rejects.toThrow(message);
    await expect(pool.tryAcquire(options)).rejects.toThrow(message);
    await expect(pool.using(options, () => 1)).rejects.toThrow(message);
    await expect(pool.tryUsing(options, () => 1)).rejects.toThrow(message);
  });

  test("an unknown option, and a bad size", async () => {
    await expect(pool.acquire({ count: 2 } as never)).rejects.toThrow(/^count: there is no such option/);
    await expect(pool.resize(0)).rejects.toThrow(/^total: 0 must be a whole number from 1 to 10000/);
    await expect(pool.resize("5" as never)).rejects.toThrow(/^total: "5" must be a whole number/);
  });

  test("a plain lock does not know the option `permits`", async () => {
    await expect(redlock.acquire("x", { permits: 1 } as never)).rejects.toThrow(
      /^permits: there is no such option/,
    );
  });

  test("nothing is left, and a closed client says so", async () => {
    const world = watchedWorld(3);
    const { instances } = world;
    const closed = world.client();
    const semaphore = closed.semaphore("pool", { permits: 3 });
    await expect(semaphore.acquire({ permits: 9 })).rejects.toThrow(RangeError);
    await closed.close();
    await expect(semaphore.acquire()).rejects.toMatchObject({ code: "LOCK_CLOSED" });
    await expect(semaphore.available()).rejects.toMatchObject({ code: "LOCK_CLOSED" });
    await expect(semaphore.resize(2)).rejects.toMatchObject({ code: "LOCK_CLOSED" });
    for (const instance of instances) expect(withoutCounters(instance.keys())).toEqual([]);
  });
});

test("one name as two kinds is an error at once, in one process and in two", async () => {
  const world = watchedWorld(3, { restartGuard: false });
  const { instances } = world;
  const [one, two] = [world.client(), world.client()];
  const permit = await one.semaphore("doc", { permits: 3 }).acquire();
  for (const redlock of [one, two]) {
    await expect(redlock.readWrite("doc").read.acquire(FOREVER)).rejects.toThrow(LockKindError);
  }
  await permit.release();
  const reader = await one.readWrite("doc").read.acquire();
  for (const redlock of [one, two])
    await expect(redlock.semaphore("doc", { permits: 3 }).acquire(FOREVER)).rejects.toThrow(LockKindError);
  await reader.release();
  await Promise.all([one.close(), two.close()]);
  for (const instance of instances) expect(withoutCounters(instance.keys())).toEqual([]);
});

test("permits without contention need one request for each instance, and so does their release", async () => {
  const world = watchedWorld(3);
  const { instances } = world;
  const redlock = world.client();
  await redlock.using("warm-up", () => undefined);
  await settle();
  const pool = redlock.semaphore("pool", { permits: 100 });
  for (const instance of instances) instance.operations.length = 0;
  await (await pool.acquire({ permits: 7 })).release();
  await settle();
  for (const instance of instances) expect(instance.operations).toEqual(["slots.acquire", "slots.release"]);
  await redlock.close();
});

test("permits that are held one at a time leave nothing, and others leave counters", async () => {
  const world = watchedWorld(3);
  const { instances } = world;
  const redlock = world.client();
  const pool = redlock.semaphore("pool", { permits: 5 });
  const countersOn = (keys: readonly string[]): number =>
    keys.filter((key) => key.startsWith("lock:~counters:")).length;
  const fences: number[] = [];
  for (let cycle = 0; cycle < 3; cycle += 1) {
    const lock = await pool.acquire();
    fences.push(lock.fence);
    await lock.release();
    await settle();
  }
  expect(fences.toSorted((a, b) => a - b)).toEqual(fences);
  expect(new Set(fences).size).toBe(3);
  for (const instance of instances) {
    expect(withoutCounters(instance.keys())).toEqual([]);
    expect(countersOn(instance.keys())).toBe(0);
  }
  const both = [await pool.acquire(), await pool.acquire()];
  for (const lock of both) await lock.release();
  await settle();
  for (const instance of instances) {
    expect(withoutCounters(instance.keys())).toEqual([]);
    expect(countersOn(instance.keys())).toBe(1);
  }
  await redlock.close();
});

test("a context can hold several permits, also with diagnostics", async () => {
  const redlock = watchedWorld(1, { diagnostics: true }).client();
  const pool = redlock.semaphore("pool", { permits: 2 });
  await pool.using(() => pool.using(() => undefined));
  await redlock.close();
});

test("at most eight waiters of one client are in the line of a name, and all are served", async () => {
  const { clock, instances, redlock } = (() => {
    const world = watchedWorld(3, { restartGuard: false });
    return { ...world, redlock: world.client() };
  })();
  const pool = redlock.semaphore("pool", { permits: 2 });
  const held = [await pool.acquire(), await pool.acquire()];
  const served: number[] = [];
  for (let index = 0; index < 30; index += 1) {
    void pool.acquire(FOREVER).then(async (lock) => {
      served.push(index);
      await lock.release();
    });
  }
  await settle();
  const line = keySpaceOf("lock:").beside("pool", ["line"])[0]!;
  for (const instance of instances) expect(instance.get(line)!.split(";")).toHaveLength(1 + 8);
  for (const lock of held) await lock.release();
  await clock.advance(1_500);
  expect(served.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 30 }, (_, index) => index));
  await redlock.close();
  for (const instance of instances) expect(withoutCounters(instance.keys())).toEqual([]);
});

test("after a resize, no slot above the number is granted, and an instance that forgot it learns it again", async () => {
  const world = watchedWorld(3, { restartGuard: false });
  const { clock, instances } = world;
  const clients = Array.from({ length: 3 }, () => world.distantClient(0.5));
  const semaphores = clients.map((redlock) => redlock.semaphore("pool", { permits: 4 }));
  const sizes = keySpaceOf("lock:").sizes("pool");
  const inside = new Map<number, number>();
  /** The number of permits, once it is confirmed; 6 while it changes. */
  let most = 4;
  let visits = 0;
  const endsAt = clock.monotonic() + 3_000;
  const work = semaphores.flatMap((semaphore, index) =>
    Array.from({ length: 4 }, async () => {
      while (clock.monotonic() < endsAt) {
        const before = most;
        await semaphore.using(FOREVER, async ({ slots: [slot = -1] }) => {
          expect(inside.has(slot)).toBe(false);
          inside.set(slot, index);
          expect(slot).toBeLessThan(before === most ? most : 6);
          visits += 1;
          await new Promise<void>((resolve) => clock.setTimer(7, resolve, true));
          inside.delete(slot);
        });
      }
    }),
  );
  const operator = (async () => {
    for (const total of [6, 2, 5, 1, 3]) {
      most = 6;
      await semaphores[total % 3]!.resize(total);
      most = total;
      // One instance loses the number.
      instances[total % 3]!.delete(sizes);
      await new Promise<void>((resolve) => clock.setTimer(400, resolve, true));
      const known = await Promise.all(instances.map((instance) => changedSizeOn(instance, "pool")));
      expect(known).toEqual(Array(3).fill(total));
    }
  })();
  for (let turn = 0; turn < 800; turn += 1) await clock.advance(5);
  await operator;
  await Promise.all(work);
  expect(visits).toBeGreaterThan(200);
  const closed = Promise.all(clients.map((redlock) => redlock.close()));
  await clock.advance(100);
  await closed;
  for (const instance of instances) expect(withoutCounters(instance.keys())).toEqual([]);
});
