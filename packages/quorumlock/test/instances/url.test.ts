import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { Redlock } from "../../src/index.ts";
import { testServers } from "../support/server-access.ts";

const [server] = await testServers(1);
const preloaded = fileURLToPath(new URL("../support/without-clients.mjs", import.meta.url));
const program = fileURLToPath(new URL("../support/url-process.ts", import.meta.url));

async function run(without: string, waitMs: number, database = ""): Promise<string> {
  const preload = ["--import", "tsx", "--import", preloaded];
  const args = [
    ...preload,
    "--conditions=@quorumlock/source",
    program,
    server!.server.url + database,
    String(waitMs),
  ];
  const env = { ...process.env, WITHOUT: without };
  const { stdout } = await promisify(execFile)(process.execPath, args, { env, timeout: 120_000 });
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

// Without this, ioredis goes on in database 0, and node-redis tries for ever.
test.each([
  ["ioredis", "redis"],
  ["redis", "ioredis"],
])(
  "a database that the server does not have ends the acquisition at once with %s",
  async (_library, without) => {
    expect(await run(without, Infinity, "/9999")).toMatch(
      /QuorumError: "url".*ERR DB index is out of range; correct the number of the database/s,
    );
    expect(await run(without, 40_000, "/1")).toBe("woken");
  },
);

test.each([
  ["redis://localhost/abc", /instances\[0\]: "redis:\/\/localhost\/abc" may have one number after the host/],
  ["redis://localhost/-1", /one number after the host/],
  ["redis://localhost/1.5", /one number after the host/],
  ["redis://localhost/0/x", /one number after the host/],
  ["redis://localhost?connectTimeout=5000", /must not have "\?" or "#"; for other settings, make a client/],
  ["redis://localhost/0?keyPrefix=a", /must not have "\?"/],
  ["redis://localhost/0#x", /must not have/],
])("%s is refused", (url, message) => {
  expect(() => new Redlock([url])).toThrow(message);
});
