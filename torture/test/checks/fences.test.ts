import { expect, test } from "vitest";
import { checkFences } from "../../src/checks/fences.ts";
import { grantsOf } from "../../src/checks/grants.ts";
import { recordsOfLock } from "./example-records.ts";

test("accepts tokens in either order if the acquisitions overlap in time", () => {
  const grants = grantsOf([
    ...recordsOfLock({ worker: "1.0", fence: 2, acquire: [0, 20], heldUntil: 30 }),
    ...recordsOfLock({ worker: "2.0", fence: 1, acquire: [10, 15], heldUntil: 16 }),
  ]);
  expect(checkFences(grants)).toEqual([]);
});

test("finds a token that is smaller than an earlier one, also if a third acquisition lies between", () => {
  const grants = grantsOf([
    ...recordsOfLock({ worker: "1.0", fence: 7, acquire: [0, 1], heldUntil: 2 }),
    ...recordsOfLock({ worker: "2.0", fence: 8, acquire: [2, 30], heldUntil: 31 }),
    ...recordsOfLock({ worker: "3.0", fence: 5, acquire: [10, 20], heldUntil: 21 }),
  ]);
  expect(checkFences(grants).map(({ message }) => message)).toEqual([
    "a: 3.0 has fencing token 5, but 1.0 had 7 before",
  ]);
});

test("finds a repeated token, also if the acquisitions overlap in time", () => {
  const grants = grantsOf([
    ...recordsOfLock({ worker: "1.0", fence: 3, acquire: [0, 20], heldUntil: 30 }),
    ...recordsOfLock({ worker: "2.0", fence: 3, acquire: [10, 15], heldUntil: 16 }),
  ]);
  expect(checkFences(grants).map(({ message }) => message)).toEqual([
    "a: 1.0 and 2.0 have the same fencing token 3",
  ]);
});
