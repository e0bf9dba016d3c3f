import { expect, test } from "vitest";
import { collectGarbage, measureAllocation } from "../src/allocation.ts";

const ARRAYS = 1_000;
const ELEMENTS: readonly number[] = Array.from({ length: 100 }, (_, index) => index);
/** An array of 100 elements has 8 bytes for each, and headers of 16 bytes for itself and for its elements. */
const ARRAY_BYTES = 832;

test("counts bytes that are garbage at once", async () => {
  let last: unknown;
  const total = await measureAllocation(async () => {
    for (let index = 0; index < ARRAYS; index++) last = Array.from(ELEMENTS);
  });
  expect(last).toHaveLength(100);
  // V8 may also reserve room in an array, or compile the loop meanwhile.
  expect(total?.heapBytes).toBeGreaterThan((ARRAYS * ARRAY_BYTES) / 2.2);
  expect(total?.heapBytes).toBeLessThan(ARRAYS * ARRAY_BYTES * 2);
});

test("counts buffers apart from the heap", async () => {
  const kept: Buffer[] = [];
  const total = await measureAllocation(async () => void kept.push(Buffer.alloc(1_000_000)));
  expect(kept).toHaveLength(1);
  expect(total?.bufferBytes).toBe(1_000_000);
  expect(total?.heapBytes).toBeLessThan(100_000);
});

test("has no result if garbage was collected", async () => {
  expect(await measureAllocation(async () => collectGarbage())).toBeUndefined();
});
