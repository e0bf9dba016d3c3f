import { setTimeout as sleep } from "node:timers/promises";
import type { Redlock } from "quorumlock";
import type { CacheStore } from "quorumlock/patterns";

/** How long those who do not get the lock wait. */
const LOSER_WAIT_MS = 100;

/** The mistake: who does not get the lock waits for 100 ms, looks again, and then computes. */
export function carelessCache(
  redlock: Redlock,
  store: CacheStore,
  { ttl }: { readonly ttl: number },
): { get<T>(key: string, compute: () => Promise<T>): Promise<T>; close(): Promise<void> } {
  async function read(key: string): Promise<{ readonly value: unknown } | undefined> {
    try {
      const text = await store.get(key);
      return typeof text === "string" ? { value: JSON.parse(text) as unknown } : undefined;
    } catch {
      // A store that fails is a miss, for everybody at once.
      return undefined;
    }
  }

  return {
    async get<T>(key: string, compute: () => Promise<T>): Promise<T> {
      const known = await read(key);
      if (known !== undefined) return known.value as T;
      const lock = await redlock.tryAcquire(`cache:${key}`);
      if (lock === null) {
        await sleep(LOSER_WAIT_MS);
        const late = await read(key);
        return late === undefined ? compute() : (late.value as T);
      }
      try {
        const found = await read(key);
        if (found !== undefined) return found.value as T;
        const value = await compute();
        await Promise.resolve(store.set(key, JSON.stringify(value), ttl)).catch(() => undefined);
        return value;
      } finally {
        await lock.release();
      }
    },
    close: async () => undefined,
  };
}
