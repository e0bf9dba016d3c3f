import { describe, expect, test } from "vitest";
import { isEarlyRefresh } from "../../../src/patterns/cached/entry.ts";
import { SeededClock } from "../../support/seeded-clock.ts";
import { settle } from "../../support/virtual-clock.ts";
import { cacheWorld, slowWork } from "./cache-world.ts";

describe("XFetch", () => {
  const SAMPLES = 40_000;

  // A read t ms before the end refreshes with the probability P(−δ β ln u ≥ t) = exp(−t / (δ β)).
  test.each([
    { deltaMs: 100, beta: 1, beforeMs: 50 },
    { deltaMs: 100, beta: 1, beforeMs: 100 },
    { deltaMs: 100, beta: 1, beforeMs: 300 },
    { deltaMs: 100, beta: 3, beforeMs: 300 },
    { deltaMs: 1_000, beta: 0.5, beforeMs: 800 },
    { deltaMs: 20, beta: 10, beforeMs: 400 },
  ])(
    "with δ $deltaMs ms and β $beta refreshes $beforeMs ms before the end as often as it should",
    (sample) => {
      const clock = new SeededClock(7);
      const { deltaMs, beta, beforeMs } = sample;
      const expected = Math.exp(-beforeMs / (deltaMs * beta));
      let early = 0;
      for (let i = 0; i < SAMPLES; i++) {
        const random = clock.random();
        const content = { value: 1, freshUntil: 10_000, deltaMs };
        if (isEarlyRefresh(content, { now: 10_000 - beforeMs, beta, random, leastFreshMs: 9_000 }))
          early += 1;
      }
      // Four standard deviations.
      const allowed = 4 * Math.sqrt((expected * (1 - expected)) / SAMPLES);
      expect(Math.abs(early / SAMPLES - expected)).toBeLessThan(allowed);
    },
  );

  test("refreshes never in the first half, with 0 never, and always with the smallest number", () => {
    const content = { value: 1, freshUntil: 10_000, deltaMs: 1e9 };
    const at = (now: number, beta: number, random: number): boolean =>
      isEarlyRefresh(content, { now, beta, random, leastFreshMs: 10_000 });
    expect(at(4_999, 10, 0)).toBe(false);
    expect(at(5_000, 10, 0)).toBe(true);
    expect(at(9_999, 0, 0)).toBe(false);
    expect(
      isEarlyRefresh({ ...content, deltaMs: 0 }, { now: 9_999, beta: 1, random: 0.5, leastFreshMs: 10_000 }),
    ).toBe(false);
  });
});

test("an early refresh serves the present value, and one process computes", async () => {
  const world = cacheWorld({ ttl: 10_000, earlyRefresh: 1 });
  const work = slowWork(world.clock, 1_000);
  const [one, two] = [world.process(), world.process()];
  world.clock.nextRandom = 0.999;
  const first = one.cache.get("a", work);
  await world.clock.advance(1_000);
  await first;
  await world.clock.advance(8_000);
  expect(await one.cache.get("a", work)).toBe("value 1");
  await settle();
  expect(work.started).toBe(1);
  // −1,000 × ln(0.1) is 2,303 ms, and 1 s is left.
  world.clock.nextRandom = 0.1;
  expect(await Promise.all([one, two].map(({ cache }) => cache.get("a", work)))).toEqual([
    "value 1",
    "value 1",
  ]);
  await settle();
  expect(work.started).toBe(2);
  await world.clock.advance(1_000);
  world.clock.nextRandom = 0.999;
  expect(await two.cache.get("a", work)).toBe("value 2");
  expect({ ...work }).toMatchObject({ started: 2, peak: 1 });
});

test("a process that comes second does not compute again", async () => {
  const world = cacheWorld({ ttl: 10_000, earlyRefresh: 1 });
  const work = slowWork(world.clock, 1_000);
  const [one, two] = [world.process(), world.process()];
  const first = one.cache.get("a", work);
  await world.clock.advance(1_000);
  await first;
  await world.clock.advance(6_500);
  world.clock.nextRandom = 0.01;
  // The second process has read the entry before the first one has replaced it, and gets the lock after it.
  world.store.delayMs.get = 900;
  const reading = two.cache.get("a", work);
  await world.clock.advance(1);
  world.store.delayMs.get = 0;
  await one.cache.get(
    "a",
    slowWork(world.clock, 100, () => "fresh"),
  );
  await world.clock.advance(1_000);
  expect(await reading).toBe("value 1");
  await world.clock.advance(2_000);
  expect(work.started).toBe(1);
});
