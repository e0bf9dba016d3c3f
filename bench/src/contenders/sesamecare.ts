import { Redlock } from "@sesamecare-oss/redlock";
import { type Contender, TTL_MS } from "../contender.ts";
import { bareIoredis } from "./bare-ioredis.ts";
import { holdForever } from "./hold-forever.ts";
import { AUTO_PIPELINING, connectIoredis, disconnectIoredis } from "./ioredis-clients.ts";

/** By default it retries 10 times after 100 to 300 ms. */
export const sesamecare: Contender = withOptions("@sesamecare-oss/redlock", false);

/** It retries every 5 to 15 ms for about 3 s. */
export const sesamecareTuned: Contender = withOptions("@sesamecare-oss/redlock, tuned", true);

const TUNED = { retryCount: 300, retryDelay: 10, retryJitter: 5 };

function withOptions(name: string, isTuned: boolean): Contender {
  return {
    name,
    kind: "peer",
    isTuned,
    baseline: bareIoredis,
    async connect(servers, { ttlMs = TTL_MS } = {}) {
      const clients = await connectIoredis(servers, isTuned ? AUTO_PIPELINING : {});
      const redlock = new Redlock([...clients], isTuned ? TUNED : {});
      // Errors of single servers are also in the rejection. Without a listener they would end the process.
      redlock.on("error", () => undefined);
      return {
        acquire: (key) => redlock.acquire([key], ttlMs),
        hold: (key) => holdForever((routine) => redlock.using([key], ttlMs, routine)),
        async [Symbol.asyncDispose]() {
          disconnectIoredis(clients);
        },
      };
    },
  };
}
