import { describe, expect, test } from "vitest";
import { withoutCounters } from "../support/lock-keys.ts";
import { settle } from "../support/virtual-clock.ts";
import { watchedWorld } from "../support/watched-world.ts";
import { advanceDuring } from "../support/world.ts";

describe.each([1, 3, 5])("on %i instances", (count) => {
  const createWorld = () => {
    const world = watchedWorld(count, { restartGuard: false });
    const { clock, instances } = world;
    const [one, two] = [world.client(), world.client()];
    const close = async () => {
      const closed = Promise.all([one.close(), two.close()]);
      await clock.advance(100);
      await closed;
      for (const instance of instances) expect(withoutCounters(instance.keys())).toEqual([]);
    };
    return { clock, instances, one, two, close };
  };

  test("siblings do not wait for each other, and an ancestor covers its subtree", async () => {
    const { one, two, close } = createWorld();
    for (const [mine, theirs] of [
      [one, one],
      [one, two],
    ] as const) {
      const leaf = await mine.hierarchy("acme", "orders", "42").acquire();
      expect(leaf.names).toEqual(["{acme}", "{acme}/orders", "{acme}/orders/42"]);
      const sibling = await theirs.hierarchy("acme", "orders", "43").acquire();
      expect(sibling.fence).toBeGreaterThan(leaf.fence);
      expect(await theirs.hierarchy("acme", "orders", "42").tryAcquire()).toBeNull();
      expect(await theirs.hierarchy("acme", "orders").tryAcquire()).toBeNull();
      expect(await theirs.hierarchy("acme").tryAcquire()).toBeNull();
      expect(await theirs.hierarchy("acme").shared.tryAcquire()).toBeNull();
      expect(await theirs.hierarchy("acme", "orders", "42", "lines").tryAcquire()).toBeNull();
      await leaf.release();
      await sibling.release();
      const tenant = await mine.hierarchy("acme").acquire();
      expect(tenant.fence).toBeGreaterThan(sibling.fence);
      expect(await theirs.hierarchy("acme", "orders", "44").tryAcquire()).toBeNull();
      expect(await theirs.hierarchy("acme", "orders", "44").shared.tryAcquire()).toBeNull();
      await (await theirs.hierarchy("other", "orders", "44").acquire()).release();
      await tenant.release();
    }
    await close();
  });

  test("a shared lock on an ancestor lets others read below it, and nobody write", async () => {
    const { one, two, close } = createWorld();
    const tenant = await one.hierarchy("acme").shared.acquire();
    const reader = await two.hierarchy("acme", "orders", "42").shared.acquire();
    expect(await two.hierarchy("acme", "orders", "42").tryAcquire()).toBeNull();
    expect(await one.hierarchy("acme", "orders", "43").tryAcquire()).toBeNull();
    await tenant.release();
    const writer = await one.hierarchy("acme", "orders", "43").acquire();
    expect(await one.hierarchy("acme", "orders").tryAcquire()).toBeNull();
    await reader.release();
    await writer.release();
    await close();
  });

  test("plain locks on the names of nodes exclude their part of the tree", async () => {
    const { one, two, close } = createWorld();
    const root = await one.acquire("{acme}");
    expect(await two.hierarchy("acme", "orders").shared.tryAcquire()).toBeNull();
    await root.release();
    const leaf = await two.hierarchy("acme", "orders").acquire();
    expect(await one.tryAcquire("{acme}")).toBeNull();
    expect(await one.tryAcquire("{acme}/orders")).toBeNull();
    await leaf.release();
    await close();
  });

  test("a lock on the whole tree is not starved by locks on its leaves", async () => {
    const { clock, one, two, close } = createWorld();
    const endsAt = clock.monotonic() + 1_000;
    let grants = 0;
    const hold = (ms: number) => new Promise<void>((resolve) => clock.setTimer(ms, resolve, true));
    const work = async (leaf: number) => {
      while (clock.monotonic() < endsAt) {
        await one.hierarchy("acme", `leaf-${leaf}`).using({ wait: Infinity }, () => hold(10 + leaf));
        grants += 1;
      }
    };
    const workers = [0, 1, 2, 3].map(work);
    await clock.advance(50);
    const tree = await advanceDuring(clock, 200, two.hierarchy("acme").acquire({ wait: Infinity }));
    await tree.release();
    const before = grants;
    for (let turn = 0; turn < 40; turn += 1) await clock.advance(10);
    expect(grants).toBeGreaterThan(before);
    await clock.advance(1_000);
    await clock.advance(100);
    await Promise.all(workers);
    await close();
  });
});

test("a lock of any depth needs one request for each instance", async () => {
  const world = watchedWorld(3, { diagnostics: true });
  const { instances } = world;
  const redlock = world.client();
  await redlock.using("warm-up", () => undefined);
  await settle();
  for (const instance of instances) instance.operations.length = 0;
  const path = ["acme", ...Array.from({ length: 16 }, (_, depth) => `level-${depth}`)];
  await redlock.hierarchy(...path).using(async () => {
    // The same context may hold another branch.
    await redlock.hierarchy("acme", "other").using(() => undefined);
  });
  await settle();
  for (const instance of instances)
    expect(instance.operations).toEqual(["modes.acquire", "modes.acquire", "modes.release", "modes.release"]);
  await redlock.close();
});

test.each([
  [[], /^path: it is empty/],
  [[""], /^path\[0\]: "" must not be empty/],
  [["a", "b/c"], /^path\[1\]: "b\/c" has "\/"/],
  [["{a}"], /^path\[0\]: "{a}" has "{"/],
  [["a", "b}"], /^path\[1\]: "b}" has "}"/],
  [["a", 5 as unknown as string], /^path\[1\]: 5 must be a string/],
  [["a", "x".repeat(1_100)], /^path\[1\]: 1100 characters are too many/],
  [["a".repeat(600), "x".repeat(600)], /^path: 1203 characters are too many/],
])("a bad path is refused: %o", (path, message) => {
  const redlock = watchedWorld(1).client();
  expect(() => redlock.hierarchy(...path)).toThrow(message);
});
