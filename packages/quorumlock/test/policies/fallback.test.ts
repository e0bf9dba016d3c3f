import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  CircuitBreaker,
  type FallbackLockable,
  type Lock,
  type TierInfo,
  withCircuitBreaker,
  withFallback,
} from "../../src/index.ts";
import { SeededClock } from "../support/seeded-clock.ts";
import { type TierWorld, tierWorlds } from "../support/tiers.ts";
import { rejection, withResolvers } from "../support/timing.ts";
import { settle, type VirtualClock } from "../support/virtual-clock.ts";
import { LockStats } from "../../src/observe/index.ts";
import { advanceDuring } from "../support/world.ts";

const TTL = 10_000;

/** A primary, one backup, and the tier inside the process, for the name "a". */
async function pair(options: { local?: boolean; safeSwitch?: boolean; returnAfterMs?: number } = {}) {
  const { clock, tiers } = await tierWorlds(2);
  const [primary, backup] = tiers as [TierWorld, TierWorld];
  const make = (name = "a"): FallbackLockable =>
    withFallback(primary.redlock.mutex(name), [backup.redlock.mutex(name)], options);
  return { clock, primary, backup, make, lockable: make() };
}

/** The tier of a lock that is acquired and released. */
async function tierOf(
  clock: VirtualClock,
  lockable: FallbackLockable,
  ms: number,
  wait = 60_000,
): Promise<string> {
  return advanceDuring(
    clock,
    ms,
    lockable.using({ wait }, ({ tier, degraded }) => `${tier}${degraded ? " degraded" : ""}`),
  );
}

describe("the tier of a lock", () => {
  test("is the primary while it has a quorum", async () => {
    const { lockable, primary, backup } = await pair({ local: true });
    const lock = await lockable.acquire({ ttl: 3_000 });
    expect(lock).toMatchObject({ tier: "primary", degraded: false, isHeld: true, ttl: 3_000, names: ["a"] });
    expect(JSON.parse(JSON.stringify(lock))).toMatchObject({
      tier: "primary",
      degraded: false,
      fence: lock.fence,
    });
    expect("tier" in lock && "release" in lock).toBe(true);
    expect(await primary.redlock.tryAcquire("a")).toBeNull();
    expect(await backup.redlock.tryAcquire("a")).not.toBeNull();
    expect(await lock.release()).toBe(true);
    expect(lockable).toMatchObject({ tier: "primary", name: "a" });
  });

  test("is never another one because of contention", async () => {
    const { lockable, primary, clock } = await pair({ local: true });
    const held = await primary.redlock.acquire("a");
    expect(await lockable.tryAcquire()).toBeNull();
    expect(await lockable.tryUsing(() => 1)).toEqual({ acquired: false });
    const failed = rejection(lockable.acquire({ wait: 500 }));
    expect(await advanceDuring(clock, 500, failed)).toMatchObject({ code: "LOCK_TIMEOUT" });
    expect(lockable.tier).toBe("primary");
    await held.release();
  });

  test("is the backup after an outage, once the largest ttl of the primary has passed", async () => {
    const { lockable, primary, clock } = await pair();
    await (await lockable.acquire({ ttl: 12_000 })).release();
    primary.stop();
    const started = clock.monotonic();
    let grantedAt = 0;
    const done = lockable.using({ wait: 30_000 }, ({ tier, degraded, ttl }) => {
      grantedAt = clock.monotonic();
      return { tier, degraded, ttl };
    });
    expect(await advanceDuring(clock, 60_000, done)).toEqual({ tier: "backup-1", degraded: true, ttl: TTL });
    // It waited 30 s for the primary, and then 12 s.
    expect(grantedAt - started).toBe(42_000);
    expect(lockable.tier).toBe("backup-1");
  });

  test("is the backup with the default options: the wait is as long as the ttl", async () => {
    const { lockable, primary, clock } = await pair();
    primary.stop();
    const tier = lockable.using((lock) => lock.tier);
    expect(await advanceDuring(clock, 60_000, tier)).toBe("backup-1");
  });

  test("is the next one in the list, and the lock in the process at last", async () => {
    const { clock, tiers } = await tierWorlds(3);
    const [first, second, third] = tiers as [TierWorld, TierWorld, TierWorld];
    const backups = [second.redlock.mutex("a"), third.redlock.mutex("a")];
    const lockable = withFallback(first.redlock.mutex("a"), backups, { local: true, safeSwitch: false });
    expect(await tierOf(clock, lockable, 0)).toBe("primary");
    first.stop();
    expect(await tierOf(clock, lockable, 0, 0)).toBe("backup-1 degraded");
    second.stop();
    expect(await tierOf(clock, lockable, 0, 0)).toBe("backup-2 degraded");
    third.stop();
    expect(await tierOf(clock, lockable, 0, 0)).toBe("local degraded");
    expect(lockable.tier).toBe("local");
  });

  test("stays with a lock that is converted", async () => {
    const { clock, tiers } = await tierWorlds(2);
    const [first, second] = tiers as [TierWorld, TierWorld];
    const lockable = withFallback(first.redlock.readWrite("a").read, [second.redlock.readWrite("a").read]);
    const read = await lockable.acquire();
    const write = await read.upgrade();
    expect(write).toMatchObject({ tier: "primary", isHeld: true });
    await read.release();
    first.stop();
    // The write lock is held until its lease ends, so the backup is not used before.
    const other = lockable.acquire({ wait: 30_000 });
    await clock.advance(9_000);
    expect(write.isHeld).toBe(true);
    expect(await advanceDuring(clock, 60_000, other)).toMatchObject({ tier: "backup-1" });
    expect(write.isHeld).toBe(false);
  });
});

