import { expect, test } from "vitest";
import { counterKey, isCounterKey, isLineKey, lockKey } from "../../src/world/lock-keys.ts";

test.each(["a", "{r}1"])("distinguishes the counter of %s from its lock and its line", (name) => {
  expect(isCounterKey(counterKey(name))).toBe(true);
  expect(isCounterKey(lockKey(name))).toBe(false);
  expect(isLineKey(lockKey(name))).toBe(false);
});

test("knows the counter of a hash slot, and the lines under the prefix", () => {
  expect(isCounterKey("lock:~fence:{3fq}")).toBe(true);
  expect(isLineKey("lock:~wake:{3fq}a")).toBe(true);
  expect(isCounterKey("lock:~wake:{3fq}a")).toBe(false);
});
