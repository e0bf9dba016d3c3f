import Redlock4 from "redlock-v4";
import { type Contender, TTL_MS } from "../contender.ts";
import { bareIoredis } from "./bare-ioredis.ts";
import { connectIoredis, disconnectIoredis } from "./ioredis-clients.ts";

/** As it comes: 10 retries, 200 ms and up to 100 ms more apart. It does not extend locks by itself. */
export const redlock4: Contender = {
  name: "redlock 4",
  kind: "peer",
  baseline: bareIoredis,
  async connect(servers, { ttlMs = TTL_MS } = {}) {
    const clients = await connectIoredis(servers);
    const redlock = new Redlock4(clients);
    // What a server refuses is told by the rejection, too.
    redlock.on("clientError", () => undefined);
    return {
      async acquire(name) {
        const lock = await redlock.lock(name, ttlMs);
        return { release: () => lock.unlock() };
      },
      async [Symbol.asyncDispose]() {
        disconnectIoredis(clients);
      },
    };
  },
};