describe("a tier without a quorum", () => {
  test("sends the callers that wait for it to the next tier, and new ones at once", async () => {
    const { lockable, make, primary, clock } = await pair({ safeSwitch: false });
    primary.stop();
    const other = make("b").using({ wait: Infinity }, (lock) => lock.tier);
    await clock.advance(100);
    expect(await lockable.tryUsing((lock) => lock.tier)).toEqual({ acquired: true, value: "backup-1" });
    expect(await other).toBe("backup-1");
    expect(await make("c").using((lock) => lock.tier)).toBe("backup-1");
    await clock.advance(1_000);
    expect(clock.keepAliveTimers).toBe(0);
  });

  test("is also one whose circuit breaker is open", async () => {
    const { primary, backup, clock } = await pair();
    const breaker = new CircuitBreaker({ failureThreshold: 1 });
    const guarded = withCircuitBreaker(primary.redlock.mutex("a"), breaker);
    primary.stop();
    await rejection(guarded.tryAcquire());
    const lockable = withFallback(guarded, [backup.redlock.mutex("a")], { safeSwitch: false });
    expect(await lockable.using((lock) => lock.tier)).toBe("backup-1");
    expect(clock.keepAliveTimers).toBe(0);
  });

  test("leaves the error of the last tier if there is no other one, and all are tried again", async () => {
    const { lockable, primary, backup, clock } = await pair({ safeSwitch: false });
    primary.stop();
    backup.stop();
    const error = await rejection(lockable.tryAcquire());
    expect(error).toMatchObject({ code: "LOCK_NO_QUORUM" });
    expect((error as Error).message).toContain("t1-0");
    primary.start();
    expect(await tierOf(clock, lockable, 0)).toBe("primary");
    expect(lockable.tier).toBe("primary");
  });

  test("does not end a lock, and an error of the routine is no outage", async () => {
    const { lockable, primary } = await pair();
    const failing = lockable.using(async () => {
      primary.stop();
      await primary.redlock.tryAcquire("b");
    });
    expect(await rejection(failing)).toMatchObject({ code: "LOCK_NO_QUORUM" });
    expect(lockable.tier).toBe("primary");
  });

  test("the signal of the caller ends the call in every part, with its reason", async () => {
    const { lockable, primary, backup, clock } = await pair();
    const held = await backup.redlock.acquire("a");
    primary.stop();
    for (const advanceMs of [0, 500, 5_000, 15_000]) {
      const controller = new AbortController();
      const failed = rejection(lockable.acquire({ wait: 1_000_000, signal: controller.signal }));
      await clock.advance(advanceMs);
      controller.abort("enough");
      expect(await failed).toMatchObject({ code: "LOCK_ABORTED", cause: "enough" });
      expect(await lockable.tryAcquire()).toBeNull();
    }
    await held.release();
    expect(clock.keepAliveTimers).toBe(0);
    const early = AbortSignal.abort("before");
    expect(await rejection(lockable.acquire({ signal: early }))).toMatchObject({ cause: "before" });
  });
});

