import type { RedisServer } from "quorumlock/testing";
import { createClient } from "redis";

/** One connected client for each server. */
export function connectNodeRedis(servers: readonly RedisServer[]): Promise<readonly NodeRedis[]> {
  return Promise.all(servers.map(({ url }) => connect(url)));
}

export type NodeRedis = Awaited<ReturnType<typeof connect>>;

async function connect(url: string) {
  const client = createClient({ url });
  // Without a listener a broken connection ends the process; here the commands on it reject, which is told better.
  client.on("error", () => undefined);
  await client.connect();
  return client;
}
