import { expect, test } from "vitest";
import { ExclusionChecker, countMessages, findViolations } from "../src/exclusion-checker.ts";

test("lets holders come one after another with growing fencing tokens", () => {
  const checker = new ExclusionChecker();
  for (const fence of [3, 4, 10]) {
    checker.enter(fence);
    checker.leave();
  }
  checker.enter(undefined);
  expect(checker.violations).toEqual([]);
});

test("notes two holders at once", () => {
  const checker = new ExclusionChecker();
  checker.enter(1);
  checker.enter(2);
  expect(checker.violations).toEqual(["2 hold one lock at the same time"]);
});

test.each([[4], [5], [Number.NaN]])("notes fencing token %d after 5", (fence) => {
  const checker = new ExclusionChecker();
  checker.enter(5);
  checker.leave();
  checker.enter(fence);
  expect(checker.violations).toEqual([`fencing token ${fence} came after 5`]);
});

test("holdPeriods of several processes: in any order, one after another", () => {
  const holdPeriods = [
    { entered: 3, left: 4, fence: 2 },
    { entered: 1, left: 3, fence: 1 },
    { entered: 4.5, left: 5, fence: undefined },
  ];
  expect(findViolations(holdPeriods)).toEqual([]);
});

test("holdPeriods of several processes: overlaps, also with one from before the last, and fences", () => {
  const holdPeriods = [
    { entered: 1, left: 9, fence: 7 },
    { entered: 2, left: 2.5, fence: 8 },
    { entered: 8, left: 10, fence: 9 },
    { entered: 11, left: 12, fence: 9 },
  ];
  expect(findViolations(holdPeriods)).toEqual([
    "2 hold one lock at the same time, for 0.500 ms",
    "2 hold one lock at the same time, for 1.000 ms",
    "fencing token 9 came after 9",
  ]);
});

test("many of the same make one line", () => {
  expect(countMessages("a library", ['"x" was not free for 12 ms', '"y" was not free for 3.5 ms', "gone"])).toEqual([
    "a library: 2 × … was not free for # ms",
    "a library: 1 × gone",
  ]);
});
