import { describe, expect, test } from "vitest";
import { fenceKey } from "../support/lock-keys.ts";
import { settle } from "../support/virtual-clock.ts";
import { type WatchedWorld, watchedWorld } from "../support/watched-world.ts";

function lockTokens({ instances }: WatchedWorld, name: string): readonly (string | undefined)[] {
  return instances.map((instance) => instance.get(`lock:${name}`));
}

describe("a hand-over of a lock that instances have lost", () => {
  const subsets = [[], [0], [1], [2], [0, 1], [0, 2], [1, 2], [0, 1, 2]];

  /** A holder and the next waiter of its client. The keys are deleted on some instances, as by an eviction. */
  async function evictedOn(indexes: readonly number[]) {
    const world = watchedWorld(3, { requestTimeout: 100 });
    const redlock = world.client();
    const first = await redlock.acquire("a");
    const next = redlock.acquire("a", { wait: Infinity });
    await settle();
    for (const index of indexes) world.instances[index]!.delete("lock:a");
    return { world, first, next };
  }

  test.each(subsets.map((indexes) => [indexes]))(
    "gives the next holder all instances and a larger token, if it is lost on %j",
    async (indexes) => {
      const { world, first, next } = await evictedOn(indexes);
      const wasHeld = await first.release();
      // The first two replies decide. Then the third one is not known.
      expect(wasHeld).toBe(!indexes.includes(0) || !indexes.includes(1));
      const second = await next;
      await settle();
      expect(second.fence).toBe(first.fence + 1);
      expect(lockTokens(world, "a")).toEqual(world.instances.map(() => second.token));
      expect(world.instances.map((instance) => Number(instance.get(fenceKey("a"))))).toEqual(
        world.instances.map(() => second.fence),
      );
      expect([first.isHeld, second.isHeld]).toEqual([false, true]);
      expect(await second.release()).toBe(true);
      expect(lockTokens(world, "a")).toEqual([undefined, undefined, undefined]);
    },
  );

  test.each(subsets.slice(1).map((indexes) => [indexes]))(
    "never replaces another holder, if another process has the lock on %j",
    async (indexes) => {
      const { world, first, next } = await evictedOn(indexes);
      const other = `${"9".repeat(32)}@other`;
      for (const index of indexes) world.instances[index]!.set("lock:a", other, 5_000);
      let isGranted = false;
      void next.then(() => (isGranted = true));
      expect(await first.release()).toBe(indexes.length < 3);
      await world.clock.advance(10);
      for (const index of indexes) expect(world.instances[index]!.get("lock:a")).toBe(other);
      // A majority without the other holder is enough.
      expect(isGranted).toBe(indexes.length === 1);
      expect(lockTokens(world, "a")).not.toContain(first.token);
      const ownKeys = lockTokens(world, "a").filter((token) => token !== undefined && token !== other);
      expect(ownKeys).toHaveLength(isGranted ? 2 : 0);
      await world.clock.advance(6_000);
      const second = await next;
      expect(second.fence).toBeGreaterThan(first.fence);
      await second.release();
      expect(lockTokens(world, "a")).toEqual([undefined, undefined, undefined]);
    },
  );

  test("commits no token that a late instance has already exceeded", async () => {
    const { world, first, next } = await evictedOn([0]);
    // The third instance votes after the others, so the first attempt has the token 21.
    [20, 10, 30].forEach((counter, index) => world.instances[index]!.set(fenceKey("a"), String(counter)));
    let commits = 0;
    world.instances[1]!.onOperation = (operation) => {
      if (operation !== "mutex.commit" || (commits += 1) > 1) return;
      world.instances[1]!.delete("lock:a");
    };
    await first.release();
    const grants: number[] = [];
    void next.then((lock) => grants.push(lock.fence));
    await world.clock.advance(1_000);
    expect(grants[0]).toBeGreaterThan(21);
    await (await next).release();
  });
});
