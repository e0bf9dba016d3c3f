import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import { Redlock, type RedlockOptions } from "quorumlock";
import { type RedisServers, startRedisServers } from "quorumlock/testing";

/** So long that no lock ends by itself in a test, however slow the machine is. */
export const TTL = { ttl: 120_000, autoExtend: false } as const;

/** Servers, and clients of applications that hold locks on them. */
export interface LockBed extends AsyncDisposable {
  readonly servers: RedisServers;
  readonly urls: readonly string[];
  /** The text of a configuration file for these servers. */
  readonly configText: string;
  /** The path of such a file. */
  readonly config: string;
  /** The directory of that file, removed with the bed. */
  readonly directory: string;
  /** A plain connection to each server, closed with the bed. */
  readonly plain: readonly Redis[];
  /** A new client of an application, closed with the bed. */
  client(options?: RedlockOptions): Redlock;
}

export async function startLockBed(count = 3): Promise<LockBed> {
  const servers = await startRedisServers(count);
  const urls = servers.map(({ url }) => url);
  const plain = urls.map((url) => new Redis(url, { retryStrategy: () => 50 }).on("error", () => undefined));
  const clients: Redlock[] = [];
  const directory = mkdtempSync(join(tmpdir(), "quorumlock-bed-"));
  const config = join(directory, "quorumlock.yaml");
  const configText = `redis_instances: ${JSON.stringify(urls)}\nclient: {restart_guard: false}\n`;
  writeFileSync(config, configText);
  return {
    servers,
    urls,
    configText,
    config,
    directory,
    plain,
    client(options = {}) {
      const redlock = new Redlock(urls, { restartGuard: false, ...options });
      clients.push(redlock);
      return redlock;
    },
    async [Symbol.asyncDispose]() {
      for (const server of servers) server.resume();
      await Promise.all(clients.map((each) => each.close().catch(() => undefined)));
      for (const redis of plain) redis.disconnect();
      await servers.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
