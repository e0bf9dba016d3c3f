import { expect, test } from "vitest";
import { accessOf, countsUp, exclusive, slots, treeNodes } from "../../src/contest/hold.ts";

test("a lock on a tree holds intentions above its node", () => {
  expect(treeNodes(["t", "a", "b"], "X")).toEqual([
    { node: "{t}", mode: "IX" },
    { node: "{t}/a", mode: "IX" },
    { node: "{t}/a/b", mode: "X" },
  ]);
  expect(treeNodes(["t", "a"], "S").map(({ mode }) => mode)).toEqual(["IS", "S"]);
});

test("an intention counts only with an exclusive lock in the same tree", () => {
  const writer = treeNodes(["t", "a"], "X");
  expect(writer.map((hold) => countsUp(hold, writer))).toEqual([true, true]);
  const reader = treeNodes(["t", "a"], "S");
  expect(reader.map((hold) => countsUp(hold, reader))).toEqual([false, false]);
  const mixed = [...exclusive("a"), { node: "b", mode: "IX" } as const];
  expect(mixed.map((hold) => countsUp(hold, mixed))).toEqual([true, false]);
});

test("each slot of a semaphore is a node of its own", () => {
  expect(slots("s", 3, [0, 2])).toEqual([
    { node: "s#0", mode: "X", semaphore: { name: "s", permits: 3 } },
    { node: "s#2", mode: "X", semaphore: { name: "s", permits: 3 } },
  ]);
});

test("an intention gives no access to the data of its node", () => {
  expect((["IS", "IX", "S", "SIX", "X"] as const).map(accessOf)).toEqual([
    undefined,
    undefined,
    "shared",
    "shared",
    "exclusive",
  ]);
});
