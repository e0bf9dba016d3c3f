import { expect, test } from "vitest";
import { checkFences } from "../../src/checks/fences.ts";
import { grantsOf } from "../../src/checks/grants.ts";
import { type Hold, treeNodes } from "../../src/contest/hold.ts";
import { reading, recordsOfLock } from "./example-records.ts";

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
    "a: 3.0 has fencing token 5 in X, but 1.0 had 7 before",
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

/** The messages about locks that follow each other. */
function problemsOf(...locks: readonly (readonly [fence: number, holds?: readonly Hold[]])[]) {
  const records = locks.flatMap(([fence, holds], index) =>
    recordsOfLock({
      worker: `${index + 1}.0`,
      fence,
      acquire: [10 * index, 10 * index + 1],
      heldUntil: 10 * index + 5,
      ...(holds === undefined ? {} : { holds }),
    }),
  );
  return checkFences(grantsOf(records)).map(({ message }) => message);
}

test("readers have the token of the last writer or a larger one, and the next writer has a larger one", () => {
  expect(problemsOf([5], [5, reading], [7, reading], [5, reading], [8])).toEqual([]);
  expect(problemsOf([5], [4, reading])).toEqual(["a: 2.0 has fencing token 4 in S, but 1.0 had 5 before"]);
  expect(problemsOf([5], [6, reading], [6])).toEqual([
    "a: 3.0 has fencing token 6 in X, but 2.0 had 6 before",
  ]);
});

test("an exclusive lock below a node has a larger token than a reader of the node before it", () => {
  const [leaf, root] = [treeNodes(["t", "a"], "X"), treeNodes(["t"], "S")];
  expect(problemsOf([5, root], [6, leaf], [6, root])).toEqual([]);
  expect(problemsOf([5, root], [5, leaf])).toEqual([
    "{t}: 2.0 has fencing token 5 in IX, but 1.0 had 5 before",
  ]);
  expect(problemsOf([6, leaf], [5, root])).toHaveLength(1);
  expect(problemsOf([6, leaf], [6, treeNodes(["t"], "X")])).toEqual([
    "{t}: 1.0 and 2.0 have the same fencing token 6",
    "{t}: 2.0 has fencing token 6 in X, but 1.0 had 6 before",
  ]);
});

test("does not compare holders whose modes do not clash", () => {
  expect(problemsOf([6, treeNodes(["t", "a"], "X")], [5, treeNodes(["t", "b"], "X")])).toEqual([]);
});
