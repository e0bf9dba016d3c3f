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
