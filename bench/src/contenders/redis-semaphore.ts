import { Mutex, RedlockMutex } from "redis-semaphore";
import { type Contender, type LockClient, TTL_MS } from "../contender.ts";
import { bareIoredis } from "./bare-ioredis.ts";
import { AUTO_PIPELINING, connectIoredis, disconnectIoredis } from "./ioredis-clients.ts";

/** By default it retries every 10 ms for 10 s, and extends every lock that it holds. */
export const redisSemaphore: Contender = withOptions("redis-semaphore", false);

/** It retries every 5 ms and does not extend locks, which saves a timer for each lock. */
export const redisSemaphoreTuned: Contender = withOptions("redis-semaphore, tuned", true);

const TUNED = { refreshInterval: 0, retryInterval: 5 };

function withOptions(name: string, isTuned: boolean): Contender {
  return {
    name,
    kind: "peer",
    isTuned,
    baseline: bareIoredis,
    sends: ["set"],
    async connect(servers, { ttlMs = TTL_MS } = {}) {
      const clients = [...(await connectIoredis(servers, isTuned ? AUTO_PIPELINING : {}))];
      // Without this handler a lost lock throws an error that no caller can catch.
      const options = { lockTimeout: ttlMs, onLockLost: () => undefined, ...(isTuned ? TUNED : {}) };
      const create = (key: string): Mutex | RedlockMutex => {
        const [only, ...others] = clients;
        if (only !== undefined && others.length === 0) return new Mutex(only, key, options);
        return new RedlockMutex(clients, key, options);
      };
      const acquire = async (key: string): Promise<Mutex | RedlockMutex> => {
        const mutex = create(key);
        await mutex.acquire();
        return mutex;
      };
      const lockClient: LockClient = {
        acquire,
        keyOf: (key) => `mutex:${key}`,
        async [Symbol.asyncDispose]() {
          disconnectIoredis(clients);
        },
      };
      return isTuned ? lockClient : { ...lockClient, hold: acquire };
    },
  };
}
