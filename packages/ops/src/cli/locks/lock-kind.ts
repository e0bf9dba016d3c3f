import type { LockEntry } from "../../monitor/locks/lock-entry.ts";
import type { ReportedHolder } from "../../monitor/reports/report-reading.ts";

/**
 * The kind of a lock. The servers tell only `mutex`, `shared` and `semaphore` apart; the report of the holder's process says more.
 *
 * - `mutex`: one holder, without a report also the writer of a read/write lock.
 * - `read`, `write`: a read/write lock on one name.
 * - `tree`: a lock on several names of which others can share some, such as a lock on a tree.
 * - `fair`: one holder, and the callers are served in order.
 * - `shared`: shared holders of which none reports.
 * - `semaphore`: permits.
 */
export type LockKind = "mutex" | "read" | "write" | "tree" | "fair" | "shared" | "semaphore";

export function lockKindOf({ kind, line }: LockEntry, report: ReportedHolder | undefined): LockKind {
  if (kind === "semaphore") return "semaphore";
  // Only callers of a fair lock have places of their own.
  const isFair = report?.kind === "fair" || (kind === "mutex" && line.some((waiter) => waiter.includes(".")));
  if (isFair) return "fair";
  if (report?.kind !== "modes") return kind;
  if (report.nameCount > 1) return "tree";
  return report.mode === "shared" ? "read" : "write";
}