describe("the change of the tier is safe", () => {
  test("until the largest ttl has passed, the lock counts as held", async () => {
    const { lockable, primary, clock } = await pair();
    await (await lockable.acquire({ ttl: 20_000 })).release();
    primary.stop();
    expect(await lockable.tryAcquire()).toBeNull();
    expect(lockable.tier).toBe("backup-1");
    const failed = rejection(lockable.acquire({ wait: 5_000 }));
    expect(await advanceDuring(clock, 5_000, failed)).toMatchObject({ code: "LOCK_TIMEOUT", waited: 5_000 });
    await clock.advance(14_999);
    expect(await lockable.tryUsing(() => 1)).toEqual({ acquired: false });
    await clock.advance(1);
    expect(await lockable.tryUsing((lock) => lock.tier)).toEqual({ acquired: true, value: "backup-1" });
  });

  test("it returns after the time, by one probe, and waits for the ttl of the backup", async () => {
    const { lockable, primary, clock } = await pair();
    primary.stop();
    expect(await lockable.tryAcquire()).toBeNull();
    await clock.advance(TTL);
    primary.start();
    expect(await tierOf(clock, lockable, 0)).toBe("backup-1 degraded");
    await clock.advance(30_000 - TTL - 1);
    expect(await tierOf(clock, lockable, 0)).toBe("backup-1 degraded");
    await clock.advance(1);
    const started = clock.monotonic();
    let grantedAt = 0;
    const done = lockable.using((lock) => ((grantedAt = clock.monotonic()), lock.tier));
    expect(await advanceDuring(clock, 20_000, done)).toBe("primary");
    expect(grantedAt - started).toBe(TTL);
  });

  test("it stays at the backup if the probe fails, without another wait", async () => {
    const { lockable, primary, clock } = await pair();
    primary.stop();
    await lockable.tryAcquire();
    await clock.advance(30_000);
    expect(await tierOf(clock, lockable, 1_000)).toBe("backup-1 degraded");
    primary.start();
    await clock.advance(28_000);
    expect(await tierOf(clock, lockable, 0)).toBe("backup-1 degraded");
    await clock.advance(2_000);
    expect(await tierOf(clock, lockable, TTL)).toBe("primary");
  });

  test("while no tier has a quorum, failures do not lengthen the wait for the tier that comes up first", async () => {
    const { lockable, primary, backup, clock } = await pair();
    primary.stop();
    backup.stop();
    expect(await lockable.tryAcquire()).toBeNull();
    await clock.advance(TTL);
    // Now the backup is found to be down. Locks that it has granted may be held for a ttl.
    expect(await lockable.tryAcquire()).toBeNull();
    await clock.advance(TTL);
    for (let call = 0; call < 3; call += 1) {
      expect(await rejection(lockable.tryAcquire())).toMatchObject({ code: "LOCK_NO_QUORUM" });
      await clock.advance(TTL);
    }
    backup.start();
    expect(await lockable.tryUsing((lock) => lock.tier)).toEqual({ acquired: true, value: "backup-1" });
  });

  test("a probe that finds the lock held has found the servers", async () => {
    const { lockable, primary, clock } = await pair();
    primary.stop();
    await lockable.tryAcquire();
    primary.start();
    const held = await primary.redlock.acquire("a");
    await clock.advance(30_000);
    expect(await lockable.tryAcquire()).toBeNull();
    expect(lockable.tier).toBe("primary");
    await held.release();
  });

  test("a probe that finds the tenant at its limit has found the servers", async () => {
    const { clock, tiers } = await tierWorlds(2);
    const [first, second] = tiers as [TierWorld, TierWorld];
    const [tenant, other] = [first, second].map(({ redlock }) => redlock.tenant("acme", { maxLocks: 1 }));
    const lockable = withFallback(tenant!.mutex("a"), [other!.mutex("a")]);
    const held = await tenant!.mutex("b").acquire();
    first.stop();
    expect(await lockable.tryAcquire()).toBeNull();
    first.start();
    await clock.advance(30_000);
    expect(await tenant!.mutex("b").tryAcquire()).toBeNull();
    expect(lockable.tier).toBe("backup-1");
    expect(await lockable.tryAcquire()).toBeNull();
    expect(lockable.tier).toBe("primary");
    await clock.advance(TTL);
    expect(await rejection(lockable.tryAcquire())).toMatchObject({ code: "LOCK_TENANT_LIMIT" });
    await held.release();
  });

  test("a lock of the backup that is held keeps its name there, and only its name", async () => {
    const { lockable, make, primary, clock } = await pair();
    primary.stop();
    const held = await advanceDuring(clock, 60_000, lockable.acquire({ wait: 30_000 }));
    expect(held.tier).toBe("backup-1");
    primary.start();
    await clock.advance(60_000);
    expect(await tierOf(clock, make("b"), TTL)).toBe("primary");
    expect(await lockable.tryAcquire()).toBeNull();
    expect(await make("a").tryAcquire()).toBeNull();
    const waiting = lockable.acquire({ wait: 30_000 });
    await clock.advance(20_000);
    await held.release();
    expect(await waiting).toMatchObject({ tier: "primary" });
  });

  test("a routine that runs under a lost lock keeps the other tier away", async () => {
    const { lockable, primary, clock } = await pair();
    const { promise, resolve } = withResolvers<void>();
    const running = rejection(lockable.using({ autoExtend: false }, () => promise));
    await settle();
    primary.stop();
    const waiting = lockable.acquire({ wait: 60_000 });
    let isGranted = false;
    void waiting.then(() => (isGranted = true));
    await clock.advance(90_000);
    expect(isGranted).toBe(false);
    resolve();
    expect(await running).toMatchObject({ code: "LOCK_LOST" });
    expect(await waiting).toMatchObject({ tier: "backup-1" });
  });

  test("a detached lock keeps the other tier away for its ttl", async () => {
    const { lockable, primary, clock } = await pair();
    await (await lockable.acquire({ ttl: 40_000 })).detach();
    await clock.advance(1_000);
    primary.stop();
    await lockable.tryAcquire();
    await clock.advance(38_999);
    expect(await lockable.tryAcquire()).toBeNull();
  });

  test("a call that goes on to the backup waits for its time, also if the primary comes up meanwhile", async () => {
    const { lockable, make, primary, clock } = await pair({ returnAfterMs: 100 });
    const options = { ttl: 3_000, wait: 4_000 };
    const held = await make("c").acquire(options);
    primary.stop();
    const startedAt = clock.monotonic();
    const granted = lockable.using(options, ({ tier }) => [tier, clock.monotonic() - startedAt]);
    // This call finds that the primary has no quorum, and sends the other one to the backup.
    expect(await make("d").tryAcquire(options)).toBeNull();
    await clock.advance(150);
    primary.start();
    const other = make("b").using(options, ({ tier }) => tier);
    await clock.advance(50);
    expect(lockable.tier).toBe("primary");
    // The end of a use wakes all callers that wait for a tier.
    await held.release();
    await clock.advance(10_000);
    expect(await granted).toEqual(["backup-1", 3_000]);
    expect(await other).toBe("primary");
  });

  test("two tiers never hold a name at once in a process, whatever fails", async () => {
    const grantsByTier = new Map<string, number>();
    const move = fc.oneof(
      {
        weight: 4,
        arbitrary: fc.record({
          call: fc.constantFrom("acquire", "using", "try"),
          name: fc.constantFrom("a", "b"),
          wait: fc.constantFrom(0, 500, 5_000),
          holdMs: fc.constantFrom(300, 6_000),
        }),
      },
      { weight: 2, arbitrary: fc.record({ toggle: fc.constantFrom(0, 1) }) },
      { weight: 3, arbitrary: fc.record({ advance: fc.constantFrom(50, 700, 3_000) }) },
    );
    const property = fc.asyncProperty(
      fc.array(move, { minLength: 10, maxLength: 40 }),
      fc.integer(),
      async (moves, seed) => {
        const { clock, tiers } = await tierWorlds(2, { ttl: 1_000 }, new SeededClock(seed));
        const make = (name: string) =>
          withFallback(tiers[0]!.redlock.mutex(name), [tiers[1]!.redlock.mutex(name)], {
            local: true,
            returnAfterMs: 1_500,
          });
        const isUp = [true, true];
        const granted: { readonly name: string; readonly lock: Lock & TierInfo; isRunning: boolean }[] = [];
        const check = (name: string, lock: Lock & TierInfo): void => {
          const others = granted.filter((other) => other.name === name && other.lock.tier !== lock.tier);
          const held = others.filter((other) => other.lock.isHeld || other.isRunning);
          expect({ [lock.tier]: held.map((other) => other.lock.tier) }).toEqual({ [lock.tier]: [] });
        };
        const calls: Promise<unknown>[] = [];
        const start = (each: {
          call: string;
          name: string;
          wait: number;
          holdMs: number;
        }): Promise<unknown> => {
          const { call, name, wait, holdMs } = each;
          const lockable = make(name);
          const hold = async (lock: (Lock & TierInfo) | null): Promise<void> => {
            if (lock === null) return;
            check(name, lock);
            grantsByTier.set(lock.tier, (grantsByTier.get(lock.tier) ?? 0) + 1);
            const entry = { name, lock, isRunning: call === "using" };
            granted.push(entry);
            await new Promise<void>((resolve) => clock.setTimer(holdMs, resolve, false));
            entry.isRunning = false;
          };
          if (call === "using") return lockable.using({ wait }, hold);
          const acquiring = call === "try" ? lockable.tryAcquire() : lockable.acquire({ wait });
          return acquiring.then(async (lock) => {
            await hold(lock);
            await lock?.release();
          });
        };
        for (const each of moves) {
          if ("advance" in each) await clock.advance(each.advance);
          else if ("toggle" in each) {
            const tier = tiers[each.toggle]!;
            if (isUp[each.toggle]) tier.stop();
            else tier.start();
            isUp[each.toggle] = !isUp[each.toggle];
          } else {
            const call = start(each);
            call.catch(() => undefined);
            calls.push(call);
          }
        }
        await clock.advance(60_000);
        const results = await Promise.allSettled(calls);
        const expected = ["LOCK_TIMEOUT", "LOCK_NO_QUORUM", "LOCK_LOST"];
        const codes = results.flatMap((result) =>
          result.status === "rejected"
            ? [(result.reason as { code?: string }).code ?? String(result.reason)]
            : [],
        );
        expect(codes.filter((code) => !expected.includes(code))).toEqual([]);
        expect(clock.keepAliveTimers).toBe(0);
      },
    );
    await fc.assert(property, { numRuns: 40, seed: 7 });
    for (const tier of ["primary", "backup-1", "local"]) expect(grantsByTier.get(tier)).toBeGreaterThan(10);
  });
});

