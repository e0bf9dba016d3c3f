import type { Contender } from "../contender.ts";
import { bareIoredis } from "./bare-ioredis.ts";
import { connectIoredis, disconnectIoredis } from "./ioredis-clients.ts";
import { QuorumlockClient } from "./quorumlock-client.ts";

export const quorumlockIoredis: Contender = {
  name: "quorumlock (ioredis)",
  kind: "ours",
  baseline: bareIoredis,
  async connect(servers, options) {
    const clients = await connectIoredis(servers);
    return new QuorumlockClient(clients, () => disconnectIoredis(clients), options?.ttlMs);
  },
};
