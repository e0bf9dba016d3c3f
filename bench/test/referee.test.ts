import { expect, test } from "vitest";
import { Referee, tally, violationsOf } from "../src/referee.ts";

test("lets holders come one after another with growing fencing tokens", () => {
  const referee = new Referee();
  for (const fence of [3, 4, 10]) {
    referee.enter(fence);
    referee.leave();
  }
  referee.enter(undefined);
  expect(referee.violations).toEqual([]);
});

test("notes two holders at once", () => {
  const referee = new Referee();
  referee.enter(1);
  referee.enter(2);
  expect(referee.violations).toEqual(["2 hold one lock at the same time"]);
});

test.each([[4], [5], [Number.NaN]])("notes fencing token %d after 5", (fence) => {
  const referee = new Referee();
  referee.enter(5);
  referee.leave();
  referee.enter(fence);
  expect(referee.violations).toEqual([`fencing token ${fence} came after 5`]);
});

test("tenures of several processes: in any order, one after another", () => {
  const tenures = [
    { entered: 3, left: 4, fence: 2 },
    { entered: 1, left: 3, fence: 1 },
    { entered: 4.5, left: 5, fence: undefined },
  ];
  expect(violationsOf(tenures)).toEqual([]);
});

test("tenures of several processes: overlaps, also with one from before the last, and fences", () => {
  const tenures = [
    { entered: 1, left: 9, fence: 7 },
    { entered: 2, left: 2.5, fence: 8 },
    { entered: 8, left: 10, fence: 9 },
    { entered: 11, left: 12, fence: 9 },
  ];
  expect(violationsOf(tenures)).toEqual([
    "2 hold one lock at the same time, for 0.500 ms",
    "2 hold one lock at the same time, for 1.000 ms",
    "fencing token 9 came after 9",
  ]);
});

test("many of the same make one line", () => {
  expect(tally("a library", ['"x" was not free for 12 ms', '"y" was not free for 3.5 ms', "gone"])).toEqual([
    "a library: 2 × … was not free for # ms",
    "a library: 1 × gone",
  ]);
});
