import { describe, expect, test } from "vitest";
import { pool, QuorumError, type Redlock, when, withCircuitBreaker } from "../../src/index.ts";
import { LockStats } from "../../src/observe/index.ts";
import { settle } from "../support/virtual-clock.ts";
import { advanceDuring, world } from "../support/world.ts";

/** Stats, and a client with a ttl of 10 s. */
function observedWorld(count = 3) {
  const scene = world(count, { wait: 1_000 });
  return { ...scene, stats: new LockStats(scene.redlock) };
}

const of = (stats: LockStats, resource: string) => {
  const found = stats.snapshot().find((each) => each.resource === resource);
  if (found === undefined) throw new Error(`no class ${resource}: ${stats.classes.join()}`);
  return found;
};

describe("counts", () => {
  test("a grant, its hold and its release, by class", async () => {
    const { redlock, clock, stats } = observedWorld();
    const first = await redlock.acquire("order:41");
    const second = await redlock.acquire("order:42");
    await clock.advance(500);
    expect(of(stats, "order:*")).toMatchObject({ active: 2, longestHoldMs: 500, waiters: 0 });
    expect([2, 3]).toContain(of(stats, "order:*").votes);
    await first.release();
    await clock.advance(1_500);
    await second.release();
    const { counts, active, hold, wait, longestHoldMs, firstAt, lastAt } = of(stats, "order:*");
    expect(counts).toMatchObject({ acquired: 2, releasedConfirmed: 2, releasedUnconfirmed: 0, timedOut: 0 });
    expect({ active, longestHoldMs }).toEqual({ active: 0, longestHoldMs: 0 });
    expect(hold).toMatchObject({ count: 2, min: 500, max: 2_000, mean: 1_250 });
    expect(wait.count).toBe(2);
    expect([firstAt, lastAt]).toEqual([stats.startedAt, stats.startedAt]);
  });

  test("a single attempt that finds the lock held is skipped; a time-out is a failure with a wait", async () => {
    const { redlock, clock, stats } = observedWorld();
    await redlock.acquire("job");
    expect(await redlock.tryAcquire("job")).toBeNull();
    await expect(advanceDuring(clock, 1_100, redlock.acquire("job"))).rejects.toThrow("job");
    const { counts, wait } = of(stats, "job");
    expect(counts).toMatchObject({ acquired: 1, contended: 1, timedOut: 1, noQuorum: 0 });
    expect(wait.count).toBe(2);
    expect(wait.max).toBeCloseTo(1_000, -1);
  });

  test("waiters and the oldest one are counted while they wait", async () => {
    const { redlock, clock, stats } = observedWorld();
    const lock = await redlock.acquire("job");
    const next = redlock.acquire("job");
    await clock.advance(300);
    const last = redlock.acquire("job");
    await clock.advance(100);
    expect(of(stats, "job")).toMatchObject({ waiters: 2, oldestWaitMs: 400, active: 1 });
    expect(stats.waits()).toMatchObject([
      { names: ["job"], durationMs: 400, kind: "mutex", tokenId: undefined },
      { names: ["job"], durationMs: 100 },
    ]);
    await lock.release();
    const got = await next;
    expect(of(stats, "job")).toMatchObject({ waiters: 1, active: 1, counts: { acquired: 2 } });
    expect(stats.holds()).toMatchObject([
      { names: ["job"], tokenId: got.token.slice(0, 8), fence: got.fence, kind: "mutex", mode: "exclusive" },
    ]);
    await got.release();
    await (await last).release();
    expect(of(stats, "job")).toMatchObject({ waiters: 0, active: 0, oldestWaitMs: 0 });
    expect([stats.waits(), stats.holds()]).toEqual([[], []]);
  });

  test("a caller that waits for a pool waits once, and its wait is the time from the call to the lock", async () => {
    const { redlock, clock, stats } = observedWorld();
    const limited = pool(redlock, { size: 1 });
    const first = await limited.mutex("a").acquire();
    const elsewhere = await redlock.acquire("b");
    const next = limited.mutex("b").acquire({ wait: 60_000 });
    await clock.advance(8_000);
    expect(of(stats, "b")).toMatchObject({ waiters: 1, oldestWaitMs: 8_000 });
    await first.release();
    await clock.advance(2_000);
    expect(of(stats, "b")).toMatchObject({ waiters: 1, oldestWaitMs: 2_000 });
    await elsewhere.release();
    const lock = await next;
    const { wait, counts, waiters } = of(stats, "b");
    expect({ waiters, acquired: counts.acquired }).toEqual({ waiters: 0, acquired: 2 });
    expect(wait).toMatchObject({ count: 2, min: 0 });
    expect(wait.max).toBeCloseTo(10_000, -2);
    const late = limited.mutex("b").acquire({ wait: 9_000 });
    await expect(advanceDuring(clock, 9_500, late)).rejects.toThrow("pool");
    expect(of(stats, "b")).toMatchObject({ wait: { count: 3 }, counts: { timedOut: 1 }, waiters: 0 });
    await lock.release();
  });

  test("a caller that waits for a condition waits from its call on, although the condition is checked again and again", async () => {
    const { redlock, clock, stats } = observedWorld();
    let [isOpen, notify] = [false, (): void => undefined];
    const changed = (onChange: () => void) => {
      notify = onChange;
      return () => undefined;
    };
    const lock = when(redlock.mutex("job"), () => isOpen, { changed }).acquire({ wait: 60_000 });
    for (let second = 0; second < 10; second += 1) {
      await clock.advance(1_000);
      notify();
      await settle();
    }
    expect(of(stats, "job")).toMatchObject({ waiters: 1, oldestWaitMs: 10_000 });
    isOpen = true;
    notify();
    await (await lock).release();
    expect(of(stats, "job")).toMatchObject({ waiters: 0, wait: { count: 1, min: 10_000 } });
  });

  test("calls that an open circuit breaker refuses are failures for lack of a quorum, without a wait", async () => {
    const { redlock, clock, stats, instances } = observedWorld();
    const job = withCircuitBreaker(redlock.mutex("job"), { failureThreshold: 1 });
    for (const instance of instances) instance.kill();
    for (let call = 0; call < 30; call += 1)
      await advanceDuring(
        clock,
        call === 0 ? 1_100 : 1,
        job.acquire().catch(() => undefined),
      );
    expect(of(stats, "job")).toMatchObject({ counts: { noQuorum: 30 }, wait: { count: 1 }, waiters: 0 });
    expect(stats.window(5)).toMatchObject({ attempts: 30, successRatio: 0 });
  });

  test("a lock that goes to the next waiter in one round is a hand-over", async () => {
    const { redlock, stats } = observedWorld();
    const lock = await redlock.acquire("job");
    const next = redlock.acquire("job");
    await settle();
    await lock.release();
    await (await next).release();
    expect(of(stats, "job").counts).toMatchObject({ handedOver: 1, acquired: 2, releasedConfirmed: 2 });
  });

  test("no quorum, aborted, closed, extended, lost by cause, detached and attached", async () => {
    const { redlock, clock, stats, instances } = observedWorld();
    const controller = new AbortController();
    const held = await redlock.acquire("a");
    const aborted = redlock.acquire("a", { signal: controller.signal }).catch(() => undefined);
    controller.abort();
    await aborted;
    await held.extend();
    const passed = await redlock.acquire("b");
    const attached = await redlock.attach(await passed.detach());
    await attached.release();
    for (const instance of instances.slice(1)) instance.kill();
    const failed = advanceDuring(clock, 2_000, redlock.acquire("c"));
    await expect(failed).rejects.toThrow(QuorumError);
    expect(of(stats, "c").counts).toMatchObject({ acquired: 0, noQuorum: 1, timedOut: 0 });
    expect(of(stats, "a").counts).toMatchObject({ acquired: 1, aborted: 1, extended: 1 });
    expect(of(stats, "b").counts).toMatchObject({
      acquired: 1,
      detached: 1,
      attached: 1,
      releasedConfirmed: 1,
    });
    await redlock.close();
    expect(of(stats, "a").counts.lost).toEqual({ expired: 0, taken: 0, closed: 1 });
    expect(of(stats, "a").active).toBe(0);
  });
});

