import { expect, test } from "vitest";
import { FencedStore } from "../src/fenced-store.ts";

test("accepts a larger fencing token, and the same token only from the same holder", () => {
  const store = new FencedStore();
  const write = (resource: string, fence: number, token: string): boolean =>
    store.write({ resource, fence, token, value: "x", sentAt: 0 });
  expect(write("a", 5, "x")).toBe(true);
  expect(write("a", 5, "x")).toBe(true);
  expect(write("a", 5, "y")).toBe(false);
  expect(write("a", 4, "x")).toBe(false);
  expect(write("b", 1, "y")).toBe(true);
  expect(write("a", 6, "y")).toBe(true);
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
