import { describe, expect, it } from "vitest";
import { milliseconds, percentile } from "../../src/demo/numbers.ts";

describe("a percentile", () => {
  it("is the nearest rank, whatever the order", () => {
    const values = Array.from({ length: 100 }, (_, index) => 100 - index);
    expect(percentile(values, 0.5)).toBe(50);
    expect(percentile(values, 0.99)).toBe(99);
    expect(percentile(values, 1)).toBe(100);
    expect(percentile(values, 0)).toBe(1);
  });

  it("of one value is that value, of none is none", () => {
    expect(percentile([3], 0.5)).toBe(3);
    expect(percentile([3], 0.99)).toBe(3);
    expect(percentile([], 0.5)).toBeUndefined();
  });

  it("leaves the values as they are", () => {
    const values = [3, 1, 2];
    percentile(values, 0.5);
    expect(values).toEqual([3, 1, 2]);
  });
});

it("milliseconds have a decimal where it matters", () => {
  expect([0, 3.44, 9.99, 10.4, 1502.3, undefined].map(milliseconds)).toEqual([
    "0.0 ms",
    "3.4 ms",
    "10.0 ms",
    "10 ms",
    "1,502 ms",
    "none",
  ]);
});
