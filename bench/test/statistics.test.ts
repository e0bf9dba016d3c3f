import { describe, expect, test } from "vitest";
import { median, percentile, ratioOfMedians } from "../src/statistics.ts";

describe("percentile", () => {
  test("is the nearest rank, whatever the order", () => {
    const values = [5, 1, 4, 2, 3];
    expect(percentile(values, 0.5)).toBe(3);
    expect(percentile(values, 0.9)).toBe(5);
    expect(percentile(values, 0.2)).toBe(1);
    expect(values).toEqual([5, 1, 4, 2, 3]);
  });

  test("reaches from the smallest to the largest", () => {
    expect(percentile([2, 1, 3], 0)).toBe(1);
    expect(percentile([2, 1, 3], 1)).toBe(3);
    expect(percentile([7], 0.99)).toBe(7);
  });

  test("is NaN where nothing was measured", () => {
    expect(percentile([], 0.5)).toBeNaN();
    expect(median([])).toBeNaN();
  });
});

describe("ratioOfMedians", () => {
  test("compares the medians, and spreads over the turns", () => {
    expect(ratioOfMedians([2, 6, 4], [1, 2, 4])).toEqual({ ofMedians: 2, least: 1, most: 3 });
  });

  test("leaves what the longer series has more out of the spread", () => {
    expect(ratioOfMedians([2, 2, 100], [1, 1])).toEqual({ ofMedians: 2, least: 2, most: 2 });
  });

  test("is NaN where nothing was measured", () => {
    const { ofMedians, least, most } = ratioOfMedians([], []);
    expect([ofMedians, least, most]).toEqual([Number.NaN, Number.NaN, Number.NaN]);
  });
});
