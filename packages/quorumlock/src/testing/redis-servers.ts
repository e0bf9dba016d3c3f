import { type RedisServer, type RedisServerOptions, startRedisServer } from "./redis-server.ts";

/** An array of servers. `stop` stops all of them. */
export interface RedisServers extends ReadonlyArray<RedisServer>, AsyncDisposable {
  /** Stops all servers, as `RedisServer.stop()` does. */
  stop(): Promise<void>;
}

/**
 * Starts several servers in parallel. If one fails to start, the others are stopped.
 *
 * @param count a whole number, at least 1.
 * @param options the options of each server.
 * @throws RangeError if `count` is not a whole number of at least 1.
 * @throws the error of `startRedisServer` for the first server that failed.
 */
export async function startRedisServers(
  count: number,
  options: Omit<RedisServerOptions, "port"> = {},
): Promise<RedisServers> {
  if (!Number.isInteger(count) || count < 1) {
    throw new RangeError(`count: ${count} must be a whole number, at least 1`);
  }
  const starts = await Promise.allSettled(Array.from({ length: count }, () => startRedisServer(options)));
  const servers = starts.flatMap((start) => (start.status === "fulfilled" ? [start.value] : []));
  const stop = async (): Promise<void> => {
    await Promise.all(servers.map((server) => server.stop()));
  };
  const failed = starts.find((start) => start.status === "rejected");
  if (failed === undefined) return Object.assign(servers, { stop, [Symbol.asyncDispose]: stop });
  await stop();
  throw failed.reason;
}
