import Redlock from "redlock";
import { type Contender, TTL_MS } from "../contender.ts";
import { connectIoredis } from "./ioredis-clients.ts";

/** A library that polls, as it comes: 10 retries, 200 ± 100 ms apart. */
export const redlock5Beta: Contender = {
  name: "redlock 5 beta",
  async connect(servers) {
    const clients = await connectIoredis(servers);
    const redlock = new Redlock(clients);
    return {
      acquire: (name) => redlock.acquire([name], TTL_MS),
      async [Symbol.asyncDispose]() {
        for (const client of clients) client.disconnect();
      },
    };
  },
};
