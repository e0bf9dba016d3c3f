import { performance } from "node:perf_hooks";
import { expect, test } from "vitest";
import { measure, quantile } from "../../src/bench/measure.ts";

test("a quantile is a value that was measured", () => {
  const sorted = Array.from({ length: 100 }, (_, index) => index + 1);
  expect([quantile(sorted, 0.5), quantile(sorted, 0.99), quantile(sorted, 1)]).toEqual([50, 99, 100]);
  expect(quantile([7], 0.5)).toBe(7);
  expect(quantile([], 0.5)).toBeUndefined();
});

test("counts operations and failures, and leaves out the first of each caller", async () => {
  let calls = 0;
  const result = await measure(
    { title: "t", callers: 2, forMs: 50, signal: new AbortController().signal },
    async (caller) => {
      calls += 1;
      await new Promise((resolve) => setTimeout(resolve, 1));
      if (caller === 1) throw new Error("no quorum");
      return 5;
    },
  );
  expect(result).toMatchObject({ title: "t", p50Ms: 5, p99Ms: 5, maxMs: 5 });
  expect(result.operations + result.failures).toBe(calls - 2);
  // A caller that fails pauses for longer than the measurement.
  expect(result.failures).toBe(1);
});

test("ends as soon as the signal aborts", async () => {
  const controller = new AbortController();
  const startedAt = performance.now();
  const result = await measure(
    { title: "t", callers: 1, forMs: 3_600_000, signal: controller.signal },
    async () => {
      controller.abort();
      return 1;
    },
  );
  expect(result.operations).toBe(0);
  expect(performance.now() - startedAt).toBeLessThan(60_000);
});
