import { createClient } from "redis";
import type { Address } from "../contender.ts";

/** One connected client for each server. */
export function connectNodeRedis(servers: readonly Address[]): Promise<readonly NodeRedis[]> {
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

export function disconnectNodeRedis(clients: readonly NodeRedis[]): void {
  for (const client of clients) client.destroy();
}
