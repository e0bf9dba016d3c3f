import { Mutex, RedlockMutex } from "redis-semaphore";
import { type Contender, TTL_MS } from "../contender.ts";
import { bareIoredis } from "./bare-ioredis.ts";
import { connectIoredis, disconnectIoredis } from "./ioredis-clients.ts";

/** As it comes: a retry every 10 ms for 10 s. It extends every lock that it holds. */
export const redisSemaphore: Contender = {
  name: "redis-semaphore",
  kind: "peer",
  baseline: bareIoredis,
  sends: ["set"],
  async connect(servers, { ttlMs = TTL_MS } = {}) {
    const clients = [...(await connectIoredis(servers))];
    // It would throw where nobody can catch it.
    const options = { lockTimeout: ttlMs, onLockLost: () => undefined };
    const create = (name: string): Mutex | RedlockMutex => {
      const [only, ...others] = clients;
      if (only !== undefined && others.length === 0) return new Mutex(only, name, options);
      return new RedlockMutex(clients, name, options);
    };
    const acquire = async (name: string): Promise<Mutex | RedlockMutex> => {
      const mutex = create(name);
      await mutex.acquire();
      return mutex;
    };
    return {
      acquire,
      hold: acquire,
      keyOf: (name) => `mutex:${name}`,
      async [Symbol.asyncDispose]() {
        disconnectIoredis(clients);
      },
    };
  },
};
