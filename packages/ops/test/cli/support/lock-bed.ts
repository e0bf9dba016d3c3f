import { Redis } from "ioredis";
import { Redlock, type RedlockOptions } from "quorumlock";
import { type RedisServers, startRedisServers } from "quorumlock/testing";

/** Three servers, and clients of applications that hold locks on them. */
export interface LockBed extends AsyncDisposable {
  readonly servers: RedisServers;
  readonly urls: readonly string[];
  /** The text of a configuration file for these servers. */
  readonly config: string;
  /** A plain connection to each server. */
  readonly plain: readonly Redis[];
  /** A client of an application, closed with the bed. */
  client(owner: string, options?: RedlockOptions): Redlock;
}

export async function startLockBed(count = 3): Promise<LockBed> {
  const servers = await startRedisServers(count);
  const urls = servers.map(({ url }) => url);
  const plain = urls.map((url) => new Redis(url, { retryStrategy: () => 50 }).on("error", () => undefined));
  const clients: Redlock[] = [];
  return {
    servers,
    urls,
    config: `redis_instances: ${JSON.stringify(urls)}\nclient: {restart_guard: false}\n`,
    plain,
    client(owner, options = {}) {
      const redlock = new Redlock(urls, { restartGuard: false, owner, ...options });
      clients.push(redlock);
      return redlock;
    },
    async [Symbol.asyncDispose]() {
      for (const server of servers) server.resume();
      await Promise.all(clients.map((each) => each.close().catch(() => undefined)));
      for (const redis of plain) redis.disconnect();
      await servers.stop();
    },
  };
}
