import { Redlock } from "quorumlock";
import { type Contender, type Grant, type LockClient, TTL_MS } from "../contender.ts";
import { connectIoredis, disconnectIoredis } from "./ioredis-clients.ts";
import { quorumlockIoredis } from "./quorumlock-ioredis.ts";

/** The fair lock: callers are served in the order in which they came, over all processes. */
export const quorumlockFair: Contender = {
  name: "quorumlock fair (ioredis)",
  kind: "ours",
  baseline: quorumlockIoredis,
  async connect(servers, { ttlMs: ttl = TTL_MS } = {}): Promise<LockClient> {
    const clients = await connectIoredis(servers);
    // The restart guard would make the servers abstain for one ttl, because they started moments ago.
    const redlock = new Redlock(clients, { ttl, restartGuard: false });
    return {
      acquire: (name): Promise<Grant> => redlock.fair(name).acquire(),
      keyOf: (name) => `lock:${name}`,
      async [Symbol.asyncDispose]() {
        await redlock.close();
        disconnectIoredis(clients);
      },
    };
  },
};
