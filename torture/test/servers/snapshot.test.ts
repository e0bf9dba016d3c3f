import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type RedisServer, startRedisServer } from "quorumlock/testing";
import { afterAll, expect, test } from "vitest";
import { connectAdmin } from "../../src/servers/admin-connection.ts";
import { Snapshot } from "../../src/servers/snapshot.ts";

const directory = mkdtempSync(join(tmpdir(), "torture-snapshot-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

async function read(server: RedisServer): Promise<string | null> {
  await using admin = await connectAdmin(server.port);
  return await admin.redis.get("a");
}

async function write(server: RedisServer, value: string): Promise<void> {
  await using admin = await connectAdmin(server.port);
  await admin.redis.set("a", value);
}

test("a server has the older data after a restart from its snapshot, and none after another restart", async () => {
  const snapshot = new Snapshot(join(directory, "server"));
  await using server = await startRedisServer({ args: snapshot.args });
  expect(snapshot.exists).toBe(false);
  await write(server, "old");
  await snapshot.save(server);
  expect(snapshot.exists).toBe(true);
  await write(server, "new");
  await snapshot.restart(server);
  expect(await read(server)).toBe("old");
  await server.restart();
  expect(await read(server)).toBeNull();
  await snapshot.restart(server);
  expect(await read(server)).toBe("old");
});
