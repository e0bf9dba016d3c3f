import { type RedisServer, type RedisServerOptions, startRedisServer } from "./redis-server.ts";

/** Several servers started together: an array that can be stopped as one. */
export interface RedisServers extends ReadonlyArray<RedisServer>, AsyncDisposable {
  stop(): Promise<void>;
}

/**
 * Starts several servers in parallel: all of them, or none.
 *
 * @param options for each of them.
 * @throws RangeError when `count` is not a whole number from 1.
 * @throws what `startRedisServer` throws, for the first that failed; those that had started are stopped.
 */
export async function startRedisServers(
  count: number,
  options: Omit<RedisServerOptions, "port"> = {},
): Promise<RedisServers> {
  if (!Number.isInteger(count) || count < 1) {
    throw new RangeError(`count must be a whole number from 1, got ${count}`);
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
