import { type TestServer, testServers } from "../support/server-access.ts";

/**
 * A server that deletes expired keys only when they are read. Reads find a key in its last millisecond, but the background task of
 * Redis 8 may have deleted it already. So a comparison would find a difference by chance.
 */
export async function lazyServer(): Promise<TestServer> {
  const [server] = await testServers(1, { args: ["--enable-debug-command", "yes"] });
  await server!.admin.call("DEBUG", "SET-ACTIVE-EXPIRE", "0");
  return server!;
}
