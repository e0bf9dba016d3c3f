import { expect, test } from "vitest";
import { counterKey, isLastingKey, isLineKey, lockKey } from "../../src/world/lock-keys.ts";

test.each(["a", "{r}1"])("distinguishes the counter of %s from its lock and its line", (name) => {
  expect(isLastingKey(counterKey(name))).toBe(true);
  expect(isLastingKey(lockKey(name))).toBe(false);
  expect(isLineKey(lockKey(name))).toBe(false);
});

test("knows the counter of a hash slot, and the lines under the prefix", () => {
  expect(isLastingKey("lock:~fence:{3fq}")).toBe(true);
  expect(isLineKey("lock:~wake:{3fq}a")).toBe(true);
  expect(isLastingKey("lock:~wake:{3fq}a")).toBe(false);
});
