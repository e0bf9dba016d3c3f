// A process with readers and writers of one name. argv: the number of readers and of writers, then the ports of the servers. The
// first server counts the routines that run at the same time.
import { Redis } from "ioredis";
import { type Lock, Redlock } from "../../src/index.ts";
import { FRESH } from "./fresh.ts";

const [readers = 0, writers = 0, ...ports] = process.argv.slice(2).map(Number);
const clients = ports.map((port) => new Redis(port));
const store = new Redis(ports[0] ?? 0);
const redlock = new Redlock(clients, { ...FRESH, requestTimeout: 5_000, ttl: 20_000 });
const { read, write } = redlock.readWrite("document");
const VISITS = 5;

/** Enters, looks who else is inside, and leaves. Notes the fencing token, and whether it is too small. */
async function visit(lock: Lock, own: "readers" | "writers"): Promise<void> {
  await store.incr(own);
  const [inReaders, inWriters, seen] = await store.mget("readers", "writers", "fence");
  const isAlone =
    Number(inWriters) === (own === "writers" ? 1 : 0) && (own === "readers" || Number(inReaders) === 0);
  if (!isAlone) await store.incr("violations");
  if (own === "readers" && Number(inReaders) > 1) await store.incr("together");
  const isOld = own === "writers" ? lock.fence <= Number(seen) : lock.fence < Number(seen);
  if (isOld) await store.incr("violations");
  if (own === "writers") await store.set("fence", lock.fence);
  await store.incr(`${own}:visits`);
  await store.decr(own);
}

async function visitOften(own: "readers" | "writers"): Promise<void> {
  for (let turn = 0; turn < VISITS; turn += 1) {
    if (own === "readers") await read.using({ wait: Infinity }, (lock) => visit(lock, own));
    else await write.using({ wait: Infinity }, (lock) => visit(lock, own));
  }
}

await Promise.all([
  ...Array.from({ length: readers }, () => visitOften("readers")),
  ...Array.from({ length: writers }, () => visitOften("writers")),
]);
await redlock.close();
for (const client of [...clients, store]) client.disconnect();
process.disconnect?.();
