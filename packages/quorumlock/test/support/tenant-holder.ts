// A process whose callers hold locks of one tenant. argv: the number of callers, then the ports of the servers. The first server counts
// the routines that run at the same time, and who has each name.
import { Redis } from "ioredis";
import { type Lock, Redlock } from "../../src/index.ts";
import { FRESH } from "./fresh.ts";

const [callers = 0, ...ports] = process.argv.slice(2).map(Number);
const clients = ports.map((port) => new Redis(port));
const store = new Redis(ports[0] ?? 0);
const redlock = new Redlock(clients, { ...FRESH, requestTimeout: 5_000, ttl: 20_000 });
const MAX_LOCKS = 3;
const VISITS = 5;
const tenant = redlock.tenant("acme", { maxLocks: MAX_LOCKS });

/** Looks who else is inside, and leaves. Notes names that are held twice, and fencing tokens that are too small. */
async function visit({ names: [name], fence }: Lock): Promise<void> {
  const inside = await store.incr("inside");
  if (inside > MAX_LOCKS) await store.incr("violations");
  if (inside > Number(await store.get("most"))) await store.set("most", inside);
  if ((await store.incr(`held:${name}`)) > 1) await store.incr("violations");
  if (Number(await store.getset(`fence:${name}`, fence)) >= fence) await store.incr("violations");
  await store.decr(`held:${name}`);
  await store.decr("inside");
  await store.incr("visits");
}

await Promise.all(
  Array.from({ length: callers }, async (_, caller) => {
    for (let turn = 0; turn < VISITS; turn += 1)
      await tenant.mutex(`name:${(caller + turn) % 4}`).using({ wait: Infinity }, visit);
  }),
);
await redlock.close();
for (const client of [...clients, store]) client.disconnect();
process.disconnect?.();
