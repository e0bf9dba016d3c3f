import { Redlock } from "@sesamecare-oss/redlock";
import { type Contender, TTL_MS } from "../contender.ts";
import { bareIoredis } from "./bare-ioredis.ts";
import { connectIoredis, disconnectIoredis } from "./ioredis-clients.ts";
import { holdInside } from "./hold-inside.ts";

/** As it comes: 10 retries, 200 ± 100 ms apart. */
export const sesamecare: Contender = {
  name: "@sesamecare-oss/redlock",
  kind: "peer",
  baseline: bareIoredis,
  async connect(servers, { ttlMs = TTL_MS } = {}) {
    const clients = await connectIoredis(servers);
    const redlock = new Redlock(clients);
    // What a server refuses is told by the rejection, too; without a listener it would end the process.
    redlock.on("error", () => undefined);
    return {
      acquire: (name) => redlock.acquire([name], ttlMs),
      hold: (name) => holdInside((routine) => redlock.using([name], ttlMs, routine)),
      async [Symbol.asyncDispose]() {
        disconnectIoredis(clients);
      },
    };
  },
};
