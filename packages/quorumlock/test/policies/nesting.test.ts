import { describe, expect, test } from "vitest";
import {
  AdaptiveTtl,
  CircuitBreaker,
  constant,
  type Lockable,
  Redlock,
  withAdaptiveTtl,
  withCircuitBreaker,
  withFallback,
  withRetry,
} from "../../src/index.ts";
import { rejection, withResolvers } from "../support/timing.ts";
import { settle, VirtualClock } from "../support/virtual-clock.ts";
import { advanceDuring } from "../support/world.ts";

// Every policy around every other one, over two kinds of locks: a lockable with policies behaves as the lockable inside.

type Policy = (lockable: Lockable) => Lockable;

/** The policies of one test. */
function policies(): Readonly<Record<"retry" | "adaptive" | "breaker" | "fallback", Policy>> {
  const adaptive = new AdaptiveTtl();
  const breaker = new CircuitBreaker();
  return {
    retry: (lockable) => withRetry(lockable, constant(50), { maxAttempts: 2 }),
    adaptive: (lockable) => withAdaptiveTtl(lockable, adaptive),
    breaker: (lockable) => withCircuitBreaker(lockable, breaker),
    fallback: (lockable) => withFallback(lockable, [], { local: true }),
  };
}

const ORDERS = [
  ["fallback", "retry", "breaker", "adaptive"],
  ["adaptive", "breaker", "fallback", "retry"],
  ["retry", "adaptive", "fallback", "breaker"],
] as const;

const KINDS = {
  mutex: (redlock: Redlock): Lockable => redlock.mutex("a"),
  semaphore: (redlock: Redlock): Lockable => redlock.semaphore("a", { permits: 1 }),
};

const CASES = ORDERS.flatMap((order) =>
  Object.entries(KINDS).map(
    ([kind, make]) => [`${order.join(" in ")}, around a ${kind}`, order, make] as const,
  ),
);

