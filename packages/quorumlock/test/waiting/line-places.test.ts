import { expect, test } from "vitest";
import { LinePlaces } from "../../src/waiting/line-places.ts";

test("so many waiters of a name have a place, and the others get one in the order of arrival", () => {
  const places = new LinePlaces();
  const placed: string[] = [];
  const leave = ["a", "b", "c", "d", "e"].map((waiter) => places.take("pool", 2, () => placed.push(waiter)));
  places.take("other", 2, () => placed.push("other"));
  expect(placed).toEqual(["a", "b", "other"]);
  // A waiter that gives up before it has a place frees none.
  leave[2]!();
  expect(placed).toEqual(["a", "b", "other"]);
  leave[0]!();
  leave[0]!();
  expect(placed).toEqual(["a", "b", "other", "d"]);
  leave[1]!();
  expect(placed).toEqual(["a", "b", "other", "d", "e"]);
  leave[3]!();
  leave[4]!();
  places.take("pool", 2, () => placed.push("f"));
  expect(placed.at(-1)).toBe("f");
});
