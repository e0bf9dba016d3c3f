import type { NameHold, SlotCounter } from "quorumlock/operator";

/**
 * A backup is a text of lines, each one JSON object:
 *
 * 1. the header
 * 2. for each group of locks, the times at which the servers were read, and then the holds
 * 3. the fencing counters, read last, so that none is smaller than that of a hold
 * 4. the end, with the counts and the SHA-256 of all lines before it. So a file that was cut is noticed.
 */
export type BackupLine = BackupHeader | BackupTimes | BackupHold | BackupCounter | BackupEnd;

export const BACKUP_VERSION = 1;

export interface BackupServer {
  readonly label: string;
  /** Missing if the server did not report it. */
  readonly runId?: string | undefined;
}

export interface BackupHeader {
  readonly backup: "quorumlock";
  readonly version: number;
  /** By the clock of the machine that made it. Epoch ms. */
  readonly createdAt: number;
  readonly prefix: string;
  /** In the order of the configuration. */
  readonly servers: readonly BackupServer[];
}

/** The time of each server, in ms since 1970, when the holds that follow were read. `null`: it did not answer. */
export interface BackupTimes {
  readonly times: readonly (number | null)[];
}

export interface BackupHold {
  readonly name: string;
  readonly token: string;
  /** Of permits there are slots instead. */
  readonly mode?: NonNullable<NameHold["mode"]> | undefined;
  readonly slots?: readonly number[] | undefined;
  /** The fencing counter of its hash slot. */
  readonly fence: number;
  /** For each server the ms that were left. −1 without an expiry, `null` if it does not have the token. */
  readonly left: readonly (number | null)[];
}

export interface BackupCounter extends SlotCounter {
  readonly kind: "counter";
}

export interface BackupEnd {
  readonly end: true;
  readonly holds: number;
  readonly counters: number;
  /** Whether so many servers were read that no fencing token in use is larger than the counters. */
  readonly areCountersComplete: boolean;
  readonly sha256: string;
}

export const NO_EXPIRY = -1;

export function backupHoldOf({ name, token, mode, slots, fence, remainingMs }: NameHold): BackupHold {
  const left = remainingMs.map((ms) => {
    if (ms === undefined) return null;
    return ms === Infinity ? NO_EXPIRY : ms;
  });
  return { name, token, mode, slots, fence, left };
}