describe.each(CASES)("%s", (_, order, make) => {
  /** The lockable with policies, and the one without, on the same servers. */
  function nested() {
    const clock = new VirtualClock();
    const redlock = Redlock.memory({ clock, ttl: 6_000 });
    const all = policies();
    const lockable = order.reduceRight((inner, name) => all[name](inner), make(redlock));
    return { clock, redlock, lockable, plain: make(redlock) };
  }

  test("acquires, extends, releases, and can be acquired again", async () => {
    const { lockable, plain } = nested();
    expect(lockable.name).toBe(plain.name);
    const lock = await lockable.acquire();
    expect(lock).toMatchObject({ names: ["a"], isHeld: true, ttl: 6_000 });
    expect(lock.token).toMatch(/^[\da-f]{32}@/);
    expect(lock.remaining()).toBeGreaterThan(5_000);
    await lock.extend(7_000);
    expect(lock.ttl).toBe(7_000);
    expect(await plain.tryAcquire()).toBeNull();
    expect(await lock.release()).toBe(true);
    expect(await lock.release()).toBe(false);
    const next = await plain.acquire();
    expect(next.fence).toBeGreaterThan(lock.fence);
  });

  test("the options and the result of using and tryUsing are those of the lockable inside", async () => {
    const { lockable, plain } = nested();
    expect(await lockable.using((lock, signal) => [lock.isHeld, signal.aborted])).toEqual([true, false]);
    expect(
      await lockable.using({ ttl: 4_000, owner: "me" }, (lock) => [lock.ttl, lock.token.slice(33)]),
    ).toEqual([4_000, "me"]);
    expect(await lockable.tryUsing(() => undefined)).toEqual({ acquired: true, value: undefined });
    const held = await plain.acquire();
    expect(await lockable.tryUsing(() => 1)).toEqual({ acquired: false });
    expect(await lockable.tryAcquire()).toBeNull();
    await held.release();
    const failure = new Error("work");
    const failing = (): never => {
      throw failure;
    };
    expect(await rejection(lockable.using(failing))).toBe(failure);
    expect(await rejection(lockable.tryUsing(failing))).toBe(failure);
    expect(await plain.tryAcquire()).not.toBeNull();
  });

  test("the end of a block releases the lock, and throws if it was lost", async () => {
    const { lockable, plain, clock } = nested();
    {
      await using lock = await lockable.acquire();
      expect(lock.isHeld).toBe(true);
    }
    await (await plain.acquire()).release();
    const lost = (async () => {
      await using lock = await lockable.acquire({ autoExtend: false });
      await clock.advance(7_000);
      expect(lock).toMatchObject({ isHeld: false, signal: { aborted: true } });
    })();
    expect(await rejection(lost)).toMatchObject({ code: "LOCK_LOST" });
    expect(await plain.tryAcquire()).not.toBeNull();
  });

  test("callers wait for the lock without polling, and time out", async () => {
    const { lockable, clock } = nested();
    const { promise, resolve } = withResolvers<void>();
    const holding = lockable.using(() => promise);
    await settle();
    const waiting = lockable.using({ wait: 60_000 }, () => "second");
    const failed = rejection(lockable.acquire({ wait: 1_000 }));
    expect(await advanceDuring(clock, 5_000, failed)).toMatchObject({ code: "LOCK_TIMEOUT", names: ["a"] });
    resolve();
    await holding;
    expect(await waiting).toBe("second");
    await clock.advance(1);
    expect(clock.keepAliveTimers).toBe(0);
  });

  test("the signal and the close of the client end a call", async () => {
    const { lockable, plain, redlock, clock } = nested();
    const held = await plain.acquire();
    const controller = new AbortController();
    const aborted = rejection(lockable.acquire({ wait: Infinity, signal: controller.signal }));
    await settle();
    controller.abort("enough");
    expect(await aborted).toMatchObject({ code: "LOCK_ABORTED", cause: "enough" });
    const early = { signal: AbortSignal.abort("early") };
    expect(await rejection(lockable.using(early, () => 1))).toMatchObject({ code: "LOCK_ABORTED" });
    const closed = rejection(lockable.acquire({ wait: Infinity }));
    await settle();
    await redlock.close();
    expect(await closed).toMatchObject({ code: "LOCK_CLOSED" });
    expect(await rejection(lockable.tryAcquire())).toMatchObject({ code: "LOCK_CLOSED" });
    expect(await held.release()).toBe(false);
    expect(clock.keepAliveTimers).toBe(0);
  });

  test("bad options and bad arguments are refused", async () => {
    const { lockable } = nested();
    expect(await rejection(lockable.acquire({ ttl: 0 }))).toBeInstanceOf(RangeError);
    expect(await rejection(lockable.acquire({ wait: -1 }))).toBeInstanceOf(RangeError);
    expect(await rejection(lockable.tryAcquire({ retries: 1 } as never))).toBeInstanceOf(TypeError);
    expect(await rejection(lockable.using({}, undefined as never))).toBeInstanceOf(TypeError);
    expect(await lockable.tryAcquire()).not.toBeNull();
  });
});

test("the query is that of the lockable inside", async () => {
  const { retry, adaptive, breaker, fallback } = policies();
  const redlock = Redlock.memory({ clock: new VirtualClock() });
  const lockable = retry(fallback(breaker(adaptive(redlock.mutex("a")))));
  const lock = await lockable.acquire();
  expect(await lockable.query()).toMatchObject({ isHeld: true, holders: [{ token: lock.token }] });
});

test("the options and the locks of the lockable inside keep their types", async () => {
  const redlock = Redlock.memory({ clock: new VirtualClock() });
  const slots = withRetry(withCircuitBreaker(withAdaptiveTtl(redlock.semaphore("s", { permits: 5 }))));
  expect(await slots.using({ permits: 3, wait: 10 }, (lock) => lock.slots.length)).toBe(3);
  const { read, write } = redlock.readWrite("a");
  const reading = await withRetry(withAdaptiveTtl(read)).acquire();
  const writing = await reading.upgrade();
  await writing.release();
  const backup = Redlock.memory({ clock: new VirtualClock() }).readWrite("a").write;
  const guarded = withFallback(withCircuitBreaker(write), [backup]);
  const lock = await guarded.acquire();
  expect((await lock.downgrade()).isHeld).toBe(true);
});
