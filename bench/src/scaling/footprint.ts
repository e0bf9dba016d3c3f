import { Redis } from "ioredis";
import { Redlock } from "quorumlock";
import { startRedisServers } from "quorumlock/testing";

/** What one thing more costs a server, in bytes. */
export interface Footprint {
  readonly what: string;
  readonly bytes: number;
}

const HELD = 20_000;
const CLIENTS = 200;
const BATCH = 500;

/** Measures on one server what held locks and connected processes cost it. */
export async function measureFootprint(): Promise<readonly Footprint[]> {
  await using servers = await startRedisServers(1);
  const admin = new Redis(servers[0]!.port);
  const usedBytes = async (): Promise<number> =>
    Number(/^used_memory:(\d+)/m.exec(await admin.info("memory"))?.[1]);
  const clientBytes = async (): Promise<number> =>
    Number(/^mem_clients_normal:(\d+)/m.exec(await admin.info("memory"))?.[1]);
  try {
    const redlock = connect(servers[0]!.url);
    // The fencing counters of the hash slots stay, so they exist before.
    await hold(redlock, "before", HELD, true);
    const empty = await usedBytes();
    await hold(redlock, "held", HELD, false);
    const full = await usedBytes();
    const alone = await clientBytes();
    const clients = Array.from({ length: CLIENTS }, () => connect(servers[0]!.url));
    // A lock that is free needs one connection. A waiter needs a second one, for its messages.
    await Promise.all(clients.map((client, index) => client.acquire(`client-${index}`)));
    const connected = await clientBytes();
    await Promise.all([redlock, ...clients].map((client) => client.close()));
    return [
      { what: "a held lock", bytes: (full - empty) / HELD },
      { what: "a connected process", bytes: (connected - alone) / CLIENTS },
    ];
  } finally {
    admin.disconnect();
  }
}

function connect(url: string): Redlock {
  return new Redlock([url], { prefix: "bench:", ttl: 600_000, autoExtend: false });
}

async function hold(redlock: Redlock, name: string, count: number, isReleased: boolean): Promise<void> {
  for (let first = 0; first < count; first += BATCH) {
    const batch = Array.from({ length: BATCH }, (_, index) => redlock.acquire(`${name}-${first + index}`));
    const locks = await Promise.all(batch);
    if (isReleased) await Promise.all(locks.map((lock) => lock.release()));
  }
}
