import { Redis } from "ioredis";
import type { Address } from "../contender.ts";

/** One connected client for each server. */
export function connectIoredis(servers: readonly Address[]): Promise<readonly Redis[]> {
  return Promise.all(
    servers.map(async ({ port }) => {
      const client = new Redis({ host: "127.0.0.1", port, lazyConnect: true });
      // Without a listener a server that goes away at the end is written about.
      client.on("error", () => undefined);
      await client.connect();
      return client;
    }),
  );
}

export function disconnectIoredis(clients: readonly Redis[]): void {
  for (const client of clients) client.disconnect();
}