describe("windows", () => {
  test("slide: what is older does not count, and below 20 attempts there is no success ratio", async () => {
    const { redlock, clock, stats } = observedWorld();
    const work = async (times: number): Promise<void> => {
      for (let time = 0; time < times; time += 1) await (await redlock.acquire("order:1")).release();
    };
    await work(19);
    expect(stats.window(5)).toMatchObject({ attempts: 19, successRatio: undefined });
    await work(1);
    expect(stats.window(5)).toMatchObject({ attempts: 20, successRatio: 1 });
    await redlock.acquire("order:2");
    for (let time = 0; time < 40; time += 1) await redlock.tryAcquire("order:2");
    expect(stats.window(5)).toMatchObject({ attempts: 21, successRatio: 1, counts: { skipped: 40 } });
    const late = Array.from({ length: 21 }, () => redlock.acquire("order:2").catch(() => undefined));
    await clock.advance(2_000);
    await Promise.all(late);
    expect(stats.window(5, "order:*")).toMatchObject({ attempts: 42, successRatio: 0.5 });
    expect(stats.window(1).wait.count).toBe(42);
    expect(stats.window(5, "unknown")).toMatchObject({ attempts: 0, wait: { count: 0, p99: undefined } });
    await clock.advance(70_000);
    expect(stats.window(1).attempts).toBe(0);
    expect(stats.window(5).attempts).toBe(42);
    await clock.advance(240_000);
    expect(stats.window(5).attempts).toBe(0);
    expect(stats.window(15)).toMatchObject({ attempts: 42, successRatio: 0.5 });
    await clock.advance(600_000);
    expect(stats.window(15)).toMatchObject({ attempts: 0, wait: { count: 42 } });
    await clock.advance(60_000);
    expect(stats.window(15).wait.count).toBe(0);
  });

  test("have rates per second of the time that they cover, and the mean number of waiters", async () => {
    const { redlock, clock, stats } = observedWorld();
    await redlock.acquire("job", { ttl: 60_000 });
    await clock.advance(29_000);
    await advanceDuring(
      clock,
      1_000,
      redlock.acquire("job").catch(() => undefined),
    );
    const { coveredMs, perSecond, meanWaiters } = stats.window(1);
    expect(coveredMs).toBe(30_000);
    expect(perSecond.acquired).toBeCloseTo(1 / 30);
    expect(meanWaiters).toBeCloseTo(1 / 30, 2);
  });

  test("count a wait and a hold while they last, and not the time before the window", async () => {
    const { redlock, clock, stats } = observedWorld();
    const lock = await redlock.acquire("job");
    const controller = new AbortController();
    const waits = [{}, { signal: controller.signal }].map((options) =>
      redlock.acquire("job", { wait: Infinity, ...options }).catch(() => undefined),
    );
    await clock.advance(600_000);
    for (const minutes of [1, 5, 15] as const) {
      const { meanWaiters, counts, coveredMs } = stats.window(minutes);
      expect(meanWaiters).toBeCloseTo(2, 5);
      expect(counts.heldMs).toBeCloseTo(coveredMs, 0);
    }
    controller.abort();
    await lock.release();
    await (await waits[0])?.release();
    await waits[1];
    expect(stats.window(1).meanWaiters).toBeCloseTo(2, 5);
    await clock.advance(90_000);
    expect(stats.window(1)).toMatchObject({ meanWaiters: 0, counts: { waitedMs: 0, heldMs: 0 } });
    const { meanWaiters, coveredMs } = stats.window(5);
    expect(meanWaiters).toBeCloseTo((2 * (coveredMs - 90_000)) / coveredMs, 2);
  });

  test("have no large rates right after the start", async () => {
    const { redlock, clock, stats } = observedWorld();
    await redlock.acquire("job");
    await clock.advance(1);
    expect(stats.window(1)).toMatchObject({ coveredMs: 1, perSecond: { acquired: 0.1 } });
  });
});

