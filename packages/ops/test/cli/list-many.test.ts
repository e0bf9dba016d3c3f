import { spawn } from "node:child_process";
import { once } from "node:events";
import type { Redis } from "ioredis";
import { expect, test } from "vitest";
import { startCommandBed } from "./support/command-bed.ts";
import { NODE_ARGS } from "./support/run-command.ts";

const LOCKS = 100_000;
/** What one call of the command may contain, so that it takes a server well below 5 ms. */
const MAX_KEYS_A_SCAN = 500;
const MAX_NAMES_A_READING = 50;
const KEYS_OF_A_NAME = 4;
/** Only a hang takes so long. */
const TEST_TIMEOUT_MS = 300_000;
const LONG_US = 5_000;

/** The time for which the main thread of a server had the processor, µs. A server before version 7 only has that of all its threads. */
async function processorUs(redis: Redis): Promise<number> {
  const info = await redis.info("cpu");
  const seconds = (what: string): number =>
    Number(
      (new RegExp(`used_cpu_${what}_main_thread:([\\d.]+)`).exec(info) ??
        new RegExp(`used_cpu_${what}:([\\d.]+)`).exec(info))?.[1],
    );
  return (seconds("user") + seconds("sys")) * 1e6;
}

/** It can take some seconds, so the moments of expiry are absolute. */
const FILL = `
for i = 1, tonumber(ARGV[1]) do
  local place = (i * 7919) % 100000
  local ttl = place < 20 and 600000 + place * 5000 or 3600000 + place
  redis.call('SET', 'lock:job:' .. i, string.format('%032x@worker-%d:%d', i, i % 7, i % 100), 'PXAT', ARGV[2] + ttl)
end`;

test(
  "lists 100,000 locks in little memory, in the right order, and blocks no server",
  async () => {
    // One server has as much work and as many names as each of several.
    await using bed = await startCommandBed(1);
    for (const redis of bed.plain) {
      await redis.eval(FILL, 0, String(LOCKS), String(Date.now()));
      await redis.config("SET", "slowlog-log-slower-than", String(LONG_US), "slowlog-max-len", "10000");
      await redis.config("RESETSTAT");
      await redis.slowlog("RESET");
    }
    const before = await Promise.all(bed.plain.map(processorUs));
    const args = [
      "list",
      "--json",
      "--sort",
      "remaining",
      "--limit",
      "20",
      "--timeout",
      "60s",
      "--instances",
      bed.instances,
    ];
    // All names and rows would need more memory than this.
    const child = spawn(process.execPath, ["--max-old-space-size=64", ...NODE_ARGS, ...args]);
    let [stdout, stderr] = ["", ""];
    child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    const [code] = (await once(child, "close")) as [number | null];
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: expect.stringMatching(
        /^100\u202f?.?000 locks; scanned .+ keys on 1 of 1 servers in .+ s; the first 20 are shown; --limit shows more\n$/,
      ) as string,
    });
    const { locks, ...rest } = JSON.parse(stdout) as { locks: { name: string }[] };
    expect(rest).toMatchObject({ complete: true, found: LOCKS, unanswered: [] });
    // (i × 7919) mod 100,000 is another number for each i, so the order is known.
    const expected = Array.from({ length: LOCKS }, (_, index) => index + 1)
      .toSorted((a, b) => ((a * 7_919) % LOCKS) - ((b * 7_919) % LOCKS))
      .slice(0, 20);
    expect(locks.map(({ name }) => name)).toEqual(expected.map((each) => `job:${each}`));

    for (const [index, redis] of bed.plain.entries()) {
      const usedUs = (await processorUs(redis)) - before[index]!;
      const stats = await redis.info("commandstats");
      expect(stats).not.toContain("cmdstat_keys:");
      const calls = ["scan", "evalsha"].reduce(
        (sum, name) => sum + Number(new RegExp(`cmdstat_${name}:calls=(\\d+)`).exec(stats)?.[1] ?? 0),
        0,
      );
      const slow = (await redis.call("SLOWLOG", "GET", "10000")) as [number, number, number, string[]][];
      const longest = slow.reduce((most, [, , us]) => Math.max(most, us), 0);
      console.log(
        `${calls} calls used the processor for ${Math.round(usedUs / calls)} µs each; SLOWLOG has ${slow.length} of more than ${LONG_US} µs, the longest of ${longest} µs`,
      );
      // SLOWLOG has the time from the begin of a call to its end. A machine under load can take the processor away from a server in the
      // middle, so the work of each call is bounded, and not its time: by the number of its keys, and on average by the time for which
      // the server had the processor, which is all that it needs.
      expect(slow.filter(([, , , command]) => !hasLittleWork(command))).toEqual([]);
      expect(calls).toBeGreaterThan(LOCKS / MAX_NAMES_A_READING);
      expect(usedUs / calls).toBeLessThan(LONG_US);
    }
  },
  TEST_TIMEOUT_MS,
);

/** The commands inside of a script have an entry of their own; commandstats shows that KEYS is none of them. */
function hasLittleWork([name = "", , third = "", , , count = ""]: readonly string[]): boolean {
  if (name.toUpperCase() === "SCAN") return Number(count) <= MAX_KEYS_A_SCAN;
  return name.toUpperCase() !== "EVALSHA" || Number(third) <= MAX_NAMES_A_READING * KEYS_OF_A_NAME;
}
