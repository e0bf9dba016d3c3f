import { expect, it } from "vitest";
import { timeLost } from "../../src/demo/time-lost.ts";

/** A sale every 10 ms, apart from 200 ms after the moment 50 and 1,500 ms after the moment 300. */
const SALES = [10, 20, 30, 40, 50, 250, 260, 270, 280, 290, 300, 1_800, 1_810, 1_820];

it("is the longest pause around the fault, less a usual one", () => {
  expect(timeLost(SALES, { atMs: 305, nextAtMs: Infinity, untilMs: 3_000 })).toBe(1_490);
});

it("does not put the pause of the next fault down to this one", () => {
  expect(timeLost(SALES, { atMs: 45, nextAtMs: 305, untilMs: 3_000 })).toBe(190);
});

it("is nothing where sales went on as usual, or where there were none", () => {
  expect(timeLost(SALES, { atMs: 255, nextAtMs: 305, untilMs: 3_000 })).toBe(0);
  expect(timeLost([], { atMs: 1, nextAtMs: Infinity, untilMs: 2 })).toBe(0);
  expect(timeLost([5], { atMs: 1, nextAtMs: Infinity, untilMs: 2 })).toBe(0);
});

it("leaves out what began too late to come from the fault", () => {
  expect(timeLost(SALES, { atMs: 255, nextAtMs: Infinity, untilMs: 290 })).toBe(0);
});
