import { expect, test } from "vitest";
import { describeReleased } from "../../src/release/release-texts.ts";

const RESULT = {
  released: true,
  why: undefined,
  newFence: 7,
  freeInMs: 0,
  votes: 2,
  of: 3,
  failures: [],
} as const;
const FREE_AT = Date.UTC(2026, 0, 1, 14, 3, 30);

test("a release that too few servers have confirmed is not called free", () => {
  expect(describeReleased("now", RESULT, FREE_AT)).toMatch(
    /^Released\. It is free now\. New fence 7\. A process/,
  );
  expect(describeReleased("now", { ...RESULT, freeInMs: 9_000 }, FREE_AT)).toMatch(
    /^Released\. Free at 14:03:30 UTC at the latest\. New fence 7\. /,
  );
  expect(describeReleased("drain", { ...RESULT, freeInMs: 9_000 }, FREE_AT)).toBe(
    "Released. It cannot be extended any more; free at 14:03:30 UTC. New fence 7.",
  );
});
