import type { WaiterView } from "../api.ts";
import type { ReportedLocks } from "../reports/report-reading.ts";
import type { LockEntry } from "./lock-entry.ts";

/**
 * Who waits, in the order of the line. The servers have the ids of clients, and the reports say whose they are. Reported waiters that
 * are in no line wait inside their process behind another caller, so they come last.
 * @param readMsAgo how long ago the reports were read.
 */
export function waitingLine(
  { name, line }: LockEntry,
  reported: ReportedLocks,
  readMsAgo: number,
): readonly WaiterView[] {
  const byId = new Map(reported.waiters(name).map((waiter) => [waiter.id, waiter]));
  const clients = [...new Set(line.map((each) => each.replace(/\..*$/, "")))];
  const others = [...byId.keys()].filter((id) => !clients.includes(id));
  return [...clients, ...others].map((id, index): WaiterView => {
    const { owner, callers = 1, oldestMs, holds } = byId.get(id) ?? {};
    return {
      owner,
      id,
      callers,
      oldestWaitMs: oldestMs === undefined ? undefined : Math.round(oldestMs + readMsAgo),
      holds,
      isNext: index === 0 && clients.length > 0,
    };
  });
}