describe("classes", () => {
  test("are bounded: a million different names have at most 200 classes, and the rest is `other`", () => {
    const { listeners, source } = fakeClient();
    const stats = new LockStats(source, { classOf: (name) => name });
    const emit = (name: string, event: object): void => listeners.get(name)?.(event);
    const [kind, mode, token] = ["mutex", "exclusive", "f".repeat(32)];
    for (let id = 0; id < 1_000_000; id += 1) {
      const names = [`name-${id}`];
      emit("lock:acquire:started", { id, names, kind, mode, ttlMs: 10, waitMs: 10 });
      const waitedMs = (id % 997) ** 2;
      emit("lock:acquire:succeeded", {
        id,
        names,
        kind,
        mode,
        token,
        fence: 1,
        waitMs: 10,
        waitedMs,
        votes: 2,
      });
      emit("lock:released", { id, names, heldMs: waitedMs / 3, confirmed: true });
    }
    expect(stats.classes).toHaveLength(201);
    expect(stats.snapshot().map(({ counts }) => counts.acquired)).toEqual([
      ...Array.from({ length: 200 }, () => 1),
      999_800,
    ]);
    // 432 is the maximum number of buckets of one histogram. Each class has 2 histograms, and 2 windows of 16.
    expect(stats.size).toEqual({ classes: 201, courses: 0, buckets: expect.any(Number) as number });
    expect(stats.size.buckets).toBeLessThan(201 * 2 * 17 * 432);
    expect(stats.size.buckets).toBeLessThan(60_000);
  });

  test("the figures of a name that had no class left are those of `other`", async () => {
    const { redlock } = world();
    const stats = new LockStats(redlock, { classOf: (name) => name });
    for (let index = 0; index < 202; index += 1) await redlock.acquire(`name-${index}`);
    expect(stats.statistics("name-201")).toMatchObject({ resource: "other", acquisition_count: 2 });
    expect(stats.percentiles("name-201")).toMatchObject({ resource: "other" });
    expect(stats.window(5, "name-201").counts.acquired).toBe(2);
    expect(stats.statistics("name-7")).toMatchObject({ resource: "name-7", acquisition_count: 1 });
  });

  test("a lock on several names is of the class of the last one, and so is a lock on a tree", async () => {
    const { redlock, stats } = observedWorld();
    await redlock.acquire(["b:2", "a:1"]);
    await redlock.hierarchy("acme", "orders", "42").acquire();
    expect(stats.classes).toEqual(["b:*", "{acme}/orders/*"]);
  });

  test("a classOf that throws, or returns no short text, makes `other`", async () => {
    const { redlock } = world();
    const results: readonly (() => unknown)[] = [
      () => "",
      () => "x".repeat(129),
      () => 1,
      () => {
        throw new Error("no class");
      },
    ];
    let next = 0;
    const stats = new LockStats(redlock, { classOf: () => results[next]!() as string });
    for (; next < results.length; next += 1) await redlock.acquire(`name ${next}`);
    expect(stats.snapshot()).toMatchObject([{ resource: "other", counts: { acquired: 4 } }]);
  });
});

