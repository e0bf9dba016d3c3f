import { describe, expect, test } from "vitest";
import { settle } from "../support/virtual-clock.ts";
import { countAcquires, watchedWorld } from "../support/watched-world.ts";

describe("waiters of one process", () => {
  test("only the first waiter sends requests", async () => {
    const world = watchedWorld();
    const redlock = world.client();
    const held = await redlock.acquire("a");
    const before = countAcquires(world);
    const waits = Array.from({ length: 100 }, () => redlock.acquire("a", { wait: Infinity }));
    await settle();
    expect(countAcquires(world)).toBe(before);
    await held.release();
    for (const wait of waits) await (await wait).release();
    expect((countAcquires(world) - before) / 3).toBe(100);
  });

  test("a hand-over is one write to each instance for the release and the next request", async () => {
    const world = watchedWorld();
    const redlock = world.client();
    const held = await redlock.acquire("a");
    const next = redlock.acquire("a");
    await settle();
    const before = world.instances.map(({ runCalls: calls }) => calls);
    await held.release();
    await next;
    expect(world.instances.map(({ runCalls: calls }, index) => calls - before[index]!)).toEqual([1, 1, 1]);
    expect(world.instances[0]!.operations.at(-1)).toBe("mutex.takeOver");
  });

  test("a long queue sometimes yields to another process", async () => {
    const world = watchedWorld();
    const [busy, single] = [world.client(), world.client()];
    const held = await busy.acquire("a");
    let served = 0;
    const busyed = Array.from({ length: 200 }, () =>
      busy.using("a", { wait: Infinity }, () => void (served += 1)),
    );
    let servedBeforeOther = -1;
    const other = single.using("a", { wait: Infinity }, () => void (servedBeforeOther = served));
    await world.clock.advance(10);
    await held.release();
    await world.clock.advance(2_000);
    await Promise.all([...busyed, other]);
    expect(served).toBe(200);
    expect(servedBeforeOther).toBeLessThanOrEqual(66);
  });

  test("a waiter behind others of its process reports the holder that they know", async () => {
    const world = watchedWorld();
    const redlock = world.client();
    const held = await world.client({ owner: "elsewhere" }).acquire("a");
    const first = redlock.acquire("a", { wait: 2_000 });
    const second = redlock.acquire("a", { wait: 1_000 });
    const failed = Promise.all([
      first.catch((error: unknown) => error),
      second.catch((error: unknown) => error),
    ]);
    await world.clock.advance(2_001);
    const [one, two] = await failed;
    expect(two).toMatchObject({ code: "LOCK_TIMEOUT", holder: { owner: "elsewhere", token: held.token } });
    // The remaining time was reported at the beginning, and has decreased since.
    expect(two).toHaveProperty("holder.remaining", expect.closeTo(9_000, -1));
    expect(one).toMatchObject({ code: "LOCK_TIMEOUT", holder: { owner: "elsewhere" } });
  });

  test("a caller behind a waiter reports an outage as an outage, not as contention", async () => {
    const world = watchedWorld();
    const redlock = world.client();
    await redlock.using("warm", () => undefined);
    for (const instance of world.instances) instance.kill();
    const first = redlock.acquire("a", { wait: 5_000 }).catch((error: unknown) => error);
    await world.clock.advance(10);
    await expect(redlock.tryAcquire("a")).rejects.toMatchObject({ code: "LOCK_NO_QUORUM" });
    await world.clock.advance(5_000);
    expect(await first).toMatchObject({ code: "LOCK_NO_QUORUM" });
  });

  test("a waiter for several names does not block a free name", async () => {
    const world = watchedWorld();
    const redlock = world.client();
    const a = await redlock.acquire("a");
    const both = redlock.acquire(["a", "b"], { wait: Infinity });
    await settle();
    // The holder of "a" also acquires "b". All callers use the same order, so there is no deadlock.
    const b = await redlock.tryAcquire("b");
    expect(b).not.toBeNull();
    await b?.release();
    await a.release();
    await (await both).release();
  });

  test("tryAcquire does not overtake a waiter", async () => {
    const world = watchedWorld();
    const redlock = world.client();
    const held = await redlock.acquire("a");
    const waiting = redlock.acquire("a", { wait: Infinity });
    expect(await redlock.tryAcquire("a")).toBeNull();
    await held.release();
    expect(await redlock.tryAcquire("a")).toBeNull();
    await (await waiting).release();
    expect(await redlock.tryAcquire("a")).not.toBeNull();
  });
});
