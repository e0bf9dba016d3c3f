import { describe, expect, test } from "vitest";
import { RefreshPauses } from "../../../src/patterns/cached/refresh-pauses.ts";
import { settle, VirtualClock } from "../../support/virtual-clock.ts";
import { type CacheProcess, type CacheWorld, cacheWorld, slowWork } from "./cache-world.ts";

/** A world with a stale value. */
async function staleWorld(): Promise<{ readonly world: CacheWorld; readonly process: CacheProcess }> {
  const world = cacheWorld({ ttl: 1_000, staleFor: 3_600_000 });
  const process = world.process();
  await process.cache.get("a", () => "old");
  await world.clock.advance(2_000);
  return { world, process };
}

/** Reads the key 1,000 times in `ms`. */
async function readOften(
  { world, process }: { readonly world: CacheWorld; readonly process: CacheProcess },
  ms: number,
  compute: () => unknown,
): Promise<void> {
  for (let read = 0; read < 1_000; read++) {
    expect(await process.cache.get("a", compute)).toBe("old");
    await world.clock.advance(ms / 1_000);
  }
}

test("a refresh that fails is not repeated by each read: after 1 s, 2 s, 4 s, at most 30 s", async () => {
  const { world, process } = await staleWorld();
  const startedAt: number[] = [];
  const began = world.clock.monotonic();
  await readOften({ world, process }, 130_000, () => {
    startedAt.push(Math.round((world.clock.monotonic() - began) / 1_000));
    throw new Error("down");
  });
  expect(startedAt).toEqual([0, 1, 3, 7, 15, 31, 61, 91, 121]);
  expect(process.events.filter(([name]) => name === "cache:refresh:failed")).toHaveLength(9);
  // One that works ends the pauses.
  await world.clock.advance(30_000);
  expect(await process.cache.get("a", () => "new")).toBe("old");
  await settle();
  expect(await process.cache.get("a", () => "newer")).toBe("new");
});

test("a refresh whose value cannot be stored is not repeated by each read", async () => {
  const { world, process } = await staleWorld();
  world.store.failing.add("replace");
  const work = slowWork(world.clock, 0);
  await readOften({ world, process }, 10_000, work);
  expect(work.started).toBe(4);
});

test("reads while another process refreshes cost at most one round a second", async () => {
  const { world, process } = await staleWorld();
  void world.process().cache.get("a", slowWork(world.clock, 20_000));
  await settle();
  const before = world.instances[0]!.countOperations("mutex.acquire");
  await readOften({ world, process }, 10_000, () => "not computed");
  expect(world.instances[0]!.countOperations("mutex.acquire") - before).toBeLessThanOrEqual(10);
  await world.clock.advance(15_000);
  expect(await process.cache.get("a", () => "not computed")).toBe("value 1");
});

describe("pauses", () => {
  test("of at most 1,000 keys are remembered", () => {
    const pauses = new RefreshPauses(new VirtualClock());
    for (let key = 0; key < 1_001; key++) pauses.record(`k${key}`, "failed");
    expect(pauses.isPaused("k0")).toBe(false);
    expect(pauses.isPaused("k1")).toBe(true);
    pauses.record("k1", "done");
    expect(pauses.isPaused("k1")).toBe(false);
  });
});
