import { parseHistory } from "@quorumlock/sim/history";
import { describe, expect, it, test } from "vitest";
import { acquire, release } from "./support.ts";

const history = [acquire("A", [1, 2], 9, { fence: 3 }), release("A", [4])];
const good = { process: "p", resource: "r", kind: "acquire", invokedAt: 1, completedAt: 2, outcome: "ok" };

test("reads an array and JSON lines alike", () => {
  expect(parseHistory(JSON.stringify(history))).toEqual(history);
  expect(parseHistory(`${history.map((one) => JSON.stringify(one)).join("\n\n")}\r\n`)).toEqual(history);
  expect(parseHistory("")).toEqual([]);
});

test("takes null for what is not there, as other languages write it", () => {
  const line = JSON.stringify({ ...good, completedAt: null, token: null, outcome: "unknown" });
  expect(parseHistory(line)).toEqual([
    { process: "p", resource: "r", kind: "acquire", invokedAt: 1, outcome: "unknown" },
  ]);
});

describe("names line and field of", () => {
  const bad: readonly (readonly [string, object | string, string])[] = [
    ["a missing field", { ...good, process: undefined }, "line 2: process must be a string, not missing"],
    ["an empty name", { ...good, resource: "" }, "line 2: resource must not be empty"],
    [
      "a strange kind",
      { ...good, kind: "lock" },
      'line 2: kind must be one of acquire, extend, release, expire, not "lock"',
    ],
    [
      "a strange outcome",
      { ...good, outcome: true },
      "line 2: outcome must be one of ok, refused, unknown, not true",
    ],
    ["a time that is text", { ...good, invokedAt: "1" }, 'line 2: invokedAt must be a number of ms, not "1"'],
    [
      "an answer before the question",
      { ...good, completedAt: 0 },
      "line 2: completedAt 0 is before invokedAt 1",
    ],
    [
      "a broken fencing token",
      { ...good, fence: 1.5 },
      "line 2: fence must be a safe integer from 0, not 1.5",
    ],
    ["an answer without its time", { ...good, completedAt: undefined }, "line 2: completedAt is missing: "],
    ["a mistyped field", { ...good, heldUntill: 5 }, "line 2: heldUntill is no field of an operation; "],
    ["a strange mode", { ...good, mode: "x" }, 'line 2: mode must be one of read, write, not "x"'],
    ["what is no object", "3", "line 2: an operation is an object, not 3"],
    ["what is no JSON", "{oops", "line 2 is not JSON: "],
  ];

  it.each(bad)("%s", (_, line, says) => {
    const text = typeof line === "string" ? line : JSON.stringify(line);
    expect(() => parseHistory(`${JSON.stringify(good)}\n${text}`)).toThrow(says);
  });

  test("entries of an array", () => {
    expect(() => parseHistory(JSON.stringify([good, { ...good, token: 5 }]))).toThrow(
      "entry 2: token must be a string, not 5",
    );
    expect(() => parseHistory("[{]")).toThrow("the array is not JSON: ");
  });
});
