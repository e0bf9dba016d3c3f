import { describe, expect, test } from "vitest";
import { compareTurns, jain, median, percentile, sum } from "../src/statistics.ts";

describe("percentile", () => {
  test("is the nearest rank in any order", () => {
    const values = [5, 1, 4, 2, 3];
    expect(percentile(values, 0.5)).toBe(3);
    expect(percentile(values, 0.9)).toBe(5);
    expect(percentile(values, 0.2)).toBe(1);
    expect(values).toEqual([5, 1, 4, 2, 3]);
  });

  test("ranges from the smallest to the largest value", () => {
    expect(percentile([2, 1, 3], 0)).toBe(1);
    expect(percentile([2, 1, 3], 1)).toBe(3);
    expect(percentile([7], 0.99)).toBe(7);
  });

  test("the median of an even number of values is the mean of the two middle values", () => {
    expect(median([8, 1, 2, 4])).toBe(3);
    expect(median([5, 1, 3])).toBe(3);
  });

  test("is NaN if nothing was measured", () => {
    expect(percentile([], 0.5)).toBeNaN();
    expect(median([])).toBeNaN();
  });
});

describe("compareTurns", () => {
  test("is the median of the ratios of all rounds, with p25 and p75", () => {
    expect(compareTurns([2, 6, 4, 20, 5], [1, 2, 4, 5, 1])).toEqual({ median: 3, p25: 2, p75: 4 });
  });

  test("ignores rounds in which a value is missing", () => {
    expect(compareTurns([2, Number.NaN, 9, 100], [1, 1, Number.NaN])).toEqual({ median: 2, p25: 2, p75: 2 });
  });

  test("is NaN if nothing was measured", () => {
    const { median: middle, p25, p75 } = compareTurns([], []);
    expect([middle, p25, p75]).toEqual([Number.NaN, Number.NaN, Number.NaN]);
  });
});

describe("jain", () => {
  test.each([
    [[7, 7, 7, 7], 1],
    [[12, 0, 0, 0], 0.25],
    [[1, 2, 3], 36 / 42],
  ])("of %j is %d", (shares, index) => {
    expect(jain(shares)).toBeCloseTo(index, 12);
  });

  test("is NaN if all shares are 0", () => {
    expect(jain([0, 0])).toBeNaN();
    expect(jain([])).toBeNaN();
  });
});

test("sum", () => expect([sum([]), sum([1, 2, 4])]).toEqual([0, 7]));
