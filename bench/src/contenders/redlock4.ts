import Redlock4 from "redlock-v4";
import { type Contender, TTL_MS } from "../contender.ts";
import { bareIoredis } from "./bare-ioredis.ts";
import { AUTO_PIPELINING, connectIoredis, disconnectIoredis } from "./ioredis-clients.ts";

/** By default it retries 10 times after 200 to 300 ms. It has no automatic extension. */
export const redlock4: Contender = withOptions("redlock 4", false);

/** It retries every 5 to 15 ms for about 3 s. */
export const redlock4Tuned: Contender = withOptions("redlock 4, tuned", true);

const TUNED = { retryCount: 300, retryDelay: 5, retryJitter: 10 };

function withOptions(name: string, isTuned: boolean): Contender {
  return {
    name,
    kind: "peer",
    isTuned,
    baseline: bareIoredis,
    async connect(servers, { ttlMs = TTL_MS } = {}) {
      const clients = await connectIoredis(servers, isTuned ? AUTO_PIPELINING : {});
      const redlock = new Redlock4(clients, isTuned ? TUNED : {});
      // Errors of single servers are also in the rejection.
      redlock.on("clientError", () => undefined);
      return {
        async acquire(key) {
          const lock = await redlock.lock(key, ttlMs);
          return { release: () => lock.unlock() };
        },
        async [Symbol.asyncDispose]() {
          disconnectIoredis(clients);
        },
      };
    },
  };
}
