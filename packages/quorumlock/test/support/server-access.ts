import { Redis } from "ioredis";
import { afterAll } from "vitest";
import {
  type RedisServer,
  type RedisServerOptions,
  type RedisServers,
  startRedisServers,
} from "../../src/testing/index.ts";

/** A server of this test file with a connection of the test's own, past the library. */
export interface TestServer {
  readonly server: RedisServer;
  readonly admin: Redis;
}

/** Starts servers for a test file; they are stopped when it ends. */
export async function testServers(
  count: number,
  options: RedisServerOptions = {},
): Promise<readonly TestServer[]> {
  const servers: RedisServers = await startRedisServers(count, options);
  const list = servers.map((server) => ({
    server,
    admin: new Redis(server.port, { maxRetriesPerRequest: null }),
  }));
  for (const { admin } of list) admin.on("error", () => undefined);
  afterAll(async () => {
    for (const { admin } of list) admin.disconnect();
    await servers.stop();
  });
  return list;
}

export function ports(list: readonly TestServer[]): readonly number[] {
  return list.map(({ server }) => server.port);
}

/** What stands on a server besides fencing counters, which stay for a week by design. */
export async function locksOn({ admin }: TestServer): Promise<readonly string[]> {
  // Where clients stood in line is a hint that ends by itself.
  return (await admin.keys("*")).filter((key) => !/:(fence|wake)$/.test(key));
}

/** Keys that would stay for ever. */
export async function keysWithoutExpiry({ admin }: TestServer): Promise<readonly string[]> {
  const keys = await admin.keys("*");
  const left = await Promise.all(keys.map((key) => admin.pttl(key)));
  return keys.filter((_, index) => left[index] === -1);
}
