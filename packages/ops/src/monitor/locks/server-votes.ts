import type { ServerVote } from "../api.ts";
import type { ReportedHolder } from "../reports/report-reading.ts";
import { type HolderEntry, type LockEntry, votesOf } from "./lock-entry.ts";

/**
 * What each server says about a lock.
 * @param main the holder that the others are compared with.
 */
export function serverVotes(
  entry: LockEntry,
  main: HolderEntry | undefined,
  labels: readonly string[],
  reported: (id: string) => ReportedHolder | undefined,
): readonly ServerVote[] {
  const marks = votesOf(entry, main);
  return labels.map((label, index) => {
    const there =
      main?.remainingMs[index] === undefined
        ? entry.holders.find(({ remainingMs }) => remainingMs[index] !== undefined)
        : main;
    const remainingMs = there?.remainingMs[index];
    const isOther = there !== undefined && there !== main;
    return {
      label,
      mark: marks[index] ?? "none",
      holder: isOther ? { id: there.id, owner: there.owner ?? reported(there.id)?.owner } : undefined,
      remainingMs: remainingMs === Infinity ? undefined : remainingMs,
      fence: isOther || there === undefined ? undefined : reported(there.id)?.fence,
    };
  });
}
