import { describe, expect, test } from "vitest";
import { grantsOf } from "../../src/checks/grants.ts";
import { checkAcceptedWrites, checkRejectedWrites } from "../../src/checks/stored-writes.ts";
import { recordsOfLock, storedWrite } from "./example-records.ts";

describe("accepted writes", () => {
  test("may repeat the token of the same lock", () => {
    const writes = [
      storedWrite(1, "x", 1),
      storedWrite(1, "x", 2),
      storedWrite(2, "y", 3),
      storedWrite(1, "x", 4, { isAccepted: false }),
    ];
    expect(checkAcceptedWrites(writes)).toEqual([]);
  });

  test("of readers may have any token that is not smaller than that of a writer before", () => {
    const shared = { access: "shared" } as const;
    const writes = [storedWrite(2, "w", 1), storedWrite(4, "r", 2, shared), storedWrite(2, "s", 3, shared)];
    expect(checkAcceptedWrites([...writes, storedWrite(5, "v", 4)])).toEqual([]);
    expect(checkAcceptedWrites([...writes, storedWrite(1, "r", 4, shared)])).toHaveLength(1);
    expect(checkAcceptedWrites([...writes, storedWrite(4, "v", 4)])).toHaveLength(1);
    expect(checkAcceptedWrites([...writes, storedWrite(2, "w", 4)])).toHaveLength(1);
  });

  test.each([
    ["a smaller token", storedWrite(1, "x", 2)],
    ["the same token of another lock", storedWrite(2, "z", 2)],
  ])("must not have %s", (_, write) => {
    expect(checkAcceptedWrites([storedWrite(2, "y", 1), write])).toHaveLength(1);
  });
});

test("a rejected write is a violation during the lease, and none after it", () => {
  const grants = grantsOf(recordsOfLock({ worker: "1.0", fence: 1, acquire: [0, 1], heldUntil: 100 }));
  const lock = grants[0]?.lock ?? "";
  expect(checkRejectedWrites([storedWrite(1, lock, 100, { isAccepted: false })], grants)).toEqual([]);
  expect(checkRejectedWrites([storedWrite(1, lock, 99, { isAccepted: false })], grants)).toHaveLength(1);
});
