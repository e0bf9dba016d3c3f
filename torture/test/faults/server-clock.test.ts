import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startRedisServer } from "quorumlock/testing";
import { afterAll, expect, test } from "vitest";
import { compileClockShim } from "../../src/faults/clock-shim.ts";
import { ServerClock } from "../../src/faults/server-clock.ts";
import { connectAdmin } from "../../src/servers/admin-connection.ts";

const directory = mkdtempSync(join(tmpdir(), "torture-clock-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));
const shim = compileClockShim(directory);
if ("missingReason" in shim) console.log(`server-clock: skipped, ${shim.missingReason}`);

test.runIf("path" in shim)(
  "moves the clock of one server in both directions, and keys expire by that clock",
  async () => {
    if (!("path" in shim)) return;
    using clock = new ServerClock(shim.path, join(directory, "clock"));
    await using server = await startRedisServer({ env: clock.env });
    await using admin = await connectAdmin(server.port);
    const { redis } = admin;
    const aheadMs = async (): Promise<number> => {
      const [seconds, micros] = await redis.time();
      return Number(seconds) * 1_000 + Number(micros) / 1_000 - Date.now();
    };
    const hour = 3_600_000;
    expect(Math.abs(await aheadMs())).toBeLessThan(60_000);
    await redis.set("a", "1", "PX", 600_000);
    clock.setOffset(-hour);
    expect(Math.abs((await aheadMs()) + hour)).toBeLessThan(60_000);
    expect(await redis.pttl("a")).toBeGreaterThan(hour);
    clock.setOffset(hour);
    expect(Math.abs((await aheadMs()) - hour)).toBeLessThan(60_000);
    expect(await redis.get("a")).toBeNull();
  },
);
