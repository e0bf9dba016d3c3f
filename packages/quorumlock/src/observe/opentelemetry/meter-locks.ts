import { refuseUnknownOptions } from "../../base/known-options.ts";
import { checkOptions } from "../../base/options.ts";
import { VERSION } from "../../base/version.ts";
import { clientOf } from "../../client/client-of.ts";
import type { Health } from "../../client/health.ts";
import { checkNumber } from "../../policies/check-number.ts";
import { HOLD_BOUNDS_MS, WAIT_BOUNDS_MS } from "../class-record.ts";
import { HealthReader } from "../health-reader.ts";
import type { LockStats, LockStatsOptions, ObservableRedlock } from "../lock-stats.ts";
import { observedStats } from "../observed-stats.ts";
import { DURATIONS } from "../duration-listeners.ts";
import { type RecordReading, RECORDS } from "../record-reading.ts";
import type { Attributes, OpenTelemetryApi, OtelMeter, OtelObservable, OtelObservableResult } from "./api.ts";
import { checkApi } from "./check-api.ts";

/** Options of `meterLocks`. */
export interface MeterLocksOptions {
  /** The module `@opentelemetry/api`, 1.x. */
  readonly api: OpenTelemetryApi;
  /**
   * How long a collection waits for the instances, in ms. If they take longer, the result of the check before counts. A finite number
   * of at least 1.
   * @default 2_000
   */
  readonly timeout?: number | undefined;
  /** As in `LockStatsOptions`. Not together with `LockStats`, which have their own. @default that of `LockStats` */
  readonly classOf?: LockStatsOptions["classOf"];
}

/** Metrics that are collected. */
export interface LockMeters extends Disposable {
  /** The figures behind the metrics. */
  readonly stats: LockStats;
  /** Ends the metrics. Also stops the figures if `meterLocks` made them. */
  stop(): void;
}

type ReadClass = (reading: RecordReading) => readonly (readonly [attributes: Attributes, value: number])[];
type ReadHealth = (health: Health) => readonly (readonly [attributes: Attributes, value: number])[];
type Kind = "createObservableCounter" | "createObservableGauge" | "createObservableUpDownCounter";

/** Counts and states of each class. */
const CLASS_METRICS: readonly (readonly [Kind, name: string, unit: string, ReadClass])[] = [
  [
    "createObservableCounter",
    "redlock.acquisitions",
    "{acquisition}",
    ({ record: { counts } }) => [
      [{ "redlock.status": "success" }, counts.acquired],
      [{ "redlock.status": "failure" }, counts.contended],
      [{ "redlock.status": "timeout" }, counts.timedOut],
      [{ "redlock.status": "network_error" }, counts.noQuorum],
    ],
  ],
  [
    "createObservableCounter",
    "redlock.acquisitions.cancelled",
    "{acquisition}",
    ({ record: { counts } }) => [
      [{ "redlock.reason": "aborted" }, counts.aborted],
      [{ "redlock.reason": "closed" }, counts.closed],
      [{ "redlock.reason": "refused" }, counts.refused],
    ],
  ],
  [
    "createObservableCounter",
    "redlock.releases",
    "{release}",
    ({ record: { counts } }) => [
      [{ "redlock.release.confirmed": true }, counts.releasedConfirmed],
      [{ "redlock.release.confirmed": false }, counts.releasedUnconfirmed],
    ],
  ],
  [
    "createObservableCounter",
    "redlock.losses",
    "{lock}",
    ({ record: { counts } }) => [
      [{ "redlock.loss.cause": "expired" }, counts.lost.expired],
      [{ "redlock.loss.cause": "taken" }, counts.lost.taken],
    ],
  ],
  [
    "createObservableCounter",
    "redlock.extensions",
    "{extension}",
    ({ record: { counts } }) => [
      [{ "redlock.status": "success" }, counts.extended],
      [{ "redlock.status": "failure" }, counts.extensionsFailed],
    ],
  ],
  [
    "createObservableCounter",
    "redlock.handovers",
    "{lock}",
    ({ record }) => [[{}, record.counts.handedOver]],
  ],
  ["createObservableUpDownCounter", "redlock.locks.active", "{lock}", ({ record }) => [[{}, record.active]]],
  ["createObservableUpDownCounter", "redlock.waiters", "{caller}", ({ record }) => [[{}, record.waiters]]],
  ["createObservableGauge", "redlock.wait.oldest", "s", ({ oldestWaitMs }) => [[{}, oldestWaitMs / 1_000]]],
  [
    "createObservableGauge",
    "redlock.hold.longest",
    "s",
    ({ longestHoldMs }) => [[{}, longestHoldMs / 1_000]],
  ],
  ["createObservableGauge", "redlock.quorum.size", "{vote}", ({ record }) => [[{}, record.votes]]],
];

