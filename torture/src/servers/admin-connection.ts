import { Redis } from "ioredis";

/**
 * Opens a connection from the controller to one server. Its commands fail instead of waiting for a reconnect.
 * @throws Error if the server cannot be reached.
 */
export async function connectAdmin(port: number): Promise<AsyncDisposable & { readonly redis: Redis }> {
  const redis = new Redis(port, "127.0.0.1", {
    lazyConnect: true,
    retryStrategy: () => null,
    maxRetriesPerRequest: 0,
    connectTimeout: 5_000,
    commandTimeout: 5_000,
  });
  redis.on("error", () => undefined);
  await redis.connect();
  return {
    redis,
    async [Symbol.asyncDispose]() {
      redis.disconnect();
    },
  };
}
