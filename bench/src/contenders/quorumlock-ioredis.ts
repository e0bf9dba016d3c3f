import type { Contender } from "../contender.ts";
import { bareIoredis } from "./bare-ioredis.ts";
import { connectIoredis } from "./ioredis-clients.ts";
import { QuorumlockEntrant } from "./quorumlock-entrant.ts";

export const quorumlockIoredis: Contender = {
  name: "quorumlock (ioredis)",
  baseline: bareIoredis,
  async connect(servers) {
    const clients = await connectIoredis(servers);
    return new QuorumlockEntrant(clients, () => {
      for (const client of clients) client.disconnect();
    });
  },
};
