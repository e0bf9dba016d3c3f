import { describe, expect, test } from "vitest";
import { grantsOf } from "../../src/checks/grants.ts";
import { checkAcceptedWrites, checkRejectedWrites } from "../../src/checks/stored-writes.ts";
import { recordsOfLock, storedWrite } from "./example-records.ts";

describe("accepted writes", () => {
  test("may repeat the token of the same holder", () => {
    const writes = [
      storedWrite(1, "x", 1),
      storedWrite(1, "x", 2),
      storedWrite(2, "y", 3),
      storedWrite(1, "x", 4, false),
    ];
    expect(checkAcceptedWrites(writes)).toEqual([]);
  });

  test.each([
    ["a smaller token", storedWrite(1, "x", 2)],
    ["the same token of another holder", storedWrite(2, "z", 2)],
  ])("must not have %s", (_, write) => {
    expect(checkAcceptedWrites([storedWrite(2, "y", 1), write])).toHaveLength(1);
  });
});

test("a rejected write is a violation during the lease, and none after it", () => {
  const grants = grantsOf(recordsOfLock({ worker: "1.0", fence: 1, acquire: [0, 1], heldUntil: 100 }));
  const token = grants[0]?.token ?? "";
  expect(checkRejectedWrites([storedWrite(1, token, 100, false)], grants)).toEqual([]);
  expect(checkRejectedWrites([storedWrite(1, token, 99, false)], grants)).toHaveLength(1);
});
