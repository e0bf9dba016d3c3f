import { RECORDS } from "./record-reading.ts";
import { LockStats, type LockStatsOptions, type ObservableRedlock } from "./lock-stats.ts";

/** Figures for an exporter, and whether the exporter must stop them. */
export interface ObservedStats {
  readonly stats: LockStats;
  readonly isOwn: boolean;
}

/** The figures that the user has given, or new ones of the user's client. */
export function observedStats(
  source: LockStats | ObservableRedlock,
  classOf: LockStatsOptions["classOf"],
): ObservedStats {
  // Both builds of the library can be loaded side by side, so `instanceof` does not suffice.
  if (!(RECORDS in source)) return { stats: new LockStats(source, { classOf }), isOwn: true };
  if (classOf !== undefined)
    throw new TypeError("classOf: it is an option of the `LockStats` that was given, so give it to them");
  return { stats: source, isOwn: false };
}