describe("the fields of the source documents", () => {
  test("are all there, in seconds, next to ours", async () => {
    const { redlock, clock, stats } = observedWorld();
    const lock = await redlock.acquire("order:1");
    await redlock.tryAcquire("order:1");
    await clock.advance(2_000);
    await lock.release();
    const fields = stats.statistics("order:77");
    expect(fields).toMatchObject({
      resource: "order:*",
      success_rate: 100,
      total_attempts: 2,
      successful_acquisitions: 1,
      failed_acquisitions: 1,
      timeouts: 0,
      network_errors: 0,
      average_wait_time: 0,
      max_wait_time: 0,
      min_wait_time: 0,
      total_wait_time: 0,
      active_locks: 0,
      average_hold_time: 2,
      max_hold_time: 2,
      min_hold_time: 2,
      total_hold_time: 2,
      acquisition_count: 1,
      acquisition_failures: 1,
      acquisition_timeouts: 0,
      timeout_count: 0,
      release_count: 1,
      expired_locks: 0,
      quorum_failures: 0,
      wait_time_histogram: [{ le: expect.any(Number) as number, count: 1 }],
      first_acquisition: stats.startedAt / 1_000,
      last_acquisition: stats.startedAt / 1_000,
      hold: { count: 1, mean: 2_000 },
    });
    expect(stats.percentiles("order:*")).toMatchObject({
      resource: "order:*",
      wait_time_percentiles: { p50: 0, p75: 0, p90: 0, p95: 0, p99: 0 },
      hold_time_percentiles: { p50: 2, p75: 2, p90: 2, p95: 2, p99: 2 },
      hold: { p50: 2_000 },
    });
  });

  test("an unknown name has none", () => {
    const { stats } = observedWorld();
    expect(stats.statistics("nothing")).toEqual({ message: "No data available" });
    expect(stats.percentiles("nothing")).toEqual({ message: "No data available" });
  });
});

