import { describe, expect, test } from "vitest";
import { FAULT_KINDS, mixable } from "../../src/faults/kinds.ts";
import { planStrikes } from "../../src/faults/schedule.ts";
import { SeededRandom } from "../../src/seeded-random.ts";

const options = { lengthMs: 60_000, servers: 5, inMemory: [0, 2, 4], inFile: [1, 3], ttlMs: 800 };

test("a seed decides everything", () => {
  const plan = (seed: number): unknown => planStrikes(FAULT_KINDS, new SeededRandom(seed), options);
  expect(plan(1)).toEqual(plan(1));
  expect(plan(1)).not.toEqual(plan(2));
});

test.each(FAULT_KINDS)("%s strikes at least once, however short the phase is", (kind) => {
  const strikes = planStrikes([kind], new SeededRandom(1), { ...options, lengthMs: 1 });
  expect(strikes.map((strike) => strike.kind)).toEqual([kind]);
});

test.each(FAULT_KINDS)("%s begins within the phase", (kind) => {
  const strikes = planStrikes([kind], new SeededRandom(1), options);
  expect(strikes.length).toBeGreaterThan(10);
  const [last] = strikes.slice(-1);
  const total = strikes.reduce((sum, { afterMs, lastsMs }) => sum + afterMs + lastsMs, 0);
  expect(total - (last?.lastsMs ?? 0)).toBeLessThanOrEqual(options.lengthMs);
});

describe("hits", () => {
  const plan = (kind: (typeof FAULT_KINDS)[number]): ReturnType<typeof planStrikes> =>
    planStrikes([kind], new SeededRandom(3), options);

  test("only a minority of servers with pauses", () => {
    expect(plan("server-pause").every(({ servers }) => servers.length <= 2)).toBe(true);
  });

  test("up to a majority, but only in memory, with empty restarts", () => {
    const sizes = new Set(plan("restart-empty").map(({ servers }) => servers.length));
    expect([...sizes].toSorted((a, b) => a - b)).toEqual([1, 3]);
    expect(plan("restart-empty").every(({ servers }) => servers.every((place) => place % 2 === 0))).toBe(
      true,
    );
  });

  test("only servers with a file with restarts from it, also all at once", () => {
    expect(plan("restart-aof").every(({ servers }) => servers.every((place) => place % 2 === 1))).toBe(true);
    expect(plan("restart-aof").some(({ servers }) => servers.length === 2)).toBe(true);
  });

  test("holders beyond their ttl with pauses", () => {
    expect(plan("client-pause").every(({ lastsMs, servers }) => lastsMs > 800 && servers.length === 0)).toBe(
      true,
    );
  });

  test("one and the same clock, in both directions, by less than counters live", () => {
    const jumps = plan("clock-jump");
    expect(new Set(jumps.flatMap(({ servers }) => servers)).size).toBe(1);
    expect(new Set(jumps.map(({ jumpMs }) => Math.sign(jumpMs)))).toEqual(new Set([1, -1]));
    expect(Math.max(...jumps.map(({ jumpMs }) => Math.abs(jumpMs)))).toBeLessThan(604_800_000);
  });
});

test("clocks are not mixed with restarts that forget", () => {
  expect(mixable(FAULT_KINDS)).not.toContain("clock-jump");
});
