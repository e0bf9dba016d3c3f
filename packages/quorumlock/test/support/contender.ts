// A process with many waiters for one lock. argv: the number of waiters, then the ports of the servers. The first server counts
// the routines that run at the same time.
import { Redis } from "ioredis";
import { Redlock } from "../../src/index.ts";
import { FRESH } from "./fresh.ts";

const [count, ...ports] = process.argv.slice(2).map(Number);
const clients = ports.map((port) => new Redis(port));
const store = new Redis(ports[0] ?? 0);
const redlock = new Redlock(clients, { ...FRESH, requestTimeout: 5_000, ttl: 20_000 });

await Promise.all(
  Array.from({ length: count ?? 0 }, () =>
    redlock.using("processes", { wait: Infinity }, async (lock) => {
      if ((await store.incr("inside")) !== 1) await store.incr("violations");
      await store.rpush("fences", lock.fence);
      await store.incr("visits");
      await store.decr("inside");
    }),
  ),
);
await redlock.close();
for (const client of [...clients, store]) client.disconnect();
process.disconnect?.();
