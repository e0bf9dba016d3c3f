import fc from "fast-check";
import { expect, test } from "vitest";
import { FixedBuckets } from "../../src/observe/fixed-buckets.ts";
import { Histogram, MAX_BUCKETS, upperBoundOf } from "../../src/observe/histogram.ts";

const SHARES = [0, 0.01, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 1];

test("a quantile is wrong by at most 4.2 %, or 0.14 ms, whatever the durations", () => {
  const duration = fc.oneof(
    fc.double({ min: 0, max: 1e9, noNaN: true }),
    fc.double({ min: 0, max: 20, noNaN: true }),
  );
  fc.assert(
    fc.property(fc.array(duration, { minLength: 1, maxLength: 200 }), (durations) => {
      const histogram = new Histogram();
      for (const each of durations) histogram.record(each);
      const sorted = durations.toSorted((a, b) => a - b);
      for (const share of SHARES) {
        const exact = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]!;
        expect(Math.abs(histogram.quantile(share)! - exact)).toBeLessThanOrEqual(
          Math.max(0.14, exact * 0.0417),
        );
      }
      expect(histogram.minMs).toBe(sorted[0]);
      expect(histogram.maxMs).toBe(sorted.at(-1));
    }),
  );
});

test("every power of two, and its neighbours, are in a bucket that contains them", () => {
  for (let exponent = -3; exponent <= 32; exponent += 1) {
    for (const ms of [2 ** exponent, 2 ** exponent * (1 - 1e-15), 2 ** exponent * (1 + 1e-15)]) {
      const histogram = new Histogram();
      histogram.record(ms);
      const [[bucket] = [-1]] = histogram.buckets();
      expect(ms).toBeLessThanOrEqual(upperBoundOf(bucket) * (1 + 1e-14));
      const lowerBound = bucket === 0 ? 0 : upperBoundOf(bucket - 1);
      expect(ms).toBeGreaterThanOrEqual(lowerBound * (1 - 1e-14));
    }
  }
});

test("it keeps a bounded number of buckets, also for absurd durations", () => {
  const histogram = new Histogram();
  for (const ms of [-1, 0, 1e-9, 1, 1e12, Number.MAX_VALUE, Infinity]) histogram.record(ms);
  expect(histogram.size).toBe(MAX_BUCKETS);
  expect(histogram.count).toBe(7);
});

test("two histograms add up to that of all durations", () => {
  const [all, left, right] = [new Histogram(), new Histogram(), new Histogram()];
  for (let ms = 0; ms < 5_000; ms += 7) {
    all.record(ms);
    (ms % 2 === 0 ? left : right).record(ms);
  }
  left.add(right);
  left.add(new Histogram());
  expect([...left.buckets()]).toEqual([...all.buckets()]);
  expect([left.minMs, left.maxMs, left.count, left.sumMs]).toEqual([
    all.minMs,
    all.maxMs,
    all.count,
    all.sumMs,
  ]);
  expect(left.countAbove(4_000)).toBe(all.countAbove(4_000));
  expect(all.countAbove(4_000)).toBeGreaterThan(100);
  expect(all.countAbove(5_000)).toBe(0);
});

test("an empty histogram knows nothing", () => {
  const { minMs, maxMs, meanMs, count } = new Histogram();
  expect([minMs, maxMs, meanMs, count, new Histogram().quantile(0.5)]).toEqual([
    undefined,
    undefined,
    undefined,
    0,
    undefined,
  ]);
});

test("fixed buckets count each duration at the first bound that is not below it", () => {
  const buckets = new FixedBuckets([10, 20]);
  for (const ms of [0, 10, 10.1, 20, 21]) buckets.record(ms);
  expect(buckets.cumulative()).toEqual([
    [10, 2],
    [20, 4],
  ]);
});
