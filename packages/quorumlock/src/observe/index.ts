export { resourceClassOf } from "../base/resource-class.ts";
export type { ClassCounts } from "./class-record.ts";
export {
  LockStats,
  type LockStatsOptions,
  type ObservableRedlock,
  type WindowMinutes,
} from "./lock-stats.ts";
export type {
  HistogramBucket,
  NamePercentiles,
  NameStatistics,
  NoData,
  PercentilesInSeconds,
  SnakeCaseStatistics,
} from "./source-fields.ts";
export type { ActiveCourse, ClassStats, DurationStats, WindowStats } from "./stats-shapes.ts";
export type { WindowField, WindowSums } from "./window-counts.ts";
export { type BucketCount, Histogram } from "./histogram.ts";
export type {
  OmittedCounts,
  ProcessReport,
  ReportedClass,
  ReportedClient,
  ReportedEvent,
  ReportedEventKind,
  ReportedHistogram,
  ReportedHold,
  ReportedProcess,
  ReportedServer,
  ReportedWait,
} from "./report-format.ts";
export { debugLock, type DebuggedCall, type DebugLockOptions } from "./debug-lock.ts";
export { type HeldLockInfo, heldLocks, trackLocks } from "./held-locks.ts";
export type { LockLogEntry } from "./log-entry.ts";
export { type LockLogger, logLocks, type LogLocksOptions } from "./log-locks.ts";
export { readReports, type ReadReport, type ReadReports } from "./read-reports.ts";
export { report, type Reporter, type ReportOptions } from "./report.ts";
export type { BreakerStates } from "./breaker-states.ts";
