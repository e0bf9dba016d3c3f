import { describe, expect, test } from "vitest";
import { checkFences, checkRefusals, checkStore } from "../../src/checks/fences.ts";
import { grantsOf } from "../../src/checks/grants.ts";
import { planted, write } from "./planted.ts";

describe("fencing tokens", () => {
  test("may come in either order where the acquisitions overlapped in time", () => {
    const grants = grantsOf([
      ...planted({ hand: "1.0", fence: 2, from: [0, 20], heldUntil: 30 }),
      ...planted({ hand: "2.0", fence: 1, from: [10, 15], heldUntil: 16 }),
    ]);
    expect(checkFences(grants)).toEqual([]);
  });

  test("that go back are caught, also past others", () => {
    const grants = grantsOf([
      ...planted({ hand: "1.0", fence: 7, from: [0, 1], heldUntil: 2 }),
      ...planted({ hand: "2.0", fence: 8, from: [2, 30], heldUntil: 31 }),
      ...planted({ hand: "3.0", fence: 5, from: [10, 20], heldUntil: 21 }),
    ]);
    expect(checkFences(grants).map(({ message }) => message)).toEqual([
      "a: fence 5 of 3.0 follows on 7 of 1.0",
    ]);
  });

  test("that are given twice are caught, also where the acquisitions overlapped", () => {
    const grants = grantsOf([
      ...planted({ hand: "1.0", fence: 3, from: [0, 20], heldUntil: 30 }),
      ...planted({ hand: "2.0", fence: 3, from: [10, 15], heldUntil: 16 }),
    ]);
    expect(checkFences(grants).map(({ message }) => message)).toEqual([
      "a: fence 3 was given to 1.0 and to 2.0",
    ]);
  });
});

describe("what the store took", () => {
  test("may repeat the fence of one holder", () => {
    expect(
      checkStore([write(1, "x", 1), write(1, "x", 2), write(2, "y", 3), write(1, "x", 4, false)]),
    ).toEqual([]);
  });

  test.each([
    ["a smaller fence", write(1, "x", 2)],
    ["the same fence of another holder", write(2, "z", 2)],
  ])("is caught: %s", (_, bad) => {
    expect(checkStore([write(2, "y", 1), bad])).toHaveLength(1);
  });
});

test("a holder that was refused while it surely held the lock is caught; one that was late is not", () => {
  const grants = grantsOf(planted({ hand: "1.0", fence: 1, from: [0, 1], heldUntil: 100 }));
  const token = grants[0]?.token ?? "";
  expect(checkRefusals([write(1, token, 100, false)], grants)).toEqual([]);
  expect(checkRefusals([write(1, token, 99, false)], grants)).toHaveLength(1);
});
