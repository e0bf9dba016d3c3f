import { randomBytes } from "node:crypto";
import { performance } from "node:perf_hooks";
import type { Redis } from "ioredis";
import { benchLocks } from "../../bench/bench-locks.ts";
import { measure, type Measurement } from "../../bench/measure.ts";
import { formatCount } from "../../format/count.ts";
import { formatDuration } from "../../format/duration.ts";
import { safeMessage } from "../../format/safe-message.ts";
import { pauseAfter } from "../../monitor/locks/paced.ts";
import { CommandError, EXIT } from "../command-error.ts";
import { type Connection, connect } from "../connect.ts";
import type { GlobalOptions } from "../global-options.ts";
import { exitCodeOf, interruption } from "../interruption.ts";
import { SCAN_PAUSE_FACTOR } from "../locks/lock-scan.ts";
import { Output } from "../output/output.ts";
import { type Column, formatTable } from "../output/table.ts";
import { callNode, keyNodesOf } from "../server-call.ts";
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
    // No request may write a key behind the removal.
    await redlock.close().catch(() => undefined);
    for (const problem of await removeKeys(connection, prefix)) output.problem(problem);
  }
  if (interrupted.signal.aborted) process.exitCode = exitCodeOf(interrupted.signal.reason) ?? 1;
}

async function roundTrips(
  { servers, timeoutMs }: Connection,
  signal: AbortSignal,
): Promise<readonly Measurement[]> {
  return Promise.all(
    servers
      .filter(({ isConnected }) => isConnected)
      .map((server) =>
        measure({ title: server.label, callers: 1, forMs: PING_MS, signal }, async () => {
          const [node] = keyNodesOf(server);
          if (node === undefined) throw new Error("not connected");
          const startedAt = performance.now();
          await callNode(node, timeoutMs, ["PING"]);
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

/**
 * Removes what is left under the prefix: fencing counters, and locks that were just held.
 * @returns what could not be removed.
 */
async function removeKeys({ servers, timeoutMs }: Connection, prefix: string): Promise<readonly string[]> {
  const problems = await Promise.all(
    servers.map(async (server) => {
      try {
        const nodes = keyNodesOf(server);
        if (nodes.length === 0) throw new Error("not connected");
        await Promise.all(nodes.map((node) => removeFrom(node, timeoutMs, prefix)));
        return undefined;
      } catch (error) {
        return `${server.label}: keys with the prefix ${prefix} may be left (${safeMessage(error)})`;
      }
    }),
  );
  return problems.flatMap((problem) => problem ?? []);
}

async function removeFrom(node: Redis, timeoutMs: number, prefix: string): Promise<void> {
  const pattern = `${prefix.replace(/[\\*?[\]^-]/g, "\\$&")}*`;
  // A second Ctrl-C ends the command, so the removal needs no signal.
  const { signal } = new AbortController();
  let cursor = "0";
  do {
    const startedAt = performance.now();
    const page = await call(node, timeoutMs, ["SCAN", cursor, "MATCH", pattern, "COUNT", SCAN_COUNT]);
    const [next, keys] = page as [string, string[]];
    cursor = next;
    // One key a command, because the keys of a cluster lie in several hash slots.
    await Promise.all(keys.map((key) => call(node, timeoutMs, ["DEL", key])));
    await pauseAfter(performance.now() - startedAt, signal, 0, SCAN_PAUSE_FACTOR);
  } while (cursor !== "0");
}

/** @throws Error also for an error reply. */
async function call(...args: Parameters<typeof callNode>): Promise<unknown> {
  const reply = await callNode(...args);
  if (reply instanceof Error) throw reply;
  return reply;
}
