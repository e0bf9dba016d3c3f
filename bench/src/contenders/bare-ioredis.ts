import type { Redis } from "ioredis";
import type { Contender } from "../contender.ts";
import {
  BareProtocol,
  type BareServer,
  COMPARE_AND_DELETE,
  COMPARE_AND_DELETE_SHA,
} from "./bare-protocol.ts";
import { AUTO_PIPELINING, connectIoredis, type IoredisOptions } from "./ioredis-clients.ts";

export const bareIoredis: Contender = bareOn("bare ioredis", {});

/** Faster with many callers; slower with one caller, because a command waits for the end of the tick. */
export const bareIoredisPipelining: Contender = bareOn("bare ioredis, auto-pipelining", AUTO_PIPELINING);

function bareOn(name: string, options: IoredisOptions): Contender {
  return {
    name,
    kind: "bare",
    sends: ["set"],
    async connect(servers, { ttlMs } = {}) {
      const clients = await connectIoredis(servers, options);
      await Promise.all(clients.map((client) => client.script("LOAD", COMPARE_AND_DELETE)));
      return new BareProtocol(
        clients.map((client) => new BareIoredisServer(client)),
        ttlMs,
      );
    },
  };
}

class BareIoredisServer implements BareServer {
  readonly #client: Redis;

  constructor(client: Redis) {
    this.#client = client;
  }

  set(key: string, token: string, ttlMs: number): Promise<unknown> {
    return this.#client.set(key, token, "PX", ttlMs, "NX");
  }

  compareAndDelete(key: string, token: string): Promise<unknown> {
    return this.#client.evalsha(COMPARE_AND_DELETE_SHA, 1, key, token);
  }

  close(): void {
    this.#client.disconnect();
  }
}
