import {
  createLock,
  createRedlock,
  IoredisAdapter,
  NodeRedisAdapter,
  type RedisAdapter,
} from "redlock-universal";
import { type Contender, type Grant, type LockClient, TTL_MS } from "../contender.ts";
import { bareIoredis } from "./bare-ioredis.ts";
import { bareNodeRedis } from "./bare-node-redis.ts";
import { holdForever } from "./hold-forever.ts";
import { AUTO_PIPELINING, connectIoredis, disconnectIoredis } from "./ioredis-clients.ts";
import { connectNodeRedis, disconnectNodeRedis } from "./node-redis-clients.ts";

// By default the library retries 3 times, after 200 ms on several servers and after 100 ms on one. Tuned, it retries every 10 ms
// for 3 s. Its "lean" mode exists for one server only: it has less monitoring and no circuit
// breaker.

export const redlockUniversalIoredis: Contender = onIoredis("redlock-universal (ioredis)", false);
export const redlockUniversalIoredisTuned: Contender = onIoredis("redlock-universal (ioredis), tuned", true);
export const redlockUniversalNodeRedis: Contender = onNodeRedis("redlock-universal (node-redis)", false);
export const redlockUniversalNodeRedisTuned: Contender = onNodeRedis(
  "redlock-universal (node-redis), tuned",
  true,
);

function onIoredis(name: string, isTuned: boolean): Contender {
  return {
    name,
    kind: "peer",
    isTuned,
    baseline: bareIoredis,
    sends: ["set", "ping"],
    async connect(servers, { ttlMs = TTL_MS } = {}) {
      const clients = await connectIoredis(servers, isTuned ? AUTO_PIPELINING : {});
      const adapters = clients.map((client) => new IoredisAdapter(client));
      return new RedlockUniversalClient(adapters, { ttlMs, isTuned }, () => disconnectIoredis(clients));
    },
  };
}

function onNodeRedis(name: string, isTuned: boolean): Contender {
  return {
    name,
    kind: "peer",
    isTuned,
    baseline: bareNodeRedis,
    sends: ["set", "ping"],
    async connect(servers, { ttlMs = TTL_MS } = {}) {
      const clients = await connectNodeRedis(servers, { commandTimers: !isTuned });
      const adapters = clients.map((client) => new NodeRedisAdapter(client));
      return new RedlockUniversalClient(adapters, { ttlMs, isTuned }, () => disconnectNodeRedis(clients));
    },
  };
}

type RedlockUniversalLock = Pick<ReturnType<typeof createLock>, "acquire" | "release" | "using">;

const TUNED_RETRIES = { retryAttempts: 300, retryDelay: 10 };

class RedlockUniversalClient implements LockClient {
  readonly #adapters: RedisAdapter[];
  readonly #ttlMs: number;
  readonly #isTuned: boolean;
  readonly #disconnect: () => void;

  constructor(
    adapters: readonly RedisAdapter[],
    { ttlMs, isTuned }: { readonly ttlMs: number; readonly isTuned: boolean },
    disconnect: () => void,
  ) {
    this.#adapters = [...adapters];
    this.#ttlMs = ttlMs;
    this.#isTuned = isTuned;
    this.#disconnect = disconnect;
  }

  async acquire(name: string): Promise<Grant> {
    const lock = this.#lockOn(name);
    const handle = await lock.acquire();
    return { release: () => lock.release(handle) };
  }

  hold(name: string): Promise<unknown> {
    const lock = this.#lockOn(name);
    return holdForever((routine) => lock.using(routine));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#disconnect();
  }

  /** A lock object for each name, as the library's documentation shows. */
  #lockOn(key: string): RedlockUniversalLock {
    const [only, ...others] = this.#adapters;
    const options = { key, ttl: this.#ttlMs, ...(this.#isTuned ? TUNED_RETRIES : {}) };
    if (only === undefined || others.length > 0)
      return createRedlock({ adapters: this.#adapters, ...options });
    return createLock({
      adapter: only,
      ...options,
      ...(this.#isTuned ? { performance: "lean", circuitBreaker: false } : {}),
    });
  }
}
