import { performance } from "node:perf_hooks";
import { CallCost } from "../../monitor/locks/call-cost.ts";
import { pauseAfter } from "../../monitor/locks/paced.ts";
import type { Connection } from "../connect.ts";
import type { FleetReports } from "./fleet-reports.ts";
import { type LockReading, readLocks } from "./lock-reading.ts";
import { SCAN_PAUSE_FACTOR } from "./lock-scan.ts";

/** How many names one call reads. A server takes about a millisecond for them. */
const NAMES_A_CALL = 50;
/** The part of a reading in which one server works. The rest is the network and this process. */
const SERVER_PART = 0.4;

/** Reads names from all servers in small groups with pauses, so that no server is blocked. Holds one group at a time. */
export async function* readAll(
  connection: Connection,
  groups: AsyncIterable<readonly string[]>,
  reports: FleetReports,
  signal: AbortSignal,
): AsyncGenerator<readonly LockReading[]> {
  const cost = new CallCost(SERVER_PART);
  for await (const names of groups) {
    for (let at = 0; at < names.length; at += NAMES_A_CALL) {
      const group = names.slice(at, at + NAMES_A_CALL);
      const startedAt = performance.now();
      const readings = await readLocks(connection, group, reports);
      const hasAllAnswers = readings[0]?.entry.answers.every((state) => state !== "no-answer") ?? true;
      // A server that is silent does not work, so its time limit says nothing about the load.
      if (hasAllAnswers) cost.record(performance.now() - startedAt, group.length);
      yield readings;
      await pauseAfter(cost.serverMs(group.length), signal, 0, SCAN_PAUSE_FACTOR);
      signal.throwIfAborted();
    }
  }
}
