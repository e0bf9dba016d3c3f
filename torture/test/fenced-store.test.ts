import { expect, test } from "vitest";
import type { Access } from "../src/contest/hold.ts";
import { FencedStore } from "../src/fenced-store.ts";

function storeFor(node: string): {
  readonly store: FencedStore;
  readonly use: (access: Access, fence: number, lock: string) => boolean;
} {
  const store = new FencedStore();
  const use = (access: Access, fence: number, lock: string): boolean =>
    store.write({ node, access, fence, lock, value: "x", sentAt: 0 });
  return { store, use };
}

test("accepts a larger fencing token, and the same token only from the same lock", () => {
  const { store, use } = storeFor("a");
  expect(use("exclusive", 5, "x")).toBe(true);
  expect(use("exclusive", 5, "x")).toBe(true);
  expect(use("exclusive", 5, "y")).toBe(false);
  expect(use("exclusive", 4, "x")).toBe(false);
  expect(store.write({ node: "b", access: "exclusive", fence: 1, lock: "y", value: "x", sentAt: 0 })).toBe(
    true,
  );
  expect(use("exclusive", 6, "y")).toBe(true);
  expect(store.takeWrites().map(({ isAccepted }) => isAccepted)).toEqual([
    true,
    true,
    false,
    false,
    true,
    true,
  ]);
  expect(store.takeWrites()).toEqual([]);
});

test("accepts readers with the token of the last writer or a larger one, in any order", () => {
  const { use } = storeFor("a");
  expect(use("exclusive", 5, "w")).toBe(true);
  expect(use("shared", 4, "r")).toBe(false);
  expect(use("shared", 7, "r")).toBe(true);
  expect(use("shared", 5, "s")).toBe(true);
});

test("rejects a writer with the token of a reader before it, also if the writer came before the reader", () => {
  const { use } = storeFor("a");
  expect(use("exclusive", 5, "w")).toBe(true);
  expect(use("shared", 5, "r")).toBe(true);
  expect(use("exclusive", 5, "w")).toBe(false);
  expect(use("exclusive", 6, "v")).toBe(true);
});
