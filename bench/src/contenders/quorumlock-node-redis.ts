import type { Contender } from "../contender.ts";
import { bareNodeRedis } from "./bare-node-redis.ts";
import { connectNodeRedis, disconnectNodeRedis } from "./node-redis-clients.ts";
import { QuorumlockClient } from "./quorumlock-client.ts";

export const quorumlockNodeRedis: Contender = {
  name: "quorumlock (node-redis)",
  kind: "ours",
  baseline: bareNodeRedis,
  async connect(servers, options) {
    const clients = await connectNodeRedis(servers);
    return new QuorumlockClient(clients, () => disconnectNodeRedis(clients), options?.ttlMs);
  },
};
