import { describe, expect, test } from "vitest";
import { BestRows } from "../../../src/cli/listing/best-rows.ts";
import { namePattern } from "../../../src/cli/locks/name-pattern.ts";

describe("a pattern of names", () => {
  test.each([
    ["order:*", "order:42", true],
    ["order:*", "border:42", false],
    ["*:42", "order:42", true],
    ["*", "", true],
    ["a*b*c", "a-b-b-c", true],
    ["a*b*c", "a-b-b-", false],
    ["job:?", "job:é", true],
    ["job:?", "job:😀", true],
    ["job:?", "job:10", false],
    ["job:[0-9]", "job:7", true],
    ["job:[9-0]", "job:7", true],
    ["job:[^0-9]", "job:7", false],
    ["job:[ab", "job:b", true],
    [String.raw`job:[\]]`, "job:]", true],
    [String.raw`a\*b`, "a*b", true],
    [String.raw`a\*b`, "axb", false],
    [String.raw`a\*b*`, "a*bc", true],
    ["a\\", "a\\", true],
    ["with space*", 'with space \n"quoted"', true],
  ] as const)("%j and the name %j: %s", (pattern, name, expected) => {
    expect(namePattern(pattern).matches(name)).toBe(expected);
  });

  test("without special characters is one name, which is read directly", () => {
    expect(namePattern("order:42").exact).toBe("order:42");
    expect(namePattern(String.raw`a\*b\[c\\`).exact).toBe(String.raw`a*b[c\ `.trim());
    expect(namePattern("order:?").exact).toBeUndefined();
  });

  test("takes no more steps than the lengths allow, with any number of stars", () => {
    const { matches } = namePattern(`${"a*".repeat(60)}b`);
    expect(matches("a".repeat(1_024))).toBe(false);
  });
});

test("the best rows are those of a whole sort, and memory has at most twice as many", () => {
  let seed = 1;
  const numbers = Array.from({ length: 5_000 }, () => (seed = (seed * 48_271) % 2_147_483_647));
  const best = new BestRows<number>(7, (a, b) => a - b);
  for (const each of numbers) best.add(each);
  expect(best.rows).toEqual(numbers.toSorted((a, b) => a - b).slice(0, 7));
  const few = new BestRows<number>(7, (a, b) => a - b);
  for (const each of [3, 1, 2]) few.add(each);
  expect(few.rows).toEqual([1, 2, 3]);
});
