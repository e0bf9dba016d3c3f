import { parseHistory } from "@quorumlock/sim/history";
import { describe, expect, it, test } from "vitest";
import { acquire, release } from "./support.ts";

const history = [acquire("A", [1, 2], 9, { fence: 3 }), release("A", [4])];
const good = { process: "p", resource: "r", kind: "acquire", invokedAt: 1, completedAt: 2, outcome: "ok" };

test("reads an array and JSON lines", () => {
  expect(parseHistory(JSON.stringify(history))).toEqual(history);
  expect(parseHistory(`${history.map((one) => JSON.stringify(one)).join("\n\n")}\r\n`)).toEqual(history);
  expect(parseHistory("")).toEqual([]);
});

test("treats null as a missing field", () => {
  const line = JSON.stringify({ ...good, completedAt: null, token: null, outcome: "unknown" });
  expect(parseHistory(line)).toEqual([
    { process: "p", resource: "r", kind: "acquire", invokedAt: 1, outcome: "unknown" },
  ]);
});

describe("the error names the line and the field of", () => {
  const bad: readonly (readonly [string, object | string, string])[] = [
    ["a missing field", { ...good, process: undefined }, "line 2: process must be a string, not missing"],
    ["an empty name", { ...good, resource: "" }, "line 2: resource must not be empty"],
    [
      "an unknown kind",
      { ...good, kind: "lock" },
      'line 2: kind must be one of acquire, extend, convert, release, expire, not "lock"',
    ],
    [
      "an unknown outcome",
      { ...good, outcome: true },
      "line 2: outcome must be one of ok, refused, unknown, not true",
    ],
    [
      "a time that is a string",
      { ...good, invokedAt: "1" },
      'line 2: invokedAt must be a number of ms, not "1"',
    ],
    [
      "a completion before the start",
      { ...good, completedAt: 0 },
      "line 2: completedAt 0 must not be before invokedAt 1",
    ],
    [
      "a fencing token that is not whole",
      { ...good, fence: 1.5 },
      "line 2: fence must be a safe integer from 0, not 1.5",
    ],
    [
      "an outcome without completedAt",
      { ...good, completedAt: undefined },
      "line 2: completedAt is missing: ",
    ],
    ["an unknown field", { ...good, heldUntill: 5 }, "line 2: heldUntill is not a field of an operation; "],
    [
      "an unknown mode",
      { ...good, mode: "x" },
      'line 2: mode must be one of read, write, IS, IX, S, SIX, X, not "x"',
    ],
    [
      "a conversion without a mode",
      { ...good, kind: "convert" },
      "line 2: mode must be one of read, write, IS, IX, S, SIX, X, not missing",
    ],
    [
      "a number of permits below 1",
      { ...good, permits: 0 },
      "line 2: permits must be a safe integer from 1, not 0",
    ],
    ["a number", "3", "line 2: an operation must be an object, not 3"],
    ["a line that is not JSON", "{oops", "line 2 is not JSON: "],
  ];

  it.each(bad)("%s", (_, line, message) => {
    const text = typeof line === "string" ? line : JSON.stringify(line);
    expect(() => parseHistory(`${JSON.stringify(good)}\n${text}`)).toThrow(message);
  });

  test("an entry of an array", () => {
    expect(() => parseHistory(JSON.stringify([good, { ...good, token: 5 }]))).toThrow(
      "entry 2: token must be a string, not 5",
    );
    expect(() => parseHistory("[{]")).toThrow("the array is not JSON: ");
  });
});
