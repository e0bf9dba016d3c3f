import { describe, expect, test } from "vitest";
import { outcomeOf } from "../../support/outcome.ts";
import { settle } from "../../support/virtual-clock.ts";
import { cacheWorld, slowWork } from "./cache-world.ts";

describe.each([
  ["of the same process", true],
  ["of another process", false],
])("callers after a delete do not get what a computation %s found that began before", (_, isSame) => {
  test.each([
    ["that there is none", () => undefined],
    [
      "an error",
      () => {
        throw new Error("no such row");
      },
    ],
  ])("%s", async (_what, before) => {
    const world = cacheWorld();
    const work = slowWork(world.clock, 1_000, (nth) => (nth === 1 ? before() : `value ${nth}`));
    const one = world.process();
    const two = isSame ? one : world.process();
    const first = outcomeOf(world.clock, one.cache.get("a", work));
    await world.clock.advance(500);
    // The source has it by now.
    await two.cache.delete("a");
    const later = outcomeOf(world.clock, two.cache.get("a", work));
    await world.clock.advance(3_000);
    expect(first.state).not.toBe("pending");
    expect(later).toMatchObject({ state: "fulfilled", value: "value 2" });
    expect(await one.cache.get("a", work)).toBe("value 2");
    expect({ ...work }).toMatchObject({ started: 2, peak: 1 });
  });
});

test.each([true, false])(
  "callers that wait for a computation after a delete share what it finds (store with replace: %s)",
  async (canReplace) => {
    const world = cacheWorld({}, canReplace);
    const work = slowWork(world.clock, 1_000, () => undefined);
    const [one, two] = [world.process(), world.process()];
    await one.cache.get("a", () => "old");
    await one.cache.delete("a");
    const calls = [one, two].map(({ cache }) => outcomeOf(world.clock, cache.get("a", work)));
    await world.clock.advance(1_500);
    for (const call of calls) expect(call).toMatchObject({ state: "fulfilled", value: undefined });
    expect(work.started).toBe(1);
  },
);

test("callers that wait for a computation that removes an old value get that there is none", async () => {
  const world = cacheWorld({ ttl: 5_000 });
  const work = slowWork(world.clock, 1_000, () => undefined);
  const [one, two] = [world.process(), world.process()];
  await one.cache.get("a", () => "old");
  // It is not fresh any more, and the store still has it.
  await world.clock.advance(5_500);
  const calls = [one, two].map(({ cache }) => outcomeOf(world.clock, cache.get("a", work)));
  await world.clock.advance(1_500);
  for (const call of calls) expect(call).toMatchObject({ state: "fulfilled", value: undefined });
  expect(work.started).toBe(1);
});

describe("a store without replace", () => {
  test("does not get what a computation of the process that deletes found", async () => {
    const world = cacheWorld({}, false);
    const work = slowWork(world.clock, 1_000);
    const { cache, events } = world.process();
    const first = outcomeOf(world.clock, cache.get("a", work));
    await world.clock.advance(500);
    await cache.delete("a");
    const later = outcomeOf(world.clock, cache.get("a", work));
    await world.clock.advance(3_000);
    expect([first.value, later.value]).toEqual(["value 1", "value 2"]);
    expect(events).toContainEqual(["cache:write:skipped", { key: "a", reason: "changed" }]);
    expect(await cache.get("a", work)).toBe("value 2");
  });

  test("does not get what a refresh of the process that deletes found", async () => {
    const world = cacheWorld({ ttl: 1_000, staleFor: 60_000 }, false);
    const work = slowWork(world.clock, 1_000, () => "refreshed");
    const { cache } = world.process();
    await cache.get("a", () => "old");
    await world.clock.advance(2_000);
    expect(await cache.get("a", work)).toBe("old");
    await world.clock.advance(500);
    await cache.delete("a");
    await world.clock.advance(1_000);
    expect(await cache.get("a", () => "new")).toBe("new");
  });
});

test("a search that began while the store deletes is not joined by later callers", async () => {
  const world = cacheWorld();
  const { cache } = world.process();
  await cache.get("a", () => "old");
  world.store.delayMs.set = 500;
  const deleting = outcomeOf(world.clock, cache.delete("a"));
  await settle();
  // It reads the old entry, and its answer comes after the deletion.
  world.store.delayMs.get = 900;
  const meanwhile = outcomeOf(
    world.clock,
    cache.get("a", () => "meanwhile"),
  );
  await settle();
  world.store.delayMs.get = 0;
  await world.clock.advance(500);
  expect([deleting.state, meanwhile.state]).toEqual(["fulfilled", "pending"]);
  expect(await cache.get("a", () => "new")).toBe("new");
  await world.clock.advance(500);
  expect(meanwhile.value).toBe("old");
  expect(await cache.get("a", () => "newest")).toBe("new");
});

test("a late result of another process is refused by a store with replace for as long as the mark is there", async () => {
  const world = cacheWorld({ computeTimeout: 10_000, lockTtl: 1_000, storeTimeout: 20_000 });
  const [slow, other] = [world.process(), world.process()];
  // Its write is on its way: the process has looked at its lock, and was paused then.
  world.store.delayMs.replace = 15_000;
  const first = outcomeOf(
    world.clock,
    slow.cache.get("a", () => "old"),
  );
  await settle();
  world.store.delayMs.replace = 0;
  await other.cache.delete("a");
  await world.clock.advance(16_000);
  expect(first.value).toBe("old");
  expect(slow.events).toContainEqual(["cache:write:skipped", { key: "a", reason: "changed" }]);
  expect(await other.cache.get("a", () => "new")).toBe("new");
});
