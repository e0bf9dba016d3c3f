import { describe, expect, test } from "vitest";
import {
  type Lock,
  type Lockable,
  LockReentrantError,
  LockTimeoutError,
  type Redlock,
} from "../../src/index.ts";
import { keySpaceOf } from "../../src/operations/keys.ts";
import { lockInMode, modesKind } from "../../src/operations/modes.ts";
import { withoutCounters } from "../support/lock-keys.ts";
import { settle } from "../support/virtual-clock.ts";
import { watchedWorld } from "../support/watched-world.ts";
import { advanceDuring } from "../support/world.ts";

/** Notes when a lock is granted. */
function watch(promise: Promise<Lock>): { lock: Lock | undefined } {
  const seen: { lock: Lock | undefined } = { lock: undefined };
  void promise.then((lock) => (seen.lock = lock));
  return seen;
}

const FOREVER = { wait: Infinity };

describe.each([1, 3, 5])("on %i instances", (count) => {
  const createWorld = (clients = 2) => {
    const world = watchedWorld(count, { restartGuard: false });
    const { clock, instances } = world;
    const redlocks = Array.from({ length: clients }, () => world.client());
    const rw = (index: number) => redlocks[index]!.readWrite("doc");
    const close = async () => {
      const closed = Promise.all(redlocks.map((redlock) => redlock.close()));
      await clock.advance(100);
      await closed;
      for (const instance of instances) expect(withoutCounters(instance.keys())).toEqual([]);
    };
    return { clock, instances, redlocks, rw, close };
  };

  test("readers of all processes hold it together, and a writer holds it alone", async () => {
    const { redlocks, rw, close } = createWorld();
    const readers = [await rw(0).read.acquire(), await rw(0).read.acquire(), await rw(1).read.acquire()];
    expect(await rw(0).write.tryAcquire()).toBeNull();
    expect(await rw(1).write.tryAcquire()).toBeNull();
    for (const reader of readers) await reader.release();
    const writer = await rw(0).write.acquire();
    expect(writer.names).toEqual(["doc"]);
    for (const index of [0, 1]) {
      expect(await rw(index).read.tryAcquire()).toBeNull();
      expect(await rw(index).write.tryAcquire()).toBeNull();
      expect(await redlocks[index]!.mutex("doc").tryAcquire()).toBeNull();
    }
    await writer.release();
    await close();
  });

  test("a plain lock on the name excludes readers and writers, and they exclude it", async () => {
    const { redlocks, rw, instances, clock, close } = createWorld();
    const plain = await redlocks[0]!.acquire("doc");
    expect(await rw(1).read.tryAcquire()).toBeNull();
    expect(await rw(1).write.tryAcquire()).toBeNull();
    await plain.release();
    const reader = await rw(1).read.acquire({ ttl: 5_000 });
    expect(await redlocks[0]!.tryAcquire("doc")).toBeNull();
    // Any client of another library sets the key only if it is missing.
    for (const instance of instances) expect(instance.remaining("lock:doc")).toBeGreaterThan(4_000);
    await reader.release();
    for (const instance of instances) instance.set("lock:doc", "foreign", 1_000);
    expect(await rw(0).read.tryAcquire()).toBeNull();
    expect(await rw(0).write.tryAcquire()).toBeNull();
    await clock.advance(1_001);
    await (await rw(0).write.acquire()).release();
    await close();
  });

  test("a later writer has a larger fencing token than all readers before it", async () => {
    const { rw, close } = createWorld();
    const write = async () => {
      const writer = await rw(0).write.acquire();
      await writer.release();
      return writer.fence;
    };
    const first = await write();
    const readers = [await rw(0).read.acquire(), await rw(1).read.acquire()];
    expect(readers.map(({ fence }) => fence)).toEqual([first, first]);
    for (const reader of readers) await reader.release();
    expect(await write()).toBe(first + 1);
    await close();
  });

  test("the share of a reader that died is free at its own deadline, and not before", async () => {
    const { clock, instances, rw, close } = createWorld();
    const dead = await rw(0).read.acquire({ ttl: 2_000, autoExtend: false });
    const short = await rw(1).read.acquire({ ttl: 500, autoExtend: false });
    expect(await rw(1).write.tryAcquire()).toBeNull();
    // The short reader does not end the protection of the long one, whether it expires or is released.
    await short.release();
    for (const instance of instances) expect(instance.remaining("lock:doc")).toBe(2_000);
    await rw(1).read.acquire({ ttl: 500, autoExtend: false });
    for (const instance of instances) expect(instance.remaining("lock:doc")).toBe(2_000);
    await clock.advance(1_000);
    expect(await rw(1).write.tryAcquire()).toBeNull();
    expect(dead.isHeld).toBe(true);
    const writer = await advanceDuring(clock, 1_100, rw(1).write.acquire({ ttl: 10_000, wait: 5_000 }));
    expect(writer.isHeld).toBe(true);
    expect(dead.isHeld).toBe(false);
    await writer.release();
    await close();
  });

  test("waiters learn that the last deadline is earlier after a release, because nobody announces an expiry", async () => {
    const { clock, instances, redlocks, rw, close } = createWorld(3);
    const long = await rw(0).read.acquire({ ttl: 9_000 });
    // A reader whose process has died.
    const owner = { token: "dead", prefix: "lock:", fence: 0, isWithdrawn: false };
    const dead = modesKind.acquire(lockInMode(["doc"], "S"), owner, 1_000, undefined);
    for (const instance of instances) await instance.run([dead]);
    const plain = watch(redlocks[2]!.acquire("doc", FOREVER));
    await settle();
    await long.release();
    await clock.advance(1_100);
    expect(plain.lock?.isHeld).toBe(true);
    await plain.lock!.release();
    await clock.advance(9_000);
    await close();
  });

  test("the extension of one reader does not extend the others", async () => {
    const { clock, instances, rw, close } = createWorld();
    const kept = await rw(0).read.acquire({ ttl: 1_000, autoExtend: true });
    await rw(1).read.acquire({ ttl: 1_000, autoExtend: false });
    await clock.advance(5_000);
    expect(kept.isHeld).toBe(true);
    const shared = keySpaceOf("lock:").beside("doc", ["shared"])[0]!;
    expect(instances[0]!.keys()).toContain(shared);
    await kept.release();
    // The other reader is over, so nobody holds it.
    expect(instances[0]!.keys()).not.toContain("lock:doc");
    const writer = await rw(1).write.acquire();
    await writer.release();
    await close();
  });

  test("a writer that waits keeps later readers out, and is next", async () => {
    const { rw, close } = createWorld(3);
    const first = await rw(0).read.acquire();
    const writer = watch(rw(1).write.acquire(FOREVER));
    await settle();
    const later = watch(rw(2).read.acquire(FOREVER));
    await settle();
    expect([writer.lock, later.lock]).toEqual([undefined, undefined]);
    expect(await rw(0).read.tryAcquire()).toBeNull();
    await first.release();
    await settle();
    expect(writer.lock?.isHeld).toBe(true);
    expect(later.lock).toBeUndefined();
    await writer.lock!.release();
    await settle();
    expect(later.lock?.isHeld).toBe(true);
    await later.lock!.release();
    await close();
  });

  test("after a writer, all readers up to the next writer go at once", async () => {
    const { rw, close } = createWorld(5);
    const first = await rw(0).write.acquire();
    const waiting: { lock: Lock | undefined }[] = [];
    for (const [index, mode] of (["read", "read", "write", "read"] as const).entries()) {
      waiting.push(watch(rw(index + 1)[mode].acquire(FOREVER)));
      await settle();
    }
    await first.release();
    await settle();
    expect(waiting.map(({ lock }) => lock?.isHeld)).toEqual([true, true, undefined, undefined]);
    await waiting[0]!.lock!.release();
    await waiting[1]!.lock!.release();
    await settle();
    expect(waiting.map(({ lock }) => lock?.isHeld)).toEqual([false, false, true, undefined]);
    await waiting[2]!.lock!.release();
    await settle();
    expect(waiting[3]!.lock?.isHeld).toBe(true);
    await waiting[3]!.lock!.release();
    await close();
  });

  test("a writer that gives up lets the readers behind it go", async () => {
    const { clock, rw, close } = createWorld(3);
    const first = await rw(0).read.acquire();
    const writer = rw(1).write.acquire({ wait: 300 });
    const failed = writer.catch((error: unknown) => error);
    await settle();
    const later = watch(rw(2).read.acquire(FOREVER));
    await settle();
    expect(later.lock).toBeUndefined();
    await clock.advance(300);
    expect(await failed).toBeInstanceOf(LockTimeoutError);
    await settle();
    expect(later.lock?.isHeld).toBe(true);
    await first.release();
    await later.lock!.release();
    await close();
  });

  test("a writer that died in line keeps readers out until a release, and then for about 50 ms", async () => {
    const { clock, instances, rw, close } = createWorld(2);
    const expiry = clock.wall() + 2_900;
    const entry = `${expiry + 1} ${expiry} 1;1 deadbeef X ${expiry} 0 1`;
    const line = keySpaceOf("lock:").beside("doc", ["line"])[0]!;
    const first = await rw(0).read.acquire();
    for (const instance of instances) instance.set(line, entry, 2_900);
    const later = watch(rw(1).read.acquire(FOREVER));
    await clock.advance(500);
    expect(later.lock).toBeUndefined();
    await first.release();
    await clock.advance(200);
    expect(later.lock?.isHeld).toBe(true);
    await later.lock!.release();
    await clock.advance(3_000);
    await close();
  });

  test("neither readers nor writers starve", async () => {
    const { clock, redlocks, close } = createWorld(4);
    const waits: Record<"read" | "write", number[]> = { read: [], write: [] };
    const hold = (ms: number) => new Promise<void>((resolve) => clock.setTimer(ms, resolve, true));
    const endsAt = clock.monotonic() + 2_000;
    const work = async (redlock: Redlock, mode: "read" | "write") => {
      while (clock.monotonic() < endsAt) {
        const startedAt = clock.monotonic();
        const lockable: Lockable = redlock.readWrite("doc")[mode];
        await lockable.using(FOREVER, async () => {
          waits[mode].push(clock.monotonic() - startedAt);
          await hold(10);
        });
      }
    };
    const workers = redlocks.flatMap((redlock) => [
      ...Array.from({ length: 4 }, () => work(redlock, "read")),
      work(redlock, "write"),
    ]);
    for (let turn = 0; turn < 300; turn += 1) await clock.advance(10);
    await Promise.all(workers);
    const counts = [waits.read.length, waits.write.length];
    const longest = [Math.max(...waits.read), Math.max(...waits.write)];
    console.log(
      `${count} instances: reads, writes ${counts.join(", ")}; longest waits ${longest.join(", ")} ms`,
    );
    expect(Math.min(...counts)).toBeGreaterThan(20);
    expect(Math.max(...longest)).toBeLessThan(1_000);
    await close();
  });
});

test("an uncontended lock of either kind needs one request for each instance, and so does its release", async () => {
  const world = watchedWorld(3);
  const { instances } = world;
  const redlock = world.client();
  await redlock.using("warm-up", () => undefined);
  await settle();
  const { read, write } = redlock.readWrite("doc");
  for (const lockable of [write, read]) {
    for (const instance of instances) instance.operations.length = 0;
    await (await lockable.acquire()).release();
    await settle();
    for (const instance of instances) expect(instance.operations).toEqual(["modes.acquire", "modes.release"]);
  }
  await redlock.close();
});

test("diagnostics find a reader that would wait for itself", async () => {
  const redlock = watchedWorld(1, { diagnostics: true }).client();
  const { read, write } = redlock.readWrite("doc");
  await read.using(async () => {
    await expect(write.acquire()).rejects.toThrow(LockReentrantError);
  });
  await redlock.close();
});

test.each([
  ["", /^name: "" must not be empty/],
  ["~x", /^name: "~x" begins with "~"/],
  [7 as unknown as string, /^name: 7 must be a string/],
])("a bad name is refused: %o", (name, message) => {
  const redlock = watchedWorld(1).client();
  expect(() => redlock.readWrite(name)).toThrow(message);
});
