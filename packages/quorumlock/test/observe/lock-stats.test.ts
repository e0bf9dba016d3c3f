import { describe, expect, test } from "vitest";
import { LockStats } from "../../src/observe/index.ts";
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
    expect(of(stats, "order:*")).toMatchObject({ active: 2, longestHoldMs: 500, votes: 3, waiters: 0 });
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
    await expect(advanceDuring(clock, 1_100, redlock.acquire("job"))).rejects.toThrow();
    const { counts, wait } = of(stats, "job");
    expect(counts).toMatchObject({ acquired: 1, contended: 1, timedOut: 1, noQuorum: 0 });
    expect(wait.count).toBe(2);
    expect(wait.max).toBeCloseTo(1_000, -1);
  });

  test("waiters and the oldest one are counted while they wait, and a hand-over is one", async () => {
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
    expect(of(stats, "job")).toMatchObject({ waiters: 1, active: 1, counts: { handedOver: 1, acquired: 2 } });
    expect(stats.holds()).toMatchObject([
      { names: ["job"], tokenId: got.token.slice(0, 8), fence: got.fence, kind: "mutex", mode: "exclusive" },
    ]);
    await got.release();
    await (await last).release();
    expect(of(stats, "job")).toMatchObject({ waiters: 0, active: 0, oldestWaitMs: 0 });
    expect([stats.waits(), stats.holds()]).toEqual([[], []]);
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
    for (const instance of instances) instance.disconnect?.();
    await clock.advance(0);
    expect(of(stats, "a").counts).toMatchObject({ acquired: 1, aborted: 1, extended: 1 });
    expect(of(stats, "b").counts).toMatchObject({ acquired: 1, detached: 1, attached: 1, releasedConfirmed: 1 });
    await redlock.close();
    expect(of(stats, "a").counts.lost).toEqual({ expired: 0, taken: 0, closed: 1 });
    expect(of(stats, "a").active).toBe(0);
  });
});
