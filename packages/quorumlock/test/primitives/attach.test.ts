import { expect, test } from "vitest";
import { type LockDescription, Redlock } from "../../src/index.ts";
import { MAX_FENCE } from "../../src/operations/limits.ts";
import { rejection } from "../support/timing.ts";

const redlock = Redlock.memory();
const TOKEN = `${"0123456789abcdef".repeat(2)}@host:1`;
const GOOD = { kind: "mutex", names: ["a"], token: TOKEN, fence: 7, ttl: 10_000, remaining: 9_000 };
const message = async (description: unknown, options?: object): Promise<string> =>
  String(await rejection(redlock.attach(description as LockDescription, options)));

test.each([
  [undefined, "undefined must be an object from `detach()`"],
  [null, "null must be an object from `detach()`"],
  [[GOOD], "an object (Array) must be an object from `detach()`"],
  ["{}", "a string of 2 characters must be an object from `detach()`; parse the JSON first"],
])("a description that is %j is refused", async (description, expected) => {
  expect(await message(description)).toBe(`TypeError: description: ${expected}`);
});

test.each<[string, unknown, string]>([
  ["version", 2, "RangeError: description.version: 2 must be 1; attach it with the version"],
  ["version", "1", 'RangeError: description.version: "1" must be 1'],
  ["kind", "toString", 'RangeError: description.kind: "toString" must be one of "mutex", "read", "write"'],
  ["kind", 1, 'RangeError: description.kind: 1 must be one of "mutex", "read"'],
  ["tenant", {}, 'RangeError: description.tenant: a lock of the kind "mutex" has no tenant'],
  ["names", undefined, "TypeError: description.names: undefined must be an array of strings"],
  ["names", "a", 'TypeError: description.names: "a" must be an array of strings'],
  ["names", [], "RangeError: names: the array is empty; give at least one name"],
  ["names", [1], "TypeError: names[0]: 1 must be a string"],
  ["names", ["a", "a"], 'RangeError: names: "a" is in the array twice; give every name once'],
  ["names", ["\uD800"], 'RangeError: names[0]: "\\ud800" has a surrogate without its pair'],
  ["names", ["~server"], 'RangeError: name: "~server" begins with "~"'],
  ["token", undefined, "TypeError: description.token: undefined must be a string"],
  ["token", 5, "TypeError: description.token: 5 must be a string"],
  ["token", "secret", "RangeError: description.token: a text of 6 characters is no token"],
  ["token", `${"g".repeat(32)}@x`, "RangeError: description.token: a text of 34 characters is no token"],
  ["token", `${TOKEN}\n`, "RangeError: description.token: a text of"],
  ["token", TOKEN + "x".repeat(200), "RangeError: description.token: a text of"],
  ["fence", undefined, "TypeError: description.fence: undefined must be a number"],
  ["fence", "7", 'TypeError: description.fence: "7" must be a number'],
  ["fence", 0, "RangeError: description.fence: 0 must be a whole number from 1 to"],
  ["fence", 1.5, "RangeError: description.fence: 1.5 must be a whole number"],
  ["fence", MAX_FENCE + 1, "RangeError: description.fence: 9000000000000001 must be a whole number"],
  ["ttl", null, "TypeError: description.ttl: null must be a number"],
  ["ttl", -5, "RangeError: description.ttl: -5 must be a finite number of at least 0"],
  ["ttl", 2, "RangeError: ttl: 2 ms must be above the allowance for clock drift"],
  ["remaining", undefined, "TypeError: description.remaining: undefined must be a number"],
  ["remaining", Infinity, "RangeError: description.remaining: Infinity must be a finite number"],
  ["remaining", Number.NaN, "RangeError: description.remaining: NaN must be a finite number"],
])("a description whose %s is %j is refused", async (field, value, expected) => {
  expect(await message({ ...GOOD, [field]: value })).toContain(expected);
});

test("a bad token is not in the message", async () => {
  expect(await message({ ...GOOD, token: `${TOKEN}\n` })).not.toContain(TOKEN);
});

test("options are checked", async () => {
  expect(await message(GOOD, { ttl: "5" })).toBe('TypeError: ttl: "5" must be a number of milliseconds');
  expect(await message(GOOD, { autoExtend: 1 })).toBe("TypeError: autoExtend: 1 must be true or false");
  expect(await message(GOOD, { wait: 5 })).toMatch(/^TypeError: wait: there is no such option/);
});

test("the kind may be missing, and fields that a later version may add are ignored", async () => {
  const { kind: _, ...rest } = GOOD;
  for (const description of [rest, { ...GOOD, added: true }])
    expect(await rejection(redlock.attach(description as LockDescription))).toMatchObject({
      code: "LOCK_LOST",
    });
});
