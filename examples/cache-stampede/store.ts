import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { Redis } from "ioredis";
import { type CacheStore, redisStore } from "quorumlock/patterns";

/** A store that can become slow. */
export interface SlowStore extends CacheStore {
  /** How long each call takes in addition, in ms. */
  delayMs: number;
  close(): void;
}

/** The Redis server of the cache. It is not one of the lock servers. */
export async function openStore(url: string): Promise<SlowStore> {
  // A cache that is down shall say so at once. Commands that wait for its return would make all callers wait.
  const client = new Redis(url, { enableOfflineQueue: false, maxRetriesPerRequest: 0 });
  client.on("error", () => undefined);
  await once(client, "ready");
  const store = redisStore(client);
  const slowStore: SlowStore = {
    delayMs: 0,
    async get(key) {
      await sleep(slowStore.delayMs);
      return store.get(key);
    },
    async set(key, text, ttl) {
      await sleep(slowStore.delayMs);
      return store.set(key, text, ttl);
    },
    async delete(key) {
      await sleep(slowStore.delayMs);
      return store.delete(key);
    },
    async replace(key, version, text, ttl) {
      await sleep(slowStore.delayMs);
      return store.replace!(key, version, text, ttl);
    },
    close: () => client.disconnect(),
  };
  return slowStore;
}