/** States of the instances. */
const INSTANCE_METRICS: readonly (readonly [name: string, unit: string, ReadHealth])[] = [
  ["redlock.instances.configured", "{instance}", ({ configured }) => [[{}, configured]]],
  ["redlock.quorum.required", "{vote}", ({ quorum }) => [[{}, quorum]]],
  [
    "redlock.instance.up",
    "1",
    ({ instances }) =>
      instances.map((each) => [labelOf(each), each.latencyMs === undefined ? 0 : 1] as const),
  ],
  [
    "redlock.instance.voting",
    "1",
    ({ instances }) => instances.map((each) => [labelOf(each), each.isVoting ? 1 : 0] as const),
  ],
];

/**
 * Makes metrics with the OpenTelemetry API (docs/observability.md): those of `quorumlock/prometheus` about classes, with names and units
 * of OpenTelemetry. The attribute `redlock.resource` is the class of the names, never a name.
 *
 * ```ts
 * import * as api from "@opentelemetry/api";
 * import { meterLocks } from "quorumlock/opentelemetry";
 * const meters = meterLocks(redlock, { api });
 * ```
 * @param source a client, or the `LockStats` of one or several. The metrics of instances are those of the first client.
 * @throws TypeError, RangeError for bad options, with the field and the value.
 */
export function meterLocks(source: LockStats | ObservableRedlock, options: MeterLocksOptions): LockMeters {
  checkOptions(options);
  refuseUnknownOptions(options, { api: true, timeout: true, classOf: true });
  const { timeout = 2_000, classOf } = options;
  const meter = checkApi(options.api).metrics.getMeter("quorumlock", VERSION);
  const timeoutMs = checkNumber("timeout", timeout, 1);
  const { stats, isOwn } = observedStats(source, classOf);
  const stops = [
    ...CLASS_METRICS.map(([kind, name, unit, read]) =>
      observe(meter[kind](name, { unit }), (result) => observeClasses(stats, read, result)),
    ),
    ...observeInstances(stats, meter, timeoutMs),
    recordDurations(stats, meter),
  ];
  const stop = (): void => {
    for (const end of stops.splice(0)) end();
    if (isOwn) stats.stop();
  };
  return { stats, stop, [Symbol.dispose]: stop };
}

function observe(
  instrument: OtelObservable,
  callback: (result: OtelObservableResult) => void | Promise<void>,
): () => void {
  instrument.addCallback(callback);
  return () => instrument.removeCallback(callback);
}

function observeClasses(stats: LockStats, read: ReadClass, result: OtelObservableResult): void {
  for (const reading of stats[RECORDS]())
    for (const [attributes, value] of read(reading))
      result.observe(value, { "redlock.resource": reading.resource, ...attributes });
}

function observeInstances(stats: LockStats, meter: OtelMeter, timeoutMs: number): readonly (() => void)[] {
  const reader = new HealthReader(clientOf(stats.clients[0]!), timeoutMs);
  return INSTANCE_METRICS.map(([name, unit, read]) =>
    observe(meter.createObservableGauge(name, { unit }), async (result) => {
      const health = await reader.read();
      if (health === undefined) return;
      for (const [attributes, value] of read(health)) result.observe(value, attributes);
    }),
  );
}

/** Histograms must be recorded at once, so the figures report each duration. */
function recordDurations(stats: LockStats, meter: OtelMeter): () => void {
  const histogram = (name: string, description: string, boundsMs: readonly number[]) =>
    meter.createHistogram(name, {
      unit: "s",
      description,
      advice: { explicitBucketBoundaries: boundsMs.map((ms) => ms / 1_000) },
    });
  const wait = histogram("redlock.wait.duration", "Time from the call to the result", WAIT_BOUNDS_MS);
  const hold = histogram(
    "redlock.hold.duration",
    "Time from the grant to the end of the lock",
    HOLD_BOUNDS_MS,
  );
  return stats[DURATIONS]({
    onWait: (resource, ms) => wait.record(ms / 1_000, { "redlock.resource": resource }),
    onHold: (resource, ms) => hold.record(ms / 1_000, { "redlock.resource": resource }),
  });
}

function labelOf({ instance }: { readonly instance: string }): Attributes {
  return { "redlock.server": instance };
}
