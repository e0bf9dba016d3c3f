import { Cluster } from "ioredis";
import { afterEach, beforeEach, expect } from "vitest";
import { Redlock, type RedlockOptions } from "../../src/index.ts";
import { startRedisCluster } from "../../src/testing/index.ts";
import { FRESH } from "./fresh.ts";
import { keysWithoutExpiry, locksOn, type TestServer } from "./server-access.ts";
import { eventually } from "./timing.ts";

/**
 * Makes clients for the tests of a file, or of a `describe`, on the first servers of a list. Each test begins with empty servers. At its
 * end the clients are closed, and the servers must have no lock.
 */
export function clientsOn(
  servers: readonly TestServer[],
): (options?: RedlockOptions, count?: number) => Redlock {
  const clients: Redlock[] = [];
  beforeEach(() => Promise.all(servers.map(({ admin }) => admin.flushall())));
  afterEach(async () => {
    await Promise.all(clients.splice(0).map((redlock) => redlock.close()));
    for (const server of servers) {
      await eventually("no lock is left", async () => (await locksOn(server)).length === 0);
      expect(await keysWithoutExpiry(server)).toEqual([]);
    }
  });
  return (options = {}, count = servers.length) => {
    const urls = servers.slice(0, count).map(({ server }) => server.url);
    const redlock = new Redlock(urls, { ...FRESH, requestTimeout: 5_000, ttl: 20_000, ...options });
    clients.push(redlock);
    return redlock;
  };
}

/** A client whose first instance is a cluster that is started for it, in place of the first server. Disposing of it stops the cluster. */
export async function startClusterClient(
  servers: readonly TestServer[],
): Promise<AsyncDisposable & { readonly redlock: Redlock }> {
  const cluster = await startRedisCluster();
  const nodes = new Cluster(cluster.nodes.map(({ port }) => ({ host: "127.0.0.1", port })));
  const redlock = new Redlock([nodes, ...servers.slice(1).map(({ server }) => server.url)], {
    ...FRESH,
    requestTimeout: 5_000,
  });
  return {
    redlock,
    async [Symbol.asyncDispose]() {
      await redlock.close();
      nodes.disconnect();
      await cluster.stop();
    },
  };
}
