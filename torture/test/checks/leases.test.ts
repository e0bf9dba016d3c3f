import { expect, test } from "vitest";
import { grantsOf } from "../../src/checks/grants.ts";
import { checkLeases } from "../../src/checks/leases.ts";
import { planted } from "./planted.ts";

test("holders that follow each other are in order, also where the first one's lease would have gone on", () => {
  const grants = grantsOf([
    ...planted({ hand: "1.0", fence: 1, from: [0, 1], heldUntil: 100, release: [10, 12] }),
    ...planted({ hand: "2.0", fence: 2, from: [5, 11], heldUntil: 111 }),
    ...planted({ hand: "1.0", fence: 3, from: [111, 112], heldUntil: 200 }),
  ]);
  expect(checkLeases(grants)).toEqual([]);
});

test("catches two that held it at once", () => {
  const grants = grantsOf([
    ...planted({ hand: "1.0", fence: 1, from: [0, 1], heldUntil: 100, release: [50, 51] }),
    ...planted({ hand: "2.0", fence: 2, from: [40, 45], heldUntil: 145, release: [60, 61] }),
  ]);
  const [violation, ...others] = checkLeases(grants);
  expect(violation?.message).toBe("a: 1.0 and 2.0 both held it for 5.00 ms");
  expect(violation?.entries).toEqual(grants);
  expect(others).toEqual([]);
});

test("catches one that is hidden behind a third", () => {
  const grants = grantsOf([
    ...planted({ hand: "1.0", fence: 1, from: [0, 1], heldUntil: 100 }),
    ...planted({ hand: "2.0", fence: 2, from: [5, 10], heldUntil: 20, release: [12, 13] }),
    ...planted({ hand: "3.0", fence: 3, from: [50, 60], heldUntil: 160 }),
  ]);
  expect(checkLeases(grants)).toHaveLength(2);
});

test("counts a renewal, and the end that a loss makes of it", () => {
  const renewed = [
    ...planted({ hand: "1.0", fence: 1, from: [0, 1], heldUntil: 100 }),
    { at: 90, hand: "1.0", event: "renewed", lock: 0, heldUntil: 190 } as const,
  ];
  const next = planted({ hand: "2.0", fence: 2, from: [120, 130], heldUntil: 230 });
  expect(checkLeases(grantsOf([...renewed, ...next]))).toHaveLength(1);
  const lost = { at: 110, hand: "1.0", event: "lost", lock: 0 } as const;
  expect(checkLeases(grantsOf([...renewed, lost, ...next]))).toEqual([]);
});

test("does not compare one resource with another", () => {
  const grants = grantsOf([
    ...planted({ hand: "1.0", fence: 1, from: [0, 1], heldUntil: 100 }),
    ...planted({ hand: "2.0", fence: 1, from: [0, 1], heldUntil: 100, resource: "b" }),
  ]);
  expect(checkLeases(grants)).toEqual([]);
});
