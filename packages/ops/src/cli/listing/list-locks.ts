import { performance } from "node:perf_hooks";
import type { LockHealth } from "../../monitor/api.ts";
import { LOCK_ORDERS, type LockSort, type OrderedLock, rankOf } from "../../monitor/locks/lock-order.ts";
import type { Connection } from "../connect.ts";
import { FleetReports } from "../locks/fleet-reports.ts";
import { type LockReading, type LockView, readLocks } from "../locks/lock-reading.ts";
import { LockScan } from "../locks/lock-scan.ts";
import type { NamePattern } from "../locks/name-pattern.ts";
import { readAll } from "../locks/read-all.ts";
import { BestRows } from "./best-rows.ts";

/** What `list` shows of which locks. */
export interface ListQuery {
  readonly prefix: string;
  readonly pattern: NamePattern | undefined;
  readonly sort: LockSort;
  /** `short` has the locks that are not extended, too. @default all */
  readonly state: LockView["state"] | undefined;
  readonly limit: number;
  readonly signal: AbortSignal;
  /** Gets the number of names that were read so far. */
  readonly onProgress?: (read: number) => void;
}

/** The locks of one scan. */
export interface Listing {
  /** The first ones in the wanted order. */
  readonly locks: readonly LockView[];
  /** How many there are in all. */
  readonly found: number;
  /** How many keys the scanned servers have, added up. 0 if one name was read directly. */
  readonly scanned: number;
  /** How many servers were scanned. */
  readonly scannedServers: number;
  readonly servers: number;
  /** The labels of servers that did not answer, or are not asked now. */
  readonly unanswered: readonly string[];
  /** Whether every lock that is on a quorum was found. */
  readonly isComplete: boolean;
  /** Whether there are more names than a scan remembers. */
  readonly isTruncated: boolean;
  /** How many keys the scanned servers have that are not under the prefix, added up. 0 if a client uses the prefix. */
  readonly otherKeys: number;
  /** Whether so many servers answered that a lock could be granted. */
  readonly hasQuorum: boolean;
  /** How many processes report. */
  readonly processes: number;
  readonly tookMs: number;
}

/** A scan takes time, so the ages and the remaining times of the order are those at its start. */
interface Row extends OrderedLock {
  readonly view: LockView;
  /** Monotonic. */
  readonly readAt: number;
}

/** Finds and reads the locks. Keeps at most twice the limit in memory, whatever their number is. */
export async function listLocks(connection: Connection, query: ListQuery): Promise<Listing> {
  const startedAt = performance.now();
  const { servers, quorum } = connection;
  const reports = await FleetReports.read(connection.redlock);
  const best = new BestRows<Row>(query.limit, LOCK_ORDERS[query.sort]);
  const { exact } = query.pattern ?? {};
  const scan = new LockScan(connection, {
    prefix: query.prefix,
    matches: query.pattern?.matches,
    signal: query.signal,
  });
  const groups =
    exact === undefined
      ? readAll(connection, scan.names(), reports, query.signal)
      : readExact(connection, exact, reports);
  const silent = new Set(connection.unreachable().map(({ label }) => label));
  let [found, read] = [0, 0];
  for await (const readings of groups) {
    for (const { view, entry, figures } of readings) {
      entry.answers.forEach((state, index) => {
        if (state === "no-answer") silent.add(servers[index]?.label ?? "");
      });
      if (entry.holderCount === 0 || !isWanted(view, query.state)) continue;
      found += 1;
      best.add(rowOf(view, entry.readAt, startedAt, figures.health));
    }
    read += readings.length;
    query.onProgress?.(read);
  }
  for (const label of scan.unanswered) silent.add(label);
  const hasQuorum = servers.length - silent.size >= quorum;
  return {
    locks: best.rows.map(presentView),
    found,
    scanned: scan.keys,
    scannedServers: scan.scanned.length,
    servers: servers.length,
    unanswered: servers.flatMap(({ label }) => (silent.has(label) ? [label] : [])),
    isComplete: exact === undefined ? scan.isComplete : hasQuorum,
    isTruncated: scan.isTruncated,
    otherKeys: scan.otherKeys,
    hasQuorum,
    processes: reports.processes,
    tookMs: performance.now() - startedAt,
  };
}

function rowOf(view: LockView, readAt: number, startedAt: number, health: LockHealth): Row {
  const { name, blocked, deadlock, ageMs, remainingMs } = view;
  const sinceStartMs = readAt - startedAt;
  return {
    name,
    blocked,
    rank: rankOf(health, deadlock),
    ageMs: ageMs === undefined ? undefined : ageMs - sinceStartMs,
    remainingMs: remainingMs === undefined ? undefined : remainingMs + sinceStartMs,
    view,
    readAt,
  };
}

/** The lock as of now. */
function presentView({ view, readAt }: Row): LockView {
  const sinceMs = performance.now() - readAt;
  const { ageMs, remainingMs } = view;
  return {
    ...view,
    ageMs: ageMs === undefined ? undefined : Math.round(ageMs + sinceMs),
    remainingMs: remainingMs === undefined ? undefined : Math.max(0, Math.round(remainingMs - sinceMs)),
  };
}

async function* readExact(
  connection: Connection,
  name: string,
  reports: FleetReports,
): AsyncGenerator<readonly LockReading[]> {
  yield await readLocks(connection, [name], reports);
}

function isWanted({ state }: LockView, wanted: LockView["state"] | undefined): boolean {
  return wanted === undefined || state === wanted || (wanted === "short" && state === "not-extended");
}

/** What `list --json` prints. */
export function listingJson(listing: Listing): Readonly<Record<string, unknown>> {
  const { isComplete, scanned, unanswered, found, locks } = listing;
  return { complete: isComplete, scanned, unanswered, found, locks };
}
