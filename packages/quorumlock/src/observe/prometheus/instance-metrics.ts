import type { UnsafeCause } from "../../base/events.ts";
import type { Client } from "../../client/client.ts";
import type { Health, InstanceHealth } from "../../client/health.ts";
import { FixedBuckets } from "../fixed-buckets.ts";
import { HealthReader } from "../health-reader.ts";
import { histogramLines, readMetric, type ReadMetric } from "./metric.ts";

const REQUEST_BOUNDS_MS = [0.5, 1, 2.5, 5, 10, 25, 50, 100, 500, 1_000] as const;
const CAUSES: readonly UnsafeCause[] = ["restart", "eviction", "replica", "cluster", "clock", "membership"];

/** The round trips of the checks of one server. */
interface RoundTrips {
  readonly buckets: FixedBuckets;
  count: number;
  sumMs: number;
}

/** The metrics of the instances of a client. A scrape checks the instances, with a time limit. */
export function instanceMetrics(client: Client, prefix: string, timeoutMs: number): readonly ReadMetric[] {
  const roundTrips = new Map<string, RoundTrips>();
  const reader = new HealthReader(client, timeoutMs, (health) => recordRoundTrips(roundTrips, health));
  const perInstance = (
    type: "gauge" | "counter",
    name: string,
    help: string,
    read: (instance: InstanceHealth, health: Health) => number | undefined,
  ): ReadMetric =>
    readMetric(type, `${prefix}_instance_${name}`, help, "max", async () => {
      const health = await reader.read();
      return (health?.instances ?? []).flatMap((instance) => {
        const value = read(instance, health!);
        return value === undefined ? [] : [{ labels: { server: instance.instance }, value }];
      });
    });

  return [
    readMetric("gauge", `${prefix}_instances_configured`, "Instances of the client", "max", () => [
      { labels: {}, value: client.members.voters.current.length },
    ]),
    readMetric("gauge", `${prefix}_quorum_required`, "Instances that must vote for a lock", "max", () => [
      { labels: {}, value: Math.floor(client.members.voters.current.length / 2) + 1 },
    ]),
    perInstance("gauge", "up", "Whether the instance answers", ({ latencyMs }) =>
      latencyMs === undefined ? 0 : 1,
    ),
    perInstance("gauge", "voting", "Whether a grant of the instance counts now", ({ isVoting }) =>
      isVoting ? 1 : 0,
    ),
    readMetric(
      "gauge",
      `${prefix}_instance_unsafe`,
      "Whether the instance may lose locks or grant them twice, by cause",
      "max",
      async () =>
        ((await reader.read())?.instances ?? []).flatMap(({ instance, unsafe }) =>
          CAUSES.map((cause) => ({
            labels: { server: instance, cause },
            value: unsafe.includes(cause) ? 1 : 0,
          })),
        ),
    ),
    perInstance(
      "counter",
      "restarts_total",
      "How often this client has seen another run id of the instance",
      ({ restarts }) => restarts,
    ),
    perInstance(
      "gauge",
      "abstaining_seconds",
      "How long the instance will still abstain, 0 if it votes; absent if the end is not known",
      ({ abstainsMs, isVoting }) =>
        abstainsMs === undefined ? (isVoting ? 0 : undefined) : abstainsMs / 1_000,
    ),
    perInstance(
      "gauge",
      "clock_offset_seconds",
      "The clock of the instance less the median clock of all instances",
      ({ clockOffsetMs }, { instances }) =>
        clockOffsetMs === undefined ? undefined : (clockOffsetMs - medianOffset(instances)) / 1_000,
    ),
    perInstance(
      "gauge",
      "memory_used_bytes",
      "Memory that the instance uses",
      (each) => each.memoryUsedBytes,
    ),
    perInstance(
      "gauge",
      "memory_limit_bytes",
      "Memory that the instance may use; absent without a limit",
      (each) => each.memoryLimitBytes,
    ),
    readMetric(
      "histogram",
      `${prefix}_request_duration_seconds`,
      "Round trips of the checks of the instances, one for each scrape",
      "sum",
      async () => {
        await reader.read();
        return [...roundTrips].flatMap(([server, { buckets, count, sumMs }]) =>
          histogramLines(
            `${prefix}_request_duration_seconds`,
            { server },
            {
              buckets: buckets.cumulative().map(([boundMs, below]) => [boundMs / 1_000, below] as const),
              count,
              sum: sumMs / 1_000,
            },
          ),
        );
      },
    ),
  ];
}

/** Adds the round trips of a check, and forgets instances that the client no longer has. */
function recordRoundTrips(roundTrips: Map<string, RoundTrips>, { instances }: Health): void {
  const labels = new Set(instances.map(({ instance }) => instance));
  for (const label of roundTrips.keys()) if (!labels.has(label)) roundTrips.delete(label);
  for (const { instance, latencyMs } of instances) {
    let known = roundTrips.get(instance);
    if (known === undefined)
      roundTrips.set(
        instance,
        (known = { buckets: new FixedBuckets(REQUEST_BOUNDS_MS), count: 0, sumMs: 0 }),
      );
    if (latencyMs === undefined) continue;
    known.buckets.record(latencyMs);
    known.count += 1;
    known.sumMs += latencyMs;
  }
}

function medianOffset(instances: readonly InstanceHealth[]): number {
  const sorted = instances
    .flatMap(({ clockOffsetMs }) => (clockOffsetMs === undefined ? [] : [clockOffsetMs]))
    .toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle)]!) / 2;
}