describe("a listener of the tier", () => {
  test("is called when another tier is used first, with the reason, also by calls of other lockables", async () => {
    const { lockable, make, primary, backup, clock } = await pair({ local: true, safeSwitch: false });
    const changes: unknown[] = [];
    const stop = lockable.onTierChange(({ from, to, error }) => changes.push([from, to, error?.code]));
    const stopAll = lockable.onTierChange(() => changes.push("second"));
    stopAll();
    expect(await tierOf(clock, lockable, 0)).toBe("primary");
    expect(changes).toEqual([]);
    primary.stop();
    expect(await tierOf(clock, make("b"), 0, 0)).toBe("backup-1 degraded");
    expect(changes).toEqual([["primary", "backup-1", "LOCK_NO_QUORUM"]]);
    backup.stop();
    expect(await tierOf(clock, lockable, 0, 0)).toBe("local degraded");
    expect(lockable.tier).toBe("local");
    primary.start();
    await clock.advance(30_000);
    expect(await tierOf(clock, make("b"), 0)).toBe("primary");
    expect(changes.slice(1)).toEqual([
      ["backup-1", "local", "LOCK_NO_QUORUM"],
      ["local", "primary", undefined],
    ]);
    stop();
    stop();
    primary.stop();
    expect(await tierOf(clock, lockable, 0, 0)).toBe("local degraded");
    expect(changes).toHaveLength(3);
  });

  test("is not called for a lower tier that fails, and its own failure is a process warning", async () => {
    const { lockable, primary, backup, clock } = await pair({ local: true, safeSwitch: false });
    const warnings: string[] = [];
    const collect = ({ message }: Error): void => void warnings.push(message);
    process.on("warning", collect);
    let calls = 0;
    lockable.onTierChange(() => {
      calls += 1;
      throw new Error("from a listener");
    });
    backup.stop();
    expect(await rejection(backup.redlock.acquire("a", { wait: 0 }))).toMatchObject({
      code: "LOCK_NO_QUORUM",
    });
    expect(await tierOf(clock, lockable, 0)).toBe("primary");
    expect(calls).toBe(0);
    primary.stop();
    expect(await tierOf(clock, lockable, 0, 0)).toBe("local degraded");
    await settle();
    process.off("warning", collect);
    expect(calls).toBe(2);
    expect(warnings.join("\n")).toMatch(/a listener of the tier threw: from a listener/);
    expect(() => lockable.onTierChange(undefined as never)).toThrow(
      new TypeError("listener: undefined must be a function"),
    );
  });
});

