import { randomBytes } from "node:crypto";
import { performance } from "node:perf_hooks";
import { Cluster, type Redis } from "ioredis";
import { benchLocks } from "../../bench/bench-locks.ts";
import { measure, type Measurement } from "../../bench/measure.ts";
import { formatCount } from "../../format/count.ts";
import { formatDuration } from "../../format/duration.ts";
import { CommandError, EXIT } from "../command-error.ts";
import { type Connection, connect } from "../connect.ts";
import type { GlobalOptions } from "../global-options.ts";
import { exitCodeOf, interruption } from "../interruption.ts";
import { Output } from "../output/output.ts";
import { type Column, formatTable } from "../output/table.ts";
import { readSettings } from "../settings/settings.ts";

export interface BenchOptions extends GlobalOptions {
  /** ms of all measurements of locks together. */
  readonly for: number;
  readonly concurrency: number;
}

/** How long the round trip to each server is measured, ms. */
const PING_MS = 500;
const SCAN_COUNT = "500";

/** Measures round trips and locks, prints them, and removes all keys that it made. */
export async function runBench(options: BenchOptions): Promise<void> {
  using interrupted = interruption();
  const output = new Output(options);
  const settings = await readSettings(options);
  const prefix = `${settings.prefix}~bench:${randomBytes(6).toString("hex")}:`;
  await using connection = await connect({ ...settings, prefix });
  const { redlock, servers } = connection;
  const health = await redlock.health();
  if (!health.canLock)
    throw new CommandError(
      `No locks can be granted: ${health.voting} of ${servers.length} servers vote. \`quorumlock diagnose\` says why`,
      EXIT.noQuorum,
    );
  output.note(`Measuring for ${formatDuration(options.for)} with the prefix ${prefix}`, "faint");
  try {
    const trips = await roundTrips(connection, interrupted.signal);
    const locks = await benchLocks(
      redlock,
      { forMs: options.for, concurrency: options.concurrency, signal: interrupted.signal },
      ({ title }) => output.note(`measured: ${title}`, "faint"),
    );
    if (output.isJson) output.printJson({ prefix, roundTrips: trips, locks });
    else
      output.print(
        "Round trips",
        ...tableOf(trips),
        "",
        "Locks, from the call to the lock",
        ...tableOf(locks),
      );
  } finally {
    await removeKeys(connection, prefix);
  }
  if (interrupted.signal.aborted) process.exitCode = exitCodeOf(interrupted.signal.reason) ?? 1;
}

async function roundTrips({ servers }: Connection, signal: AbortSignal): Promise<readonly Measurement[]> {
  return Promise.all(
    servers
      .filter(({ isConnected }) => isConnected)
      .map(({ label, redis }) =>
        measure({ title: label, callers: 1, forMs: PING_MS, signal }, async () => {
          const startedAt = performance.now();
          await redis.ping();
          return performance.now() - startedAt;
        }),
      ),
  );
}

const COLUMNS: readonly Column<Measurement>[] = [
  { title: "", cell: ({ title }) => title },
  { title: "PER SECOND", cell: ({ perSecond }) => formatCount(perSecond), isRight: true },
  { title: "P50", cell: ({ p50Ms }) => durationOf(p50Ms), isRight: true },
  { title: "P99", cell: ({ p99Ms }) => durationOf(p99Ms), isRight: true },
  { title: "MAX", cell: ({ maxMs }) => durationOf(maxMs), isRight: true },
  { title: "FAILED", cell: ({ failures }) => formatCount(failures), isRight: true },
];

function tableOf(measurements: readonly Measurement[]): readonly string[] {
  return formatTable(COLUMNS, measurements).map((line) => `  ${line}`);
}

function durationOf(ms: number | undefined): string {
  return ms === undefined ? "–" : formatDuration(ms);
}

/** Removes what is left under the prefix on all servers that answer: fencing counters, and locks that were just held. */
async function removeKeys({ servers }: Connection, prefix: string): Promise<void> {
  const nodes = servers
    .filter(({ isConnected }) => isConnected)
    .flatMap(({ redis }) => (redis instanceof Cluster ? redis.nodes("master") : [redis]));
  await Promise.all(nodes.map((node) => removeFrom(node, prefix).catch(() => undefined)));
}

async function removeFrom(node: Redis, prefix: string): Promise<void> {
  const pattern = `${prefix.replace(/[\\*?[\]^-]/g, "\\$&")}*`;
  let cursor = "0";
  do {
    const [next, keys] = await node.scan(cursor, "MATCH", pattern, "COUNT", SCAN_COUNT);
    cursor = next;
    // One key a command, because the keys of a cluster lie in several hash slots.
    const pipeline = node.pipeline();
    for (const key of keys) pipeline.del(key);
    if (keys.length > 0) await pipeline.exec();
  } while (cursor !== "0");
}
