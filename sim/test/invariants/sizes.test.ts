import { expect, test } from "vitest";
import type { Lock } from "quorumlock";
import type { Attempt } from "../../src/invariants/grant.ts";
import { Sizes } from "../../src/invariants/sizes.ts";

const FIRST = 5;

/** Changes, each with the moments of its call and of its confirmation. */
function sizesOf(changes: readonly (readonly [total: number, from: number, to: number])[]): Sizes {
  const sizes = new Sizes();
  for (const [total, from, to] of changes) {
    const change = sizes.begin("pool", total, from);
    if (to !== Infinity) sizes.confirm(change, to);
  }
  return sizes;
}

test("the first number counts until a change was confirmed", () => {
  const sizes = sizesOf([[2, 10, 20]]);
  expect(sizes.between("pool", FIRST, 0, 9)).toEqual([5]);
  expect(sizes.between("pool", FIRST, 0, 30)).toEqual([5, 2]);
  expect(sizes.between("pool", FIRST, 19, 30)).toEqual([5, 2]);
  expect(sizes.between("pool", FIRST, 20, 30)).toEqual([2]);
  expect(sizes.between("other", FIRST, 20, 30)).toEqual([5]);
});

test("a later change replaces an earlier one, and not one at the same time", () => {
  const sizes = sizesOf([
    [2, 10, 20],
    [3, 15, 30],
    [4, 25, 40],
  ]);
  expect(sizes.between("pool", FIRST, 35, 36)).toEqual([2, 3, 4]);
  expect(sizes.between("pool", FIRST, 40, 41)).toEqual([3, 4]);
});

test("a change that failed can have an effect at any later moment", () => {
  const sizes = sizesOf([
    [2, 10, Infinity],
    [3, 20, 30],
  ]);
  expect(sizes.between("pool", FIRST, 1_000, 2_000)).toEqual([2, 3]);
});

test("every number can count once servers have lost changes for good", () => {
  const sizes = sizesOf([[2, 10, 20]]);
  sizes.isForgotten = true;
  expect(sizes.between("pool", FIRST, 30, 40)).toEqual([5, 2]);
});

/** An attempt for permits of a semaphore that had five at first. */
function attempt(wanted: number, startedAt: number): Attempt {
  const permits = { wanted, total: FIRST };
  return {
    client: 0,
    worker: 0,
    names: ["pool"],
    modes: ["IX"],
    hasPlace: true,
    startedAt,
    waitsForever: true,
    permits,
  };
}

test("reports slots above every number that can count since the call, and a wrong number of slots", () => {
  const sizes = sizesOf([[2, 10, 20]]);
  const problemOf = (wanted: number, startedAt: number, ...slots: readonly number[]) =>
    sizes.problemOf({ ...attempt(wanted, startedAt), slots, lock: { token: "t" } as Lock }, 40);
  expect(problemOf(1, 19, 4)).toBeUndefined();
  expect(problemOf(1, 20, 1)).toBeUndefined();
  expect(problemOf(1, 20, 2)).toBe("t wanted 1 of 2 permits, and got 2");
  expect(problemOf(1, 19, 5)).toBe("t wanted 1 of 5 or 2 permits, and got 5");
  expect(problemOf(2, 20, 1)).toBe("t wanted 2 of 2 permits, and got 1");
});

test("a caller may be told that there are fewer permits than it wants, if there can be", () => {
  const sizes = sizesOf([[2, 10, 20]]);
  expect(sizes.canBeTooSmall(attempt(3, 0), 5)).toBe(false);
  expect(sizes.canBeTooSmall(attempt(3, 0), 15)).toBe(true);
  expect(sizes.canBeTooSmall(attempt(2, 30), 35)).toBe(false);
});
