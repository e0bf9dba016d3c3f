import { expect, it } from "vitest";
import { faultDelayMs } from "../../src/demo/fault-delay.ts";

/** A sale every 10 ms, with a pause of 200 ms after 50 ms, and a pause of 1,500 ms after 300 ms. */
const SALES = [10, 20, 30, 40, 50, 250, 260, 270, 280, 290, 300, 1_800, 1_810, 1_820];

it("is the longest pause around the fault, minus the median pause", () => {
  expect(faultDelayMs(SALES, { atMs: 305, nextFaultAtMs: Infinity, endsAtMs: 3_000 })).toBe(1_490);
});

it("does not count the pause of the next fault", () => {
  expect(faultDelayMs(SALES, { atMs: 45, nextFaultAtMs: 305, endsAtMs: 3_000 })).toBe(190);
});

it("is 0 if there is no long pause, or if there are no sales", () => {
  expect(faultDelayMs(SALES, { atMs: 255, nextFaultAtMs: 305, endsAtMs: 3_000 })).toBe(0);
  expect(faultDelayMs([], { atMs: 1, nextFaultAtMs: Infinity, endsAtMs: 2 })).toBe(0);
  expect(faultDelayMs([5], { atMs: 1, nextFaultAtMs: Infinity, endsAtMs: 2 })).toBe(0);
});

it("does not count a pause that begins after the window", () => {
  expect(faultDelayMs(SALES, { atMs: 255, nextFaultAtMs: Infinity, endsAtMs: 290 })).toBe(0);
});