describe("a client", () => {
  test("several can be observed at once; their ids do not mix", async () => {
    const [one, other] = [world(), world()];
    const stats = new LockStats([one.redlock, other.redlock, one.redlock]);
    const first = await one.redlock.acquire("job");
    await other.redlock.acquire("job");
    expect(of(stats, "job")).toMatchObject({ active: 2, counts: { acquired: 2 } });
    await first.release();
    expect(of(stats, "job").active).toBe(1);
  });

  test("stop() removes all listeners, and what is under way is no longer counted", async () => {
    const { source, count } = fakeClient();
    const stats = new LockStats(source);
    expect(count()).toBeGreaterThan(10);
    stats.stop();
    expect(count()).toBe(0);

    const { redlock } = world();
    const real = new LockStats(redlock);
    const lock = await redlock.acquire("job");
    real.stop();
    await lock.release();
    expect(of(real, "job")).toMatchObject({ active: 0, counts: { acquired: 1, releasedConfirmed: 0 } });
  });

  test("figures that begin in the middle of a hold stay right", async () => {
    const { redlock } = world();
    const lock = await redlock.acquire("job");
    const waiting = redlock.acquire("job");
    await settle();
    const stats = new LockStats(redlock);
    await lock.release();
    await (await waiting).release();
    expect(of(stats, "job")).toMatchObject({
      active: 0,
      waiters: 0,
      counts: { acquired: 1, releasedConfirmed: 2 },
    });
    expect(stats.size.courses).toBe(0);
  });

  test("something else, and bad options, are errors that name the field and the value", () => {
    const { redlock } = world();
    const wrong = (first: unknown, options?: object) => () => new LockStats(first as Redlock, options);
    expect(wrong({})).toThrow("redlock: an object (Object) must be a Redlock or a MutexRedlock");
    expect(wrong([])).toThrow("redlocks: the list is empty");
    expect(wrong(redlock, { classOf: "order" })).toThrow('classOf: "order" must be a function');
    expect(wrong(redlock, { clasOf: () => "" })).toThrow("`classOf` is probably meant");
    expect(() => new LockStats(redlock).window(2 as 5)).toThrow("minutes: 2 must be 1, 5 or 15");
  });
});

/** A client whose events a test emits. */
function fakeClient() {
  const { redlock } = world();
  const listeners = new Map<string, (event: unknown) => void>();
  const source = Object.assign(Object.create(redlock) as Redlock, {
    on(name: string, listener: (event: unknown) => void) {
      listeners.set(name, listener);
      return () => void listeners.delete(name);
    },
  });
  return { source, listeners, count: () => listeners.size };
}