describe("the tier in the process", () => {
  test("excludes callers of the process, has a ttl, and reports its loss", async () => {
    const { clock, tiers } = await tierWorlds(1);
    const [primary] = tiers as [TierWorld];
    const make = () => withFallback(primary.redlock.mutex("a"), [], { local: true, safeSwitch: false });
    primary.stop();
    const lock = await make().acquire({ ttl: 3_000, autoExtend: false, wait: 0 });
    expect(lock).toMatchObject({ tier: "local", degraded: true, ttl: 3_000 });
    expect(await make().tryAcquire()).toBeNull();
    await clock.advance(3_100);
    expect(lock.isHeld).toBe(false);
    const second = await make().acquire({ wait: 0 });
    expect(second.ttl).toBe(TTL);
    await second.release();
  });

  test("has the events of the primary client, with ids of that client, and none of its instance", async () => {
    const { clock, tiers } = await tierWorlds(1);
    const [primary] = tiers as [TierWorld];
    const { redlock } = primary;
    const stats = new LockStats(redlock);
    const seen: string[] = [];
    const ids = new Set<number>();
    for (const name of ["started", "succeeded", "failed"] as const)
      redlock.on(`lock:acquire:${name}`, ({ id }) => void (seen.push(name), ids.add(id)));
    redlock.on("instance:up", ({ instance }) => void seen.push(instance));
    redlock.on("instance:down", ({ instance }) => void seen.push(instance));
    const make = () => withFallback(redlock.mutex("a"), [], { local: true, safeSwitch: false });
    primary.stop();
    const lock = await make().acquire({ wait: 0 });
    expect(lock.tier).toBe("local");
    expect(stats.statistics("a")).toMatchObject({ active: 1, counts: { acquired: 1, noQuorum: 1 } });
    await clock.advance(1_000);
    await lock.release();
    expect(stats.statistics("a")).toMatchObject({ active: 0, hold: { count: 1, max: 1_000 } });
    await make().acquire({ wait: 0 });
    await redlock.close();
    await settle();
    expect(stats.statistics("a")).toMatchObject({ active: 0, counts: { lost: { closed: 1 } } });
    expect(seen.filter((name) => name !== "started")).toEqual(["failed", "succeeded", "succeeded"]);
    expect(ids.size).toBe(3);
  });

  test("works for the names of a tenant and for several names, and ends with the client", async () => {
    const { tiers } = await tierWorlds(1);
    const [primary] = tiers as [TierWorld];
    const { redlock } = primary;
    primary.stop();
    const options = { local: true, safeSwitch: false } as const;
    const tenant = redlock.tenant("acme", { maxLocks: 3 });
    expect(await withFallback(tenant.mutex("a"), [], options).tryUsing((lock) => lock.tier)).toMatchObject({
      value: "local",
    });
    const several = withFallback(redlock.mutex(["x", "y"]), [], options);
    const lock = await several.acquire();
    expect(lock).toMatchObject({ names: ["x", "y"], tier: "local" });
    const waiting = rejection(withFallback(redlock.mutex("x"), [], options).acquire({ wait: Infinity }));
    await settle();
    await redlock.close();
    expect(await waiting).toMatchObject({ code: "LOCK_CLOSED" });
    expect(lock.isHeld).toBe(false);
    expect(await rejection(several.acquire())).toMatchObject({ code: "LOCK_CLOSED" });
  });
});

