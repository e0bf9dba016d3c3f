import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { testServers } from "../support/server-access.ts";

const [server] = await testServers(1);
const preloaded = fileURLToPath(new URL("../support/without-clients.mjs", import.meta.url));
const program = fileURLToPath(new URL("../support/url-process.ts", import.meta.url));

async function run(without: string, waitMs: number): Promise<string> {
  const preload = ["--import", "tsx", "--import", preloaded];
  const args = [...preload, "--conditions=@quorumlock/source", program, server!.server.url, String(waitMs)];
  const env = { ...process.env, WITHOUT: without };
  const { stdout } = await promisify(execFile)(process.execPath, args, { env, timeout: 50_000 });
  return stdout.trim();
}

test("a URL opens a connection with ioredis, otherwise with node-redis, and close() lets the process end", async () => {
  for (const without of ["", "ioredis", "redis"]) expect(await run(without, 40_000)).toBe("woken");
});

test("the error comes at once and says what to install if neither library is installed", async () => {
  // The wait has no limit.
  expect(await run("ioredis,redis", Infinity)).toMatch(
    /QuorumError: "url".*`npm install ioredis` or `npm install redis`/s,
  );
});
