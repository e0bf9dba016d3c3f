import { createServer as createHttpServer } from "node:http";
import { once } from "node:events";
import { type AddressInfo, createServer, type Server } from "node:net";
import { Redlock } from "quorumlock";
import { startRedisServer } from "quorumlock/testing";
import { expect, onTestFinished, test } from "vitest";
import { connect } from "../../src/cli/connect.ts";
import { readServerHealth, type ServerHealth } from "../../src/cli/health/server-health.ts";
import { readSettings } from "../../src/cli/settings/settings.ts";
import { until } from "../monitor/support/monitor-bed.ts";
import { startCommandBed } from "./support/command-bed.ts";
import { runCommand } from "./support/run-command.ts";

/** The silent servers use it up. */
const TIMEOUT_MS = 3_000;

/** What `health` finds out about these servers. */
async function healthOf(
  instances: readonly string[],
  restartGuard = false,
): Promise<readonly ServerHealth[]> {
  const settings = await readSettings({ instances: instances.join(","), timeout: TIMEOUT_MS }, {});
  const client = { ...settings.client, restartGuard };
  await using connection = await connect({ ...settings, client }, { isOneShot: true });
  return await readServerHealth(connection);
}

/** The address of a server of this process. */
async function listen(server: Server): Promise<string> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test("says of each server that does not vote what is wrong, without its password", async () => {
  await using good = await startRedisServer();
  await using locked = await startRedisServer({ args: ["--requirepass", "secret-of-the-server"] });
  await using paused = await startRedisServer();
  await using evicting = await startRedisServer({
    args: ["--maxmemory", "100mb", "--maxmemory-policy", "allkeys-lru"],
  });
  const sockets = new Set<{ destroy(): void }>();
  const silent = createServer((socket) => void sockets.add(socket));
  onTestFinished(() => sockets.forEach((socket) => socket.destroy()));
  const closing = createServer((socket) => socket.end());
  // New servers recover their fencing counters first.
  for (const { url } of [good, evicting]) {
    await using redlock = new Redlock([url], { restartGuard: false });
    await until(async () => (await redlock.health()).canLock);
  }
  paused.pause();
  const health = await healthOf([
    good.url,
    evicting.url,
    locked.url.replace("//", "//:wrong-secret@"),
    locked.url.replace("127.0.0.1", "localhost"),
    paused.url,
    await listen(silent),
    await listen(closing),
    await listen(createHttpServer((_, response) => response.end("hello"))),
    good.url.replace("redis://127.0.0.1", "rediss://localhost"),
    "127.0.0.1:1",
  ]);
  paused.resume();
  expect(health.map(({ state, votes, error = "" }) => [state, votes, error.replace(/;.*/, "")])).toEqual([
    ["up", true, ""],
    ["unsafe", true, expect.stringContaining("allkeys-lru")],
    ["refused", false, "wrong password or user name (WRONGPASS)"],
    ["refused", false, "it needs a password (NOAUTH)"],
    ["no-answer", false, "no answer in 3s"],
    ["no-answer", false, "no answer in 3s"],
    ["no-answer", false, "it closes the connection"],
    ["no-answer", false, "it is not a Redis server: its answer begins with “H”"],
    ["no-answer", false, "no TLS connection"],
    ["no-answer", false, "connection refused"],
  ]);
  expect(JSON.stringify(health)).not.toContain("secret");
  const [guarded] = await healthOf([good.url], true);
  expect(guarded).toMatchObject({ state: "quarantined", votes: false });
  expect(guarded?.abstainsMs).toBeGreaterThan(0);
  expect(guarded?.note).toMatch(/ left: may have forgotten locks$/);
});

test("shows figures of each server, and which of them processes cannot reach", async () => {
  await using bed = await startCommandBed();
  const connection = await bed.connect();
  const [first, ...others] = await readServerHealth(connection);
  expect(first).toMatchObject({ state: "up", votes: true, version: expect.stringMatching(/\d/) as string });
  expect(first?.latencyMs).toBeGreaterThan(0);
  expect(first?.usedBytes).toBeGreaterThan(0);
  expect(Math.min(...[first, ...others].map((each) => Math.abs(each?.clockOffsetMs ?? Infinity)))).toBe(0);
});

test("the command ends with 0, 1 or 2, and prints one line a server, or JSON", async () => {
  await using bed = await startCommandBed();
  const args = ["health", "--instances", bed.instances, "--timeout", "1s"];
  const config = { env: { NO_COLOR: "1" } };
  await bed.servers[0]?.kill();
  bed.servers[1]?.pause();
  const [text, json] = await Promise.all([runCommand(args, config), runCommand([...args, "--json"])]);
  expect(text.code).toBe(2);
  const lines = text.stdout.trimEnd().split("\n");
  expect(lines).toHaveLength(5);
  expect(lines[0]).toMatch(/^✕ [01] of 3 servers votes?\. 2 are needed/);
  expect(lines[1]).toMatch(/^SERVER +STATE +LATENCY +MEMORY +VERSION +CLOCK +NOTE$/);
  expect(lines[2]).toMatch(/^\S+ +✕ No answer .*connection refused/);
  expect(lines[3]).toMatch(/^\S+ +✕ No answer .*no answer in 1s$/);
  expect(text.stdout).not.toContain("\u001b");
  expect(JSON.parse(json.stdout)).toMatchObject({ schema: 1, configured: 3, quorum: 2 });
  expect(json.code).toBe(2);
});
