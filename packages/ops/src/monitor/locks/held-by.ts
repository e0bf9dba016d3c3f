import type { LockDetail } from "../api.ts";
import { type HolderEntry, type LockEntry, quorumRemainingMs, votesOf } from "./lock-entry.ts";
import type { RowContext } from "./lock-rows.ts";

/** One of the holders of a lock. */
export function heldBy(
  entry: LockEntry,
  holder: HolderEntry,
  { quorum, reported }: Pick<RowContext, "quorum" | "reported">,
): LockDetail["holders"][number] {
  const remainingMs = quorumRemainingMs(holder, quorum);
  const report = reported(holder.id);
  return {
    id: holder.id,
    owner: holder.owner ?? report?.owner,
    votes: votesOf(entry, holder),
    remainingMs: remainingMs === Infinity ? undefined : remainingMs,
    slots: holder.slots,
    reportedMs: report?.heldMs,
  };
}
