import { spawn } from "node:child_process";
import { once } from "node:events";
import { Redis } from "ioredis";
import { type RedisServers, startRedisServers } from "quorumlock/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { NODE_ARGS, runCommand } from "./support/run-command.ts";

// Servers that keep everything vote at once after their first start.
const DURABLE = { args: ["--appendonly", "yes", "--appendfsync", "always"] };
let servers: RedisServers;
let list: string;

beforeAll(async () => {
  servers = await startRedisServers(3, DURABLE);
  list = servers.map(({ url }) => url).join(",");
});
afterAll(() => servers.stop());

/** What the measurements wrote and did not remove. */
async function keys(): Promise<readonly string[]> {
  const found = await Promise.all(
    servers.map(async ({ port }) => {
      const admin = new Redis(port);
      const all = await admin.keys("*~bench:*");
      admin.disconnect();
      return all;
    }),
  );
  return found.flat();
}

test("prints round trips and locks, and leaves no key", async () => {
  const { code, stdout, stderr } = await runCommand(["bench", "--instances", list, "--for", "1s", "--json"]);
  expect(stderr).toMatch(/^Measuring for 1\.0 s with the prefix lock:~bench:[0-9a-f]{12}:$/m);
  const result = JSON.parse(stdout) as {
    readonly schema: number;
    readonly roundTrips: readonly { readonly operations: number }[];
    readonly locks: readonly {
      readonly operations: number;
      readonly failures: number;
      readonly p50Ms: number;
    }[];
  };
  expect(result.schema).toBe(1);
  expect([result.roundTrips.length, result.locks.length]).toEqual([3, 3]);
  for (const { operations, failures, p50Ms } of result.locks) {
    expect(operations).toBeGreaterThan(0);
    expect(failures).toBe(0);
    expect(p50Ms).toBeGreaterThan(0);
  }
  expect(await keys()).toEqual([]);
  expect(code).toBe(0);
});

test("after Ctrl-C no key is left either", async () => {
  const child = spawn(process.execPath, [...NODE_ARGS, "bench", "--instances", list, "--for", "5m"], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  let stderr = "";
  const measured = new Promise<void>((resolve) => {
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
      if (stderr.includes("Measuring")) resolve();
    });
  });
  const ended = once(child, "close");
  await measured;
  while ((await keys()).length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  child.kill("SIGINT");
  expect(await ended).toEqual([130, null]);
  expect(await keys()).toEqual([]);
});

test("a server that hangs does not keep it, and it says what may be left", async () => {
  const child = spawn(
    process.execPath,
    [...NODE_ARGS, "bench", "--instances", list, "--for", "5m", "--timeout", "300ms"],
    { stdio: ["ignore", "ignore", "pipe"] },
  );
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const ended = once(child, "close");
  while ((await keys()).length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  const [hanging] = servers;
  hanging?.pause();
  try {
    child.kill("SIGINT");
    expect(await ended).toEqual([130, null]);
    const line = `127.0.0.1:${hanging?.port}: keys with the prefix lock:~bench:`;
    expect(stderr).toContain(line);
    expect(stderr).toMatch(/may be left \(.+\)$/m);
  } finally {
    hanging?.resume();
    const admin = new Redis(hanging?.port ?? 0);
    await admin.flushall();
    admin.disconnect();
  }
});

test("without a quorum it measures nothing", async () => {
  const [first] = servers;
  const { code, stdout, stderr } = await runCommand([
    "bench",
    "--instances",
    `${first?.url},127.0.0.1:1,127.0.0.1:2`,
  ]);
  expect(stderr).toMatch(/^No locks can be granted: \d of 3 servers vote\./);
  expect([code, stdout]).toEqual([69, ""]);
});
