import { expect, test } from "vitest";
import { SeededRandom } from "../src/seeded-random.ts";

test("picks an item as often as its share says", () => {
  const random = new SeededRandom(1);
  const items = [
    { name: "never", share: 0 },
    { name: "once", share: 1 },
    { name: "thrice", share: 3 },
  ];
  const picked = Array.from({ length: 4_000 }, () => random.pickByShare(items).name);
  const countOf = (name: string): number => picked.filter((one) => one === name).length;
  expect(countOf("never")).toBe(0);
  expect(countOf("thrice") / countOf("once")).toBeGreaterThan(2.5);
  expect(countOf("thrice") / countOf("once")).toBeLessThan(3.5);
  expect(() => random.pickByShare([])).toThrow(RangeError);
});
