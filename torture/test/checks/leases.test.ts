import { expect, test } from "vitest";
import { grantsOf } from "../../src/checks/grants.ts";
import { checkLeases } from "../../src/checks/leases.ts";
import { exclusive, treeNodes } from "../../src/contest/hold.ts";
import { reading, recordsOfConversion, recordsOfLock } from "./example-records.ts";

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
  expect(violation?.message).toBe("a: 1.0 in X and 2.0 in X both held the lock for 5.00 ms");
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

test("does not compare leases of different nodes", () => {
  const grants = grantsOf([
    ...recordsOfLock({ worker: "1.0", fence: 1, acquire: [0, 1], heldUntil: 100 }),
    ...recordsOfLock({ worker: "2.0", fence: 1, acquire: [0, 1], heldUntil: 100, holds: exclusive("b") }),
  ]);
  expect(checkLeases(grants)).toEqual([]);
});

const reader = (worker: string, from: number, until: number) =>
  recordsOfLock({
    worker,
    fence: 1,
    acquire: [from - 1, from],
    heldUntil: until,
    holds: reading,
    kind: "read",
  });

test("finds a writer that overlaps two readers, and no overlap of the readers", () => {
  const grants = grantsOf([
    ...reader("1.0", 1, 100),
    ...reader("2.0", 2, 50),
    ...recordsOfLock({ worker: "3.0", fence: 2, acquire: [40, 45], heldUntil: 145 }),
  ]);
  expect(checkLeases(grants).map(({ message }) => message)).toEqual([
    "a: 1.0 in S and 3.0 in X both held the lock for 55.00 ms",
    "a: 2.0 in S and 3.0 in X both held the lock for 5.00 ms",
  ]);
});

test("finds a reader that overlaps a writer before its downgrade, and accepts one after it", () => {
  const writer = [
    ...recordsOfLock({ worker: "1.0", fence: 1, acquire: [0, 1], heldUntil: 100 }),
    ...recordsOfConversion({
      worker: "1.0",
      lockId: 0,
      kind: "read",
      fence: 1,
      convert: [20, 30],
      heldUntil: 120,
    }),
  ];
  expect(checkLeases(grantsOf([...writer, ...reader("2.0", 20, 100)]))).toEqual([]);
  expect(checkLeases(grantsOf([...writer, ...reader("2.0", 19, 100)]))).toHaveLength(1);
});

test("finds an upgrade while another reader holds the lock", () => {
  const upgrade = recordsOfConversion({
    worker: "1.0",
    lockId: 0,
    kind: "write",
    fence: 2,
    convert: [20, 30],
    heldUntil: 120,
  });
  expect(checkLeases(grantsOf([...reader("1.0", 1, 100), ...upgrade, ...reader("2.0", 5, 31)]))).toHaveLength(
    1,
  );
  expect(checkLeases(grantsOf([...reader("1.0", 1, 100), ...upgrade, ...reader("2.0", 5, 30)]))).toEqual([]);
});

test("finds a lock on a node of a tree while a node below it is held, and accepts siblings", () => {
  const lock = (worker: string, path: readonly string[], mode: "S" | "X") =>
    recordsOfLock({
      worker,
      fence: 1,
      acquire: [0, 1],
      heldUntil: 100,
      holds: treeNodes(path, mode),
      kind: "tree",
    });
  const leaf = lock("1.0", ["t", "a", "b"], "X");
  const overlaps = (...others: ReturnType<typeof lock>) => checkLeases(grantsOf([...leaf, ...others]));
  expect(overlaps(...lock("2.0", ["t", "a", "c"], "X"))).toEqual([]);
  expect(overlaps(...lock("2.0", ["t", "a"], "S")).map(({ message }) => message)).toEqual([
    "{t}/a: 1.0 in IX and 2.0 in S both held the lock for 99.00 ms",
  ]);
  expect(overlaps(...lock("2.0", ["t"], "X"))).toHaveLength(1);
});