test("bad arguments are refused", async () => {
  const { primary, backup, lockable } = await pair();
  const [a, b] = [primary.redlock.mutex("a"), backup.redlock.mutex("a")];
  expect(() => withFallback(undefined as never, [b])).toThrow(/^lockable: undefined /);
  expect(() => withFallback(a, [])).toThrow(/^backups: the array is empty/);
  expect(() => withFallback(a, b as never)).toThrow(/^backups: an object .* must be an array/);
  expect(() => withFallback(a, [b, null as never])).toThrow(/^backups\[1\]: null must be a Lockable/);
  expect(() => withFallback(a, [primary.redlock.mutex("b")])).toThrow(
    /^backups\[0\]: it is of the same client/,
  );
  expect(() => withFallback(a, [b, b])).toThrow(/^backups\[1\]: it is of the same client/);
  expect(() => withFallback(lockable, [b])).toThrow(/^primary: it has a fallback already/);
  expect(() => withFallback(a, [b], { local: 1 as never })).toThrow(/^local: 1 /);
  expect(() => withFallback(a, [b], { safeSwitch: "no" as never })).toThrow(/^safeSwitch: "no" /);
  expect(() => withFallback(a, [b], { returnAfterMs: 0 })).toThrow(/^returnAfterMs: 0 /);
  expect(() => withFallback(a, [b], { saveSwitch: true } as never)).toThrow(/`safeSwitch` is probably meant/);
  expect(await rejection(lockable.acquire({ ttl: -5 }))).toBeInstanceOf(RangeError);
  expect(await rejection(lockable.tryAcquire({ retries: 5 } as never))).toBeInstanceOf(TypeError);
});
