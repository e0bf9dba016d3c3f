import { Redis } from "ioredis";
import { Redlock, type RedlockOptions } from "quorumlock";
import { LockStats, report } from "quorumlock/observe";
import { type RedisServers, startRedisServers } from "quorumlock/testing";
import { type Connection, connect } from "../../../src/cli/connect.ts";
import { Output } from "../../../src/cli/output/output.ts";
import { readSettings } from "../../../src/cli/settings/settings.ts";

/** Servers, clients of applications, and the connection of a command in this process. */
export interface CommandBed extends AsyncDisposable {
  readonly servers: RedisServers;
  /** For `--instances`. */
  readonly instances: string;
  /** A plain connection to each server, closed with the bed. */
  readonly plain: readonly Redis[];
  /** A new client of an application, closed with the bed. */
  client(options?: RedlockOptions): Redlock;
  /** A client whose process reports each second, closed with the bed. */
  reporting(owner: string): Redlock;
  /** The connection of a one-shot command, closed with the bed. */
  connect(options?: { readonly timeoutMs?: number; readonly more?: readonly string[] }): Promise<Connection>;
}

export async function startCommandBed(count = 3): Promise<CommandBed> {
  const servers = await startRedisServers(count);
  const urls = servers.map(({ url }) => url);
  const closing: (() => unknown)[] = [];
  const plain = urls.map((url) => {
    const redis = new Redis(url, { retryStrategy: () => 50 });
    redis.on("error", () => undefined);
    closing.push(() => redis.disconnect());
    return redis;
  });
  const client = (options: RedlockOptions = {}): Redlock => {
    const redlock = new Redlock(urls, { restartGuard: false, ...options });
    closing.push(() => redlock.close().catch(() => undefined));
    return redlock;
  };
  return {
    servers,
    instances: urls.join(","),
    plain,
    client,
    reporting(owner) {
      const redlock = client({ owner });
      const reporter = report(redlock, new LockStats(redlock), { interval: 1_000 });
      closing.push(() => reporter.stop());
      return redlock;
    },
    async connect({ timeoutMs = 2_000, more = [] } = {}) {
      const settings = await readSettings(
        { instances: [...urls, ...more].join(","), timeout: timeoutMs },
        {},
      );
      const connection = await connect(
        { ...settings, client: { ...settings.client, restartGuard: false } },
        { isOneShot: true },
      );
      closing.push(() => connection.close());
      return connection;
    },
    async [Symbol.asyncDispose]() {
      for (const server of servers) server.resume();
      for (const close of closing.toReversed()) await close();
      await servers.stop();
    },
  };
}

/** The output of a command that is not on a terminal. */
export const PLAIN = new Output({ json: false, color: false, ascii: false, quiet: false }, {});
