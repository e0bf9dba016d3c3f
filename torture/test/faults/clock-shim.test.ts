import { tmpdir } from "node:os";
import { expect, test } from "vitest";
import { compileClockShim } from "../../src/faults/clock-shim.ts";

test("gives the reason if it cannot compile", () => {
  const missing = compileClockShim(tmpdir(), "/nonexistent/cc");
  expect(missing).toEqual({
    missingReason: expect.stringContaining(process.platform === "linux" ? "/nonexistent/cc" : "Linux"),
  });
});
