import { upperBoundOf, type Histogram } from "./histogram.ts";
import type { ClassRecord } from "./class-record.ts";
import type { ClassStats, DurationStats } from "./stats-shapes.ts";

/** Nothing is known of the name. */
export interface NoData {
  /** Says that nothing is known. */
  readonly message: "No data available";
}

export const NO_DATA: NoData = { message: "No data available" };

/** How many durations do not exceed a bound and exceed the bound before it. `le`: the bound, in seconds. */
export interface HistogramBucket {
  /** The upper bound, in seconds. */
  readonly le: number;
  /** How many durations are between this bound and the one before. */
  readonly count: number;
}

/** The fields with names in snake case. Durations are seconds, moments are seconds since 1970. */
export interface SnakeCaseStatistics {
  /** Acquired, of all that were acquired, timed out, or had no quorum, in percent. `undefined` without any of them. */
  readonly success_rate: number | undefined;
  /** Acquired and failed, with single attempts that found the lock held. */
  readonly total_attempts: number;
  /** Locks that were acquired. */
  readonly successful_acquisitions: number;
  /** Time-outs, acquisitions without a quorum, and single attempts that found the lock held. */
  readonly failed_acquisitions: number;
  /** Acquisitions whose time was up. */
  readonly timeouts: number;
  /** Acquisitions without a quorum. */
  readonly network_errors: number;
  /** In seconds. `undefined` without waits. */
  readonly average_wait_time: number | undefined;
  /** In seconds. `undefined` without waits. */
  readonly max_wait_time: number | undefined;
  /** In seconds. `undefined` without waits. */
  readonly min_wait_time: number | undefined;
  /** In seconds. */
  readonly total_wait_time: number;
  /** In seconds. `undefined` without holds. */
  readonly average_hold_time: number | undefined;
  /** In seconds. `undefined` without holds. */
  readonly max_hold_time: number | undefined;
  /** In seconds. `undefined` without holds. */
  readonly min_hold_time: number | undefined;
  /** In seconds. */
  readonly total_hold_time: number;
  /** Locks that are held now. */
  readonly active_locks: number;
  /** As `successful_acquisitions`. */
  readonly acquisition_count: number;
  /** As `failed_acquisitions`. */
  readonly acquisition_failures: number;
  /** As `timeouts`. */
  readonly acquisition_timeouts: number;
  /** As `timeouts`. */
  readonly timeout_count: number;
  /** Locks that the holder released. */
  readonly release_count: number;
  /** Locks that were not extended in time. */
  readonly expired_locks: number;
  /** As `network_errors`. */
  readonly quorum_failures: number;
  /** The buckets with at least one wait, the shortest first. */
  readonly wait_time_histogram: readonly HistogramBucket[];
  /** The buckets with at least one hold, the shortest first. */
  readonly hold_time_histogram: readonly HistogramBucket[];
  /** In seconds since 1970. `undefined` before the first grant. */
  readonly first_acquisition: number | undefined;
  /** In seconds since 1970. `undefined` before the first grant. */
  readonly last_acquisition: number | undefined;
}

/** The statistics of a name: our fields in camel case and milliseconds, and beside them the fields in snake case and seconds. */
export type NameStatistics = ClassStats & SnakeCaseStatistics;

/** Percentiles in seconds. */
export interface PercentilesInSeconds {
  /** The duration that 50 % do not exceed, in seconds. */
  readonly p50: number;
  /** The duration that 75 % do not exceed, in seconds. */
  readonly p75: number;
  /** The duration that 90 % do not exceed, in seconds. */
  readonly p90: number;
  /** The duration that 95 % do not exceed, in seconds. */
  readonly p95: number;
  /** The duration that 99 % do not exceed, in seconds. */
  readonly p99: number;
}

/** The percentiles of a name: ours in milliseconds, and beside them those in seconds. */
export interface NamePercentiles {
  /** The class of the name. */
  readonly resource: string;
  /** In ms. */
  readonly wait: DurationStats;
  /** In ms. */
  readonly hold: DurationStats;
  /** In seconds. `undefined` before the first wait has ended. */
  readonly wait_time_percentiles: PercentilesInSeconds | undefined;
  /** In seconds. `undefined` before the first hold has ended. */
  readonly hold_time_percentiles: PercentilesInSeconds | undefined;
}

export function snakeCaseOf(record: ClassRecord): SnakeCaseStatistics {
  const { counts, waits, holds, active, firstAt, lastAt } = record;
  const failures = counts.contended + counts.timedOut + counts.noQuorum;
  const counted = counts.acquired + counts.timedOut + counts.noQuorum;
  return {
    success_rate: counted === 0 ? undefined : Math.round((counts.acquired / counted) * 10_000) / 100,
    total_attempts: counts.acquired + failures,
    successful_acquisitions: counts.acquired,
    failed_acquisitions: failures,
    timeouts: counts.timedOut,
    network_errors: counts.noQuorum,
    average_wait_time: seconds(waits.meanMs),
    max_wait_time: seconds(waits.maxMs),
    min_wait_time: seconds(waits.minMs),
    total_wait_time: waits.sumMs / 1_000,
    average_hold_time: seconds(holds.meanMs),
    max_hold_time: seconds(holds.maxMs),
    min_hold_time: seconds(holds.minMs),
    total_hold_time: holds.sumMs / 1_000,
    active_locks: active,
    acquisition_count: counts.acquired,
    acquisition_failures: failures,
    acquisition_timeouts: counts.timedOut,
    timeout_count: counts.timedOut,
    release_count: counts.releasedConfirmed + counts.releasedUnconfirmed,
    expired_locks: counts.lost.expired,
    quorum_failures: counts.noQuorum,
    wait_time_histogram: bucketsOf(waits),
    hold_time_histogram: bucketsOf(holds),
    first_acquisition: seconds(firstAt),
    last_acquisition: seconds(lastAt),
  };
}

export function percentilesInSeconds(histogram: Histogram): PercentilesInSeconds | undefined {
  if (histogram.count === 0) return undefined;
  const at = (share: number): number => histogram.quantile(share)! / 1_000;
  return { p50: at(0.5), p75: at(0.75), p90: at(0.9), p95: at(0.95), p99: at(0.99) };
}

function bucketsOf(histogram: Histogram): readonly HistogramBucket[] {
  return [...histogram.buckets()].map(([bucket, count]) => ({ le: upperBoundOf(bucket) / 1_000, count }));
}

function seconds(ms: number | undefined): number | undefined {
  return ms === undefined ? undefined : ms / 1_000;
}
