import { expect, test } from "vitest";
import { grantsOf } from "../../src/checks/grants.ts";
import { checkLeases } from "../../src/checks/leases.ts";
import { recordsOfLock } from "./example-records.ts";

test("accepts holders that follow each other, also if the first lease would end after the release", () => {
  const grants = grantsOf([
    ...recordsOfLock({ worker: "1.0", fence: 1, acquire: [0, 1], heldUntil: 100, release: [10, 12] }),
    ...recordsOfLock({ worker: "2.0", fence: 2, acquire: [5, 11], heldUntil: 111 }),
    ...recordsOfLock({ worker: "1.0", fence: 3, acquire: [111, 112], heldUntil: 200 }),
  ]);
  expect(checkLeases(grants)).toEqual([]);
});

test("finds two leases that overlap", () => {
  const grants = grantsOf([
    ...recordsOfLock({ worker: "1.0", fence: 1, acquire: [0, 1], heldUntil: 100, release: [50, 51] }),
    ...recordsOfLock({ worker: "2.0", fence: 2, acquire: [40, 45], heldUntil: 145, release: [60, 61] }),
  ]);
  const [violation, ...others] = checkLeases(grants);
  expect(violation?.message).toBe("a: 1.0 and 2.0 both held the lock for 5.00 ms");
  expect(violation?.entries).toEqual(grants);
  expect(others).toEqual([]);
});

test("finds an overlap with a long lease if a short lease ends in between", () => {
  const grants = grantsOf([
    ...recordsOfLock({ worker: "1.0", fence: 1, acquire: [0, 1], heldUntil: 100 }),
    ...recordsOfLock({ worker: "2.0", fence: 2, acquire: [5, 10], heldUntil: 20, release: [12, 13] }),
    ...recordsOfLock({ worker: "3.0", fence: 3, acquire: [50, 60], heldUntil: 160 }),
  ]);
  expect(checkLeases(grants)).toHaveLength(2);
});

test("an extension makes a lease longer, and a loss ends it", () => {
  const extended = [
    ...recordsOfLock({ worker: "1.0", fence: 1, acquire: [0, 1], heldUntil: 100 }),
    { at: 90, worker: "1.0", event: "auto-extended", lockId: 0, heldUntil: 190 } as const,
  ];
  const next = recordsOfLock({ worker: "2.0", fence: 2, acquire: [120, 130], heldUntil: 230 });
  expect(checkLeases(grantsOf([...extended, ...next]))).toHaveLength(1);
  const lost = { at: 110, worker: "1.0", event: "lost", lockId: 0 } as const;
  expect(checkLeases(grantsOf([...extended, lost, ...next]))).toEqual([]);
});

test("does not compare leases of different resources", () => {
  const grants = grantsOf([
    ...recordsOfLock({ worker: "1.0", fence: 1, acquire: [0, 1], heldUntil: 100 }),
    ...recordsOfLock({ worker: "2.0", fence: 1, acquire: [0, 1], heldUntil: 100, resource: "b" }),
  ]);
  expect(checkLeases(grants)).toEqual([]);
});
