// A process with callers of one fair lock. argv: the name of the process, the number of callers, how often each calls, and the ports
// of the servers. The first server records who called and who was served.
import { Redis } from "ioredis";
import { Redlock } from "../../src/index.ts";
import { FRESH } from "./fresh.ts";

const [name = "", ...numbers] = process.argv.slice(2);
const [callers = 0, turns = 0, ...ports] = numbers.map(Number);
const clients = ports.map((port) => new Redis(port));
const store = new Redis(ports[0] ?? 0);
const redlock = new Redlock(clients, { ...FRESH, requestTimeout: 5_000, ttl: 20_000 });
const fair = redlock.fair("ticket window");

/** Milliseconds of a clock that all processes of the machine share. */
const now = (): number => Number(process.hrtime.bigint() / 1_000n) / 1_000;

// Opens all connections, also those for messages.
await Promise.all(
  [1, 2].map(() => redlock.fair(`warm-up of ${name}`).using({ wait: Infinity }, () => undefined)),
);

await Promise.all(
  Array.from({ length: callers }, async (_, caller) => {
    for (let turn = 0; turn < turns; turn += 1) {
      const calledAt = now();
      await fair.using({ wait: Infinity }, async (lock) => {
        if ((await store.incr("inside")) !== 1) await store.incr("violations");
        await store.rpush(
          "served",
          JSON.stringify({ name, caller, calledAt, servedAt: now(), fence: lock.fence }),
        );
        await store.decr("inside");
      });
    }
  }),
);
await redlock.close();
for (const client of [...clients, store]) client.disconnect();
process.disconnect?.();
