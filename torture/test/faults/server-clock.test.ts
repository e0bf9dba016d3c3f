import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startRedisServer } from "quorumlock/testing";
import { afterAll, expect, test } from "vitest";
import { adminOf } from "../../src/admin.ts";
import { compileShim, ServerClock } from "../../src/faults/server-clock.ts";

const directory = mkdtempSync(join(tmpdir(), "torture-clock-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));
const shim = compileShim(directory);
if ("missing" in shim) console.log(`server-clock: skipped, ${shim.missing}`);

test.runIf("path" in shim)(
  "the clock of one server jumps, there and back, and keys expire by it",
  async () => {
    if (!("path" in shim)) return;
    using clock = new ServerClock(shim.path, join(directory, "clock"));
    await using server = await startRedisServer({ env: clock.env });
    await using admin = await adminOf(server.port);
    const { redis } = admin;
    const aheadMs = async (): Promise<number> => {
      const [seconds, micros] = await redis.time();
      return Number(seconds) * 1_000 + Number(micros) / 1_000 - Date.now();
    };
    const hour = 3_600_000;
    expect(Math.abs(await aheadMs())).toBeLessThan(60_000);
    await redis.set("a", "1", "PX", 600_000);
    clock.set(-hour);
    expect(Math.abs((await aheadMs()) + hour)).toBeLessThan(60_000);
    expect(await redis.pttl("a")).toBeGreaterThan(hour);
    clock.set(hour);
    expect(Math.abs((await aheadMs()) - hour)).toBeLessThan(60_000);
    expect(await redis.get("a")).toBeNull();
  },
);

test("a compiler that is missing is told of, and what to do without", () => {
  const missing = compileShim(directory, "/nonexistent/cc");
  expect(missing).toEqual({
    missing: expect.stringContaining(process.platform === "linux" ? "/nonexistent/cc" : "Linux"),
  });
});
