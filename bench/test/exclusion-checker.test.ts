import { expect, test } from "vitest";
import { ExclusionChecker, countMessages, findViolations } from "../src/exclusion-checker.ts";

test("accepts holders one after another with growing fencing tokens", () => {
  const checker = new ExclusionChecker();
  for (const fence of [3, 4, 10]) {
    checker.enter(fence);
    checker.leave();
  }
  checker.enter(undefined);
  expect(checker.violations).toEqual([]);
});

test("records two holders at the same time", () => {
  const checker = new ExclusionChecker();
  checker.enter(1);
  checker.enter(2);
  expect(checker.violations).toEqual(["2 callers hold one lock at the same time"]);
});

test.each([[4], [5], [Number.NaN]])("records fencing token %d after 5", (fence) => {
  const checker = new ExclusionChecker();
  checker.enter(5);
  checker.leave();
  checker.enter(fence);
  expect(checker.violations).toEqual([`fencing token ${fence} came after 5`]);
});

test("accepts hold periods that do not overlap, in any order", () => {
  const holdPeriods = [
    { startedAt: 3, endedAt: 4, fence: 2 },
    { startedAt: 1, endedAt: 3, fence: 1 },
    { startedAt: 4.5, endedAt: 5, fence: undefined },
  ];
  expect(findViolations(holdPeriods)).toEqual([]);
});

test("finds overlaps, also with a period before the previous one, and fencing tokens that do not grow", () => {
  const holdPeriods = [
    { startedAt: 1, endedAt: 9, fence: 7 },
    { startedAt: 2, endedAt: 2.5, fence: 8 },
    { startedAt: 8, endedAt: 10, fence: 9 },
    { startedAt: 11, endedAt: 12, fence: 9 },
  ];
  expect(findViolations(holdPeriods)).toEqual([
    "2 callers hold one lock at the same time, for 0.500 ms",
    "2 callers hold one lock at the same time, for 1.000 ms",
    "fencing token 9 came after 9",
  ]);
});

test("counts messages that differ only in names and numbers as one kind", () => {
  expect(
    countMessages("a library", ['"x" was not free for 12 ms', '"y" was not free for 3.5 ms', "gone"]),
  ).toEqual(["a library: 2 × … was not free for # ms", "a library: 1 × gone"]);
});
