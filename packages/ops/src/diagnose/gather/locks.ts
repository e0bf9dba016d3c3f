import { setTimeout as sleep } from "node:timers/promises";
import type { Connection } from "../../cli/connect.ts";
import type { FleetReports } from "../../cli/locks/fleet-reports.ts";
import { type LockReading, readLocks } from "../../cli/locks/lock-reading.ts";
import { LockScan } from "../../cli/locks/lock-scan.ts";
import { readAll } from "../../cli/locks/read-all.ts";
import { hasProblem, isSuspicious, type LockContext } from "../checks/locks.ts";
import { isUnreported } from "../checks/unreported.ts";
import type { LockFacts } from "../facts.ts";
import type { GatherOptions } from "./gather.ts";

/** A lock that is being acquired, extended or released looks wrong for some milliseconds. So it is read again. */
const SETTLE_MS = 300;
const NAMES_A_CALL = 50;
/** More locks with problems are a problem of their servers. */
const MAX_SUSPICIOUS = 1_000;
/** A part of the fleet that never reports can hold very many locks, with which nothing else is wrong. */
const MAX_UNREPORTED = 100;

/**
 * Reads one lock, or all of them on all servers, and keeps those in which a check may find something. At the end of the time it returns
 * what it has.
 */
export async function gatherLocks(
  connection: Connection,
  reports: FleetReports,
  context: LockContext,
  { name, prefix, scanMs, signal }: GatherOptions,
): Promise<LockFacts> {
  if (name !== undefined) {
    const first = await readLocks(connection, [name], reports);
    const again = await readAgain(connection, reports, context, first, signal);
    // The only lock that is looked at is also shown if nothing is wrong with it.
    const isKnown = first.every(({ figures }) => figures.health !== "uncertain");
    return {
      suspicious: again,
      moreUnreported: 0,
      read: 1,
      isComplete: true,
      hasAllHeld: isKnown,
      unscanned: [],
    };
  }
  const limit = AbortSignal.any([signal, AbortSignal.timeout(scanMs)]);
  const scan = new LockScan(connection, { prefix, servers: "all", signal: limit });
  const suspicious: LockReading[] = [];
  const unreported: LockReading[] = [];
  let moreUnreported = 0;
  let read = 0;
  let isWhole = false;
  try {
    for await (const readings of readAll(connection, scan.names(), reports, limit)) {
      read += readings.length;
      for (const reading of readings) {
        if (hasProblem(reading, context)) suspicious.push(reading);
        else if (!isUnreported(reading, context)) continue;
        else if (unreported.length < MAX_UNREPORTED) unreported.push(reading);
        else moreUnreported += 1;
      }
      if (suspicious.length > MAX_SUSPICIOUS) break;
    }
    isWhole = suspicious.length <= MAX_SUSPICIOUS;
  } catch (error) {
    signal.throwIfAborted();
    if (!limit.aborted) throw error;
  }
  const labels = connection.servers.map(({ label }) => label);
  const enough = labels.length - connection.quorum + 1;
  const first = [...suspicious.slice(0, MAX_SUSPICIOUS), ...unreported];
  return {
    suspicious: await readAgain(connection, reports, context, first, signal),
    moreUnreported,
    read,
    isComplete: isWhole && scan.isComplete,
    hasAllHeld: isWhole && !scan.isTruncated && scan.scanned.length >= enough,
    unscanned: labels.filter((label) => !scan.scanned.includes(label)),
  };
}

/** Reads the locks a second time, and keeps those that are still suspicious and have a holder of the first reading. */
async function readAgain(
  connection: Connection,
  reports: FleetReports,
  context: LockContext,
  first: readonly LockReading[],
  signal: AbortSignal,
): Promise<readonly LockReading[]> {
  const doubtful = first.filter((reading) => isSuspicious(reading, context));
  if (doubtful.length === 0) return [];
  await sleep(SETTLE_MS, undefined, { signal }).catch(() => undefined);
  signal.throwIfAborted();
  const kept: LockReading[] = [];
  for (let at = 0; at < doubtful.length; at += NAMES_A_CALL) {
    const group = doubtful.slice(at, at + NAMES_A_CALL);
    const readings = await readLocks(
      connection,
      group.map(({ name }) => name),
      reports,
    );
    kept.push(
      ...readings.filter((reading, index) => {
        const before = group[index];
        return before !== undefined && isSuspicious(reading, context) && hasSameHolder(before, reading);
      }),
    );
  }
  return kept;
}

/** A key of another type has no holder. */
function hasSameHolder({ entry: before }: LockReading, { entry: now }: LockReading): boolean {
  if (before.holders.length === 0 && now.holders.length === 0) return true;
  return now.holders.some(({ id }) => before.holders.some((holder) => holder.id === id));
}
