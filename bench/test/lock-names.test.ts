import { expect, test } from "vitest";
import { LockNames } from "../src/lock-names.ts";

test("new names are never used twice, not even by another caller", () => {
  const callers = [new LockNames("a", "new", 2), new LockNames("a", "new", 2)];
  const names = Array.from({ length: 100 }, (_, index) => callers[index % 2]?.next());
  expect(new Set(names).size).toBe(100);
});

test("the same names repeat", () => {
  const names = new LockNames("a", "same", 2);
  expect(Array.from({ length: 5 }, () => names.next())).toEqual(["a:0", "a:1", "a:0", "a:1", "a:0"]);
});
