import {
  createLock,
  createRedlock,
  IoredisAdapter,
  NodeRedisAdapter,
  type RedisAdapter,
} from "redlock-universal";
import { type Contender, type Entrant, type Grant, TTL_MS } from "../contender.ts";
import { bareIoredis } from "./bare-ioredis.ts";
import { bareNodeRedis } from "./bare-node-redis.ts";
import { holdInside } from "./hold-inside.ts";
import { connectIoredis, disconnectIoredis } from "./ioredis-clients.ts";
import { connectNodeRedis, disconnectNodeRedis } from "./node-redis-clients.ts";

/** As it comes: 3 retries, 200 ms apart on several servers, 100 ms on one, for which it has a lock of its own. */
export const redlockUniversalIoredis: Contender = {
  name: "redlock-universal (ioredis)",
  kind: "peer",
  baseline: bareIoredis,
  sends: ["set", "ping"],
  async connect(servers, { ttlMs = TTL_MS } = {}) {
    const clients = await connectIoredis(servers);
    const adapters = clients.map((client) => new IoredisAdapter(client));
    return new UniversalEntrant(adapters, ttlMs, () => disconnectIoredis(clients));
  },
};

export const redlockUniversalNodeRedis: Contender = {
  name: "redlock-universal (node-redis)",
  kind: "peer",
  baseline: bareNodeRedis,
  sends: ["set", "ping"],
  async connect(servers, { ttlMs = TTL_MS } = {}) {
    const clients = await connectNodeRedis(servers);
    const adapters = clients.map((client) => new NodeRedisAdapter(client));
    return new UniversalEntrant(adapters, ttlMs, () => disconnectNodeRedis(clients));
  },
};

type UniversalLock = ReturnType<typeof createLock>;

class UniversalEntrant implements Entrant {
  readonly #adapters: readonly RedisAdapter[];
  readonly #ttlMs: number;
  readonly #disconnect: () => void;
  /** One lock object for each name, as its documentation shows; what is held is a handle. */
  readonly #locks = new Map<string, UniversalLock>();

  constructor(adapters: readonly RedisAdapter[], ttlMs: number, disconnect: () => void) {
    this.#adapters = adapters;
    this.#ttlMs = ttlMs;
    this.#disconnect = disconnect;
  }

  async acquire(name: string): Promise<Grant> {
    const lock = this.#lockOf(name);
    const handle = await lock.acquire();
    return { release: () => lock.release(handle) };
  }

  hold(name: string): Promise<unknown> {
    const lock = this.#create(name);
    return holdInside((routine) => lock.using(routine));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#disconnect();
  }

  #lockOf(name: string): UniversalLock {
    let lock = this.#locks.get(name);
    if (lock === undefined) this.#locks.set(name, (lock = this.#create(name)));
    return lock;
  }

  #create(key: string): UniversalLock {
    const ttl = this.#ttlMs;
    const [only, ...others] = this.#adapters;
    if (only !== undefined && others.length === 0) return createLock({ adapter: only, key, ttl });
    return createRedlock({ adapters: [...this.#adapters], key, ttl });
  }
}
