import { expect, test } from "vitest";
import { keyKind } from "../../src/checks/key-kind.ts";

test.each([
  ["{lock:calm/stock}:fence", "fence"],
  ["lock:~fence:{3x}", "fence"],
  ["{lock:calm/stock}:wake", "waiters"],
  ["lock:~wake:{lock:calm/stock}", "waiters"],
  ["lock:~line:{3x}calm/catalog", "waiters"],
  ["lock:~members:{2i}", "notes"],
  ["lock:calm/stock", "lock"],
  ["lock:~shared:{3x}calm/catalog", "lock"],
  ["lock:calm/stock:fence", "lock"],
])("%s is a key for: %s", (key, kind) => {
  expect(keyKind(key)).toBe(kind);
});
