import { withoutCounters } from "./lock-keys.ts";
import { Redis } from "ioredis";
import { afterAll } from "vitest";
import {
  type RedisServer,
  type RedisServerOptions,
  type RedisServers,
  startRedisServers,
} from "../../src/testing/index.ts";

/** A server for a test file, with a connection that does not use the library. */
export interface TestServer {
  readonly server: RedisServer;
  readonly admin: Redis;
}

/** Starts servers for a test file. They are stopped when the file ends. */
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

/** All keys on a server except fencing counters and the marker, which stay, lines of waiters, and records. */
export async function locksOn({ admin }: TestServer): Promise<readonly string[]> {
  // The lines of waiters and the records expire.
  return withoutCounters(await admin.keys("*")).filter(
    (key) => !/~(?:wake|line|record):{|~records$/.test(key),
  );
}

/** All keys without an expiry, except fencing counters and the marker. */
export async function keysWithoutExpiry({ admin }: TestServer): Promise<readonly string[]> {
  const keys = withoutCounters(await admin.keys("*"));
  const left = await Promise.all(keys.map((key) => admin.pttl(key)));
  return keys.filter((_, index) => left[index] === -1);
}

/** How long a server has run, in s. Servers report it in whole seconds, so one with "3 s" may have run for little more than 2 s. */
export async function uptimeOf(admin: Redis): Promise<number> {
  return Number(/uptime_in_seconds:(\d+)/.exec(await admin.info("server"))?.[1]);
}
