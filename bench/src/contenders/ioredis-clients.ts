import { Redis } from "ioredis";
import type { RedisServer } from "quorumlock/testing";

/** One connected client for each server. */
export function connectIoredis(servers: readonly RedisServer[]): Promise<readonly Redis[]> {
  return Promise.all(
    servers.map(async ({ port }) => {
      const client = new Redis({ host: "127.0.0.1", port, lazyConnect: true });
      await client.connect();
      return client;
    }),
  );
}
