import { expect, test } from "vitest";
import { LockTimeoutError } from "../../../src/index.ts";
import { outcomeOf } from "../../support/outcome.ts";
import { cacheWorld, slowWork } from "./cache-world.ts";

/** Another process holds the lock, and never ends. */
function blockedWorld(wait: number) {
  const world = cacheWorld({ wait });
  for (const instance of world.instances)
    instance.set("lock:cache:a", `${"d".repeat(32)}@other:1`, 1_000_000);
  return world;
}

test("each caller waits for as long as it says, from its own call", async () => {
  const world = blockedWorld(1_000);
  const { cache } = world.process();
  const startedAt = world.clock.monotonic();
  const calls = [];
  for (let caller = 0; caller < 4; caller++) {
    calls.push(
      outcomeOf(
        world.clock,
        cache.get("a", () => 1),
      ),
    );
    await world.clock.advance(333);
  }
  await world.clock.advance(1_000);
  expect(calls.map(({ at }) => Math.round(at - startedAt))).toEqual([1_000, 1_333, 1_666, 1_999]);
  for (const { value } of calls) {
    expect(value).toBeInstanceOf(LockTimeoutError);
    expect(value).toMatchObject({ names: ["cache:a"], holder: { owner: "other:1" } });
    expect(Math.round((value as LockTimeoutError).waited)).toBe(1_000);
  }
});

test("callers that came later get the value after the wait of the first one has ended", async () => {
  const world = cacheWorld({ wait: 1_000 });
  const work = slowWork(world.clock, 1_500);
  const [winner, loser] = [world.process(), world.process()];
  const own = outcomeOf(world.clock, winner.cache.get("a", work));
  await world.clock.advance(100);
  const first = outcomeOf(world.clock, loser.cache.get("a", work));
  await world.clock.advance(999);
  const second = outcomeOf(world.clock, loser.cache.get("a", work));
  await world.clock.advance(1_000);
  expect(first.value).toBeInstanceOf(LockTimeoutError);
  expect([own.value, second.value]).toEqual(["value 1", "value 1"]);
  expect(work.started).toBe(1);
});

test("many callers whose waits end one after the other cost at most 20 rounds a second", async () => {
  const world = blockedWorld(1_000);
  const { cache } = world.process();
  const calls = [];
  for (let caller = 0; caller < 1_000; caller++) {
    calls.push(
      outcomeOf(
        world.clock,
        cache.get("a", () => 1),
      ),
    );
    await world.clock.advance(1);
  }
  const before = world.countRounds();
  await world.clock.advance(1_100);
  expect(world.countRounds() - before).toBeLessThanOrEqual(24);
  for (const { state } of calls) expect(state).toBe("rejected");
});

test("an own computation may take longer than wait", async () => {
  const world = cacheWorld({ wait: 1_000 });
  const work = slowWork(world.clock, 5_000);
  const { cache } = world.process();
  const calls = [outcomeOf(world.clock, cache.get("a", work))];
  await world.clock.advance(2_000);
  calls.push(outcomeOf(world.clock, cache.get("a", work)));
  await world.clock.advance(3_000);
  expect(calls.map(({ value }) => value)).toEqual(["value 1", "value 1"]);
});

test("the search ends when the wait of its last caller does", async () => {
  const world = blockedWorld(500);
  const { cache, redlock } = world.process();
  const call = outcomeOf(
    world.clock,
    cache.get("a", () => 1),
  );
  await world.clock.advance(600);
  expect(call.state).toBe("rejected");
  const before = world.countRounds();
  await world.clock.advance(10_000);
  expect(world.countRounds()).toBe(before);
  await cache.close();
  await redlock.close();
  expect(world.clock.keepAliveTimers).toBe(0);
});
