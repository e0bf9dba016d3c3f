import { spawn } from "node:child_process";
import { once } from "node:events";
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

const FILL = `
for i = 1, tonumber(ARGV[1]) do
  local place = (i * 7919) % 100000
  local ttl = place < 20 and 600000 + place * 5000 or 3600000 + place
  redis.call('SET', 'lock:job:' .. i, string.format('%032x@worker-%d:%d', i, i % 7, i % 100), 'PX', ttl)
end`;

test(
  "lists 100,000 locks in little memory, in the right order, and blocks no server",
  async () => {
    // One server has as much work and as many names as each of several.
    await using bed = await startCommandBed(1);
    for (const redis of bed.plain) {
      await redis.eval(FILL, 0, String(LOCKS));
      await redis.config("SET", "slowlog-log-slower-than", String(LONG_US), "slowlog-max-len", "10000");
      await redis.config("RESETSTAT");
      await redis.slowlog("RESET");
    }
    const args = ["list", "--json", "--sort", "remaining", "--limit", "20", "--instances", bed.instances];
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

    for (const redis of bed.plain) {
      const stats = await redis.info("commandstats");
      expect(stats).not.toContain("cmdstat_keys:");
      const slow = (await redis.call("SLOWLOG", "GET", "10000")) as [number, number, number, string[]][];
      // A machine under load can take a server away from its work at any time, so the work of a call is bounded and not its time.
      expect(slow.filter(([, , , command]) => !hasLittleWork(command))).toEqual([]);
    }
  },
  TEST_TIMEOUT_MS,
);

/** The commands inside of a script have an entry of their own; commandstats shows that KEYS is none of them. */
function hasLittleWork([name = "", , third = "", , , count = ""]: readonly string[]): boolean {
  if (name.toUpperCase() === "SCAN") return Number(count) <= MAX_KEYS_A_SCAN;
  return name.toUpperCase() !== "EVALSHA" || Number(third) <= MAX_NAMES_A_READING * KEYS_OF_A_NAME;
}
