import { expect, test } from "vitest";
import { countConflicts, countHolders } from "../src/holders.ts";

const held = (grantedAt: number, endedAt: number) => ({ grantedAt, endedAt });

test("counts holders at a time, and grants above the limit", () => {
  const periods = [held(5, 15), held(0, 10), held(6, 7), held(12, 20)];
  expect(countHolders(periods, { from: 0, to: 20, limit: 2 })).toEqual({
    average: (10 + 10 + 1 + 8) / 20,
    largest: 3,
    excess: 1,
  });
});

test("a holder that comes when another one ends is not beside it", () => {
  const periods = [held(10, 20), held(0, 10)];
  expect(countHolders(periods, { from: 0, to: 20, limit: 1 })).toEqual({ average: 1, largest: 1, excess: 0 });
});

test("the average is that of the given time only", () => {
  expect(countHolders([held(0, 30)], { from: 10, to: 50, limit: 1 }).average).toBe(0.5);
  expect(countHolders([held(20, 30)], { from: 0, to: 10, limit: 1 }).average).toBe(0);
  expect(countHolders([], { from: 0, to: 0, limit: 1 }).average).toBeNaN();
});

test("readers may be beside readers, and writers beside nobody", () => {
  expect(countConflicts([held(10, 20)], [held(0, 10), held(5, 10), held(20, 30)])).toBe(0);
  expect(countConflicts([held(10, 20)], [held(0, 11)])).toBe(1);
  expect(countConflicts([held(10, 20)], [held(19, 30), held(19, 25)])).toBe(2);
  expect(countConflicts([held(10, 20), held(15, 25)], [])).toBe(1);
});
