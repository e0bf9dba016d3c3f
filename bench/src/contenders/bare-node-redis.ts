import type { Contender } from "../contender.ts";
import {
  BareProtocol,
  type BareServer,
  COMPARE_AND_DELETE,
  COMPARE_AND_DELETE_SHA,
} from "./bare-protocol.ts";
import { connectNodeRedis, type NodeRedis } from "./node-redis-clients.ts";

export const bareNodeRedis: Contender = {
  name: "bare node-redis",
  kind: "bare",
  sends: ["set"],
  async connect(servers, options) {
    const clients = await connectNodeRedis(servers);
    await Promise.all(clients.map((client) => client.scriptLoad(COMPARE_AND_DELETE)));
    return new BareProtocol(
      clients.map((client) => new BareNodeRedisServer(client)),
      options?.ttlMs,
    );
  },
};

/** `sendCommand` without the client's timer for each command is the fastest way to use node-redis. */
const OPTIONS: object = { timeout: undefined };

class BareNodeRedisServer implements BareServer {
  readonly #client: NodeRedis;

  constructor(client: NodeRedis) {
    this.#client = client;
  }

  set(key: string, token: string, ttlMs: number): Promise<unknown> {
    return this.#client.sendCommand(["SET", key, token, "PX", String(ttlMs), "NX"], OPTIONS);
  }

  compareAndDelete(key: string, token: string): Promise<unknown> {
    return this.#client.sendCommand(["EVALSHA", COMPARE_AND_DELETE_SHA, "1", key, token], OPTIONS);
  }

  close(): void {
    this.#client.destroy();
  }
}
