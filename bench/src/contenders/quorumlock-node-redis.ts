import type { Contender } from "../contender.ts";
import { bareNodeRedis } from "./bare-node-redis.ts";
import { connectNodeRedis, disconnectNodeRedis } from "./node-redis-clients.ts";
import { QuorumlockEntrant } from "./quorumlock-entrant.ts";

export const quorumlockNodeRedis: Contender = {
  name: "quorumlock (node-redis)",
  kind: "ours",
  baseline: bareNodeRedis,
  async connect(servers, options) {
    const clients = await connectNodeRedis(servers);
    return new QuorumlockEntrant(clients, () => disconnectNodeRedis(clients), options?.ttlMs);
  },
};
