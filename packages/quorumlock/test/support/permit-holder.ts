// A process whose callers hold permits of one semaphore. argv: the number of callers, then the ports of the servers. The first server
// counts the routines that run at the same time, and who has each slot.
import { Redis } from "ioredis";
import { type PermitLock, Redlock } from "../../src/index.ts";
import { FRESH } from "./fresh.ts";

const [callers = 0, ...ports] = process.argv.slice(2).map(Number);
const clients = ports.map((port) => new Redis(port));
const store = new Redis(ports[0] ?? 0);
const redlock = new Redlock(clients, { ...FRESH, requestTimeout: 5_000, ttl: 20_000 });
const PERMITS = 5;
const VISITS = 5;
const pool = redlock.semaphore("pool", { permits: PERMITS });

/** Takes its slots, looks who else is inside, and leaves. Notes slots that are taken twice, and fencing tokens that are too small. */
async function visit({ slots, fence }: PermitLock): Promise<void> {
  const inside = await store.incrby("inside", slots.length);
  if (inside > PERMITS) await store.incr("violations");
  if (inside > Number(await store.get("most"))) await store.set("most", inside);
  for (const slot of slots) {
    if ((await store.incr(`slot:${slot}`)) > 1) await store.incr("violations");
    if (Number(await store.getset(`fence:${slot}`, fence)) >= fence) await store.incr("violations");
  }
  for (const slot of slots) await store.decr(`slot:${slot}`);
  await store.decrby("inside", slots.length);
  await store.incr("visits");
}

await Promise.all(
  Array.from({ length: callers }, async (_, caller) => {
    const permits = caller === 0 ? 3 : 1;
    for (let turn = 0; turn < VISITS; turn += 1) await pool.using({ wait: Infinity, permits }, visit);
  }),
);
await redlock.close();
for (const client of [...clients, store]) client.disconnect();
process.disconnect?.();
