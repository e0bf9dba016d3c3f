import { setTimeout as sleep } from "node:timers/promises";
import type { Redis } from "ioredis";
import type { Contender, LockClient } from "../contender.ts";
import { bareIoredis, defaultPeers, fencedSockets, ours } from "../contenders/index.ts";
import { connectIoredis, disconnectIoredis } from "../contenders/ioredis-clients.ts";
import { LockNames } from "../lock-names.ts";
import { ratio, whole } from "../report/format.ts";
import { isMeasured, selectContenders } from "../rounds.ts";
import { atMost, type Result, type RunSettings, type Scenario, verdictOf } from "../scenario.ts";
import { messageOf } from "../with-timeout.ts";

const CONTENDERS = [bareIoredis, fencedSockets, ...ours, ...defaultPeers];

/** Short, because the measurement waits until it is over. */
const TTL_MS = 500;
/** Time for servers to delete expired keys, on top of the ttl. */
const EXPIRY_MARGIN_MS = 300;
const CALLERS = 128;
const MAX_BYTES = 0;
/** Fewer keys per name are the last counters that are shared by all names, not keys of a name. */
const MIN_KEYS = 0.001;

export interface LeftoversOptions {
  /** Names that are locked before the measurement, so that counters shared by many names exist already. */
  readonly warmUpNames?: number;
  readonly names?: number;
}

export function leftovers({ warmUpNames = 120_000, names = 30_000 }: LeftoversOptions = {}): Scenario {
  return {
    name: "leftovers",
    about:
      `What a name leaves on a server: ${names} new names are locked and released once each, and the ttl of ${TTL_MS / 1_000} s passes. ` +
      `Keys and bytes of memory are compared with those before. ${warmUpNames} other names were locked earlier, so keys that many names share exist already. ` +
      `Target: ${MAX_BYTES} bytes per name.`,
    columns: ["servers", "contender", "names", "keys/name", "bytes/name", "target"],
    servers: [1],
    quickServers: [1],
    minServers: 1,
    seconds: 1,
    quickSeconds: 1,
    async run(settings) {
      const results: Result[] = [];
      const scale = settings.quick ? 10 : 1;
      for (const contender of selectContenders(CONTENDERS, settings).filter(isMeasured(settings))) {
        if (contender.kind === "bare" && contender !== bareIoredis) continue;
        // Only contenders that share keys between names need many names of warm-up.
        const sharesKeys = contender.kind === "ours" || contender.kind === "floor";
        const counts = { warmUpNames: sharesKeys ? warmUpNames : names / 10, names: names / scale };
        results.push(await measure(contender, counts, settings));
      }
      return results;
    },
  };
}

async function measure(
  contender: Contender,
  counts: { readonly warmUpNames: number; readonly names: number },
  { servers }: RunSettings,
): Promise<Result> {
  const admins = await connectIoredis(servers);
  await Promise.all(admins.map((client) => client.flushall()));
  let keys = Number.NaN;
  let bytes = Number.NaN;
  const notes: string[] = [];
  try {
    await using lockClient = await contender.connect(servers, { ttlMs: TTL_MS });
    await lockOnce(lockClient, contender, counts.warmUpNames);
    const before = await readLeftovers(admins);
    await lockOnce(lockClient, contender, counts.names);
    const after = await readLeftovers(admins);
    keys = Math.max(0, after.keys - before.keys) / counts.names / servers.length;
    // Without keys the difference is only that of the servers' buffers.
    bytes = keys < MIN_KEYS ? 0 : (after.bytes - before.bytes) / counts.names / servers.length;
  } catch (error) {
    notes.push(`${contender.name}, N=${servers.length}: ${messageOf(error)}`);
  } finally {
    disconnectIoredis(admins);
  }
  const targets = contender.kind === "ours" ? [atMost("bytes left", bytes, MAX_BYTES, "bytes per name")] : [];
  return {
    cells: [
      String(servers.length),
      contender.name,
      String(counts.names),
      ratio(keys),
      whole(bytes),
      verdictOf(targets),
    ],
    figures: {
      servers: servers.length,
      contender: contender.name,
      names: counts.names,
      keys,
      bytes,
    },
    targets,
    notes,
  };
}

/** Locks and releases this many new names. */
async function lockOnce(lockClient: LockClient, contender: Contender, count: number): Promise<void> {
  const names = new LockNames(`bench:leftovers:${contender.name}`, "new", 0);
  let started = 0;
  await Promise.all(
    Array.from({ length: CALLERS }, async () => {
      while ((started += 1) <= count) await (await lockClient.acquire(names.next())).release();
    }),
  );
}

/** Keys and memory of all servers after the ttl of all locks. */
async function readLeftovers(admins: readonly Redis[]): Promise<{ keys: number; bytes: number }> {
  await sleep(TTL_MS + EXPIRY_MARGIN_MS);
  let keys = 0;
  let bytes = 0;
  for (const client of admins) {
    // A scan deletes expired keys that the server has not deleted yet.
    let cursor = "0";
    do [cursor] = await client.scan(cursor, "COUNT", 10_000);
    while (cursor !== "0");
    keys += await client.dbsize();
    bytes += Number(/^used_memory:(\d+)/m.exec(await client.info("memory"))?.[1]);
  }
  return { keys, bytes };
}
