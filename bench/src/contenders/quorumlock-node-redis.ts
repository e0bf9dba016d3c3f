import type { Contender } from "../contender.ts";
import { bareNodeRedis } from "./bare-node-redis.ts";
import { connectNodeRedis } from "./node-redis-clients.ts";
import { QuorumlockEntrant } from "./quorumlock-entrant.ts";

export const quorumlockNodeRedis: Contender = {
  name: "quorumlock (node-redis)",
  baseline: bareNodeRedis,
  async connect(servers) {
    const clients = await connectNodeRedis(servers);
    return new QuorumlockEntrant(clients, () => {
      for (const client of clients) client.destroy();
    });
  },
};
