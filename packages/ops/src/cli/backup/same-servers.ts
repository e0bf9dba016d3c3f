import type { BackupServer } from "./backup-format.ts";

/** The servers of a backup, compared with the present ones. */
export interface ServerMatch {
  /** For each server of the backup the index of the present server, or `undefined`. */
  readonly indexes: readonly (number | undefined)[];
  /** For each server of the backup whether it is still the same process, so that it has forgotten nothing. */
  readonly isRunning: readonly boolean[];
  readonly areEqual: boolean;
  /** The labels of the present servers that are other processes than in the backup, because they were restarted. */
  readonly restarted: readonly string[];
}

/**
 * Finds each server of a backup by its run id, otherwise by its label: a server that was renamed has its run id, and one that was restarted
 * has its label.
 */
export function matchServers(saved: readonly BackupServer[], present: readonly BackupServer[]): ServerMatch {
  const indexes = saved.map(({ runId }) => {
    const found = runId === undefined ? -1 : present.findIndex((each) => each.runId === runId);
    return found === -1 ? undefined : found;
  });
  const isRunning = indexes.map((index) => index !== undefined);
  const restarted: string[] = [];
  saved.forEach(({ label, runId }, at) => {
    if (indexes[at] !== undefined) return;
    const found = present.findIndex((each, index) => each.label === label && !indexes.includes(index));
    if (found === -1) return;
    indexes[at] = found;
    // Without both run ids nothing is known.
    if (runId !== undefined && present[found]?.runId !== undefined) restarted.push(label);
  });
  const areEqual = saved.length === present.length && indexes.every((index) => index !== undefined);
  return { indexes, isRunning, areEqual, restarted };
}
