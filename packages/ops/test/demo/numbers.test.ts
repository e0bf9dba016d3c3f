import { describe, expect, it } from "vitest";
import { formatMilliseconds, percentile } from "../../src/demo/numbers.ts";

describe("percentile", () => {
  it("is the nearest rank, in any order of the values", () => {
    const values = Array.from({ length: 100 }, (_, index) => 100 - index);
    expect(percentile(values, 0.5)).toBe(50);
    expect(percentile(values, 0.99)).toBe(99);
    expect(percentile(values, 1)).toBe(100);
    expect(percentile(values, 0)).toBe(1);
  });

  it("is the value if there is one, and undefined if there is none", () => {
    expect(percentile([3], 0.5)).toBe(3);
    expect(percentile([3], 0.99)).toBe(3);
    expect(percentile([], 0.5)).toBeUndefined();
  });

  it("does not change the values", () => {
    const values = [3, 1, 2];
    percentile(values, 0.5);
    expect(values).toEqual([3, 1, 2]);
  });
});

it("formatMilliseconds has a decimal below 10 ms", () => {
  expect([0, 3.44, 9.99, 10.4, 1502.3, undefined].map(formatMilliseconds)).toEqual([
    "0.0 ms",
    "3.4 ms",
    "10.0 ms",
    "10 ms",
    "1,502 ms",
    "none",
  ]);
});
