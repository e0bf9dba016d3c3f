import { expect, test } from "vitest";
import { countPasses } from "../src/scenarios/fair.ts";

const call = (calledAt: number, startedAt: number) => ({
  calledAt,
  startedAt,
  endedAt: startedAt + 1,
  fence: undefined,
});

test("a grant in the order of the calls passes nobody", () => {
  expect(countPasses([call(0, 1), call(10, 2), call(200, 201), call(300, 400)])).toBe(0);
});

test("a grant before a much earlier call counts once, however many it passes", () => {
  expect(countPasses([call(100, 101), call(0, 102), call(1, 103)])).toBe(1);
});

test("calls at about the same time have no order", () => {
  expect(countPasses([call(40, 41), call(0, 42)])).toBe(0);
});
