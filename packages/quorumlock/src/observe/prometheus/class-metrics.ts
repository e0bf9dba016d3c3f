import type { FixedBuckets } from "../fixed-buckets.ts";
import type { Histogram } from "../histogram.ts";
import type { LockStats } from "../lock-stats.ts";
import { RECORDS, type RecordReading } from "../record-reading.ts";
import { histogramLines, type MetricValue, readMetric, type ReadMetric } from "./metric.ts";

/** A metric of classes: for each class its lines, as labels beside `resource`, and a value. */
type Lines = (
  reading: RecordReading,
) => readonly (readonly [labels: Record<string, string>, value: number])[];

/** The metrics of each class of names. All lines of a class exist from its first use on, so that `rate` misses no first step. */
export function classMetrics(stats: LockStats, prefix: string): readonly ReadMetric[] {
  const metric = (
    type: "counter" | "gauge",
    name: string,
    help: string,
    lines: Lines,
    aggregator: "sum" | "max" = "sum",
  ): ReadMetric =>
    readMetric(type, `${prefix}_${name}`, help, aggregator, () =>
      stats[RECORDS]().flatMap((reading) =>
        lines(reading).map(([labels, value]) => ({
          labels: { resource: reading.resource, ...labels },
          value,
        })),
      ),
    );
  const histogram = (
    name: string,
    help: string,
    read: (reading: RecordReading) => readonly [Histogram, FixedBuckets],
  ): ReadMetric =>
    readMetric("histogram", `${prefix}_${name}`, help, "sum", () =>
      stats[RECORDS]().flatMap((reading): readonly MetricValue[] => {
        const [durations, fixed] = read(reading);
        return histogramLines(
          `${prefix}_${name}`,
          { resource: reading.resource },
          {
            buckets: fixed.cumulative().map(([boundMs, count]) => [boundMs / 1_000, count] as const),
            count: durations.count,
            sum: durations.sumMs / 1_000,
          },
        );
      }),
    );

  return [
    metric(
      "counter",
      "acquisition_total",
      "Acquisitions by their result: success, failure (a single attempt that found the lock held), timeout, network_error (no quorum)",
      ({ record: { counts } }) => [
        [{ status: "success" }, counts.acquired],
        [{ status: "failure" }, counts.contended],
        [{ status: "timeout" }, counts.timedOut],
        [{ status: "network_error" }, counts.noQuorum],
      ],
    ),
    metric(
      "counter",
      "acquisition_cancelled_total",
      "Acquisitions that ended without a result: aborted by the caller, closed with the client, or refused as they were",
      ({ record: { counts } }) => [
        [{ reason: "aborted" }, counts.aborted],
        [{ reason: "closed" }, counts.closed],
        [{ reason: "refused" }, counts.refused],
      ],
    ),
    histogram(
      "wait_duration_seconds",
      "Time from the call to the grant, the time-out, or too few votes, without single attempts",
      ({ record }) => [record.waits, record.waitBuckets],
    ),
    histogram("hold_duration_seconds", "Time from the grant to the release or the loss", ({ record }) => [
      record.holds,
      record.holdBuckets,
    ]),
    metric("gauge", "active_locks", "Locks that this process holds", ({ record }) => [[{}, record.active]]),
    metric("gauge", "waiters", "Acquisitions of this process that wait", ({ record }) => [
      [{}, record.waiters],
    ]),
    metric(
      "gauge",
      "oldest_waiter_seconds",
      "How long the oldest waiter of this process has waited, 0 if none waits",
      ({ oldestWaitMs }) => [[{}, oldestWaitMs / 1_000]],
      "max",
    ),
    metric(
      "gauge",
      "longest_hold_seconds",
      "How long the oldest held lock of this process has been held, 0 if none is held",
      ({ longestHoldMs }) => [[{}, longestHoldMs / 1_000]],
      "max",
    ),
    metric(
      "gauge",
      "quorum_size",
      "Votes of the latest grant, 0 before the first one",
      ({ record }) => [[{}, record.votes]],
      "max",
    ),
    metric(
      "counter",
      "release_total",
      "Releases by the holder, and whether a quorum confirmed them",
      ({ record: { counts } }) => [
        [{ confirmed: "true" }, counts.releasedConfirmed],
        [{ confirmed: "false" }, counts.releasedUnconfirmed],
      ],
    ),
    metric(
      "counter",
      "lost_total",
      "Held locks that ended without a release, by cause",
      ({ record: { counts } }) => [
        [{ cause: "expired" }, counts.lost.expired],
        [{ cause: "taken" }, counts.lost.taken],
      ],
    ),
    metric("counter", "extension_total", "Attempts to extend a lock, by result", ({ record: { counts } }) => [
      [{ status: "success" }, counts.extended],
      [{ status: "failure" }, counts.extensionsFailed],
    ]),
    metric(
      "counter",
      "handover_total",
      "Locks that were passed to the next waiter of the process in one round",
      ({ record: { counts } }) => [[{}, counts.handedOver]],
    ),
    readMetric("gauge", `${prefix}_classes`, "Classes of names that have figures", "max", () => [
      { labels: {}, value: stats.classes.length },
    ]),
  ];
}
