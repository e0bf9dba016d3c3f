import type { Histogram } from "./histogram.ts";
import type { DurationStats } from "./stats-shapes.ts";

export function durationStats(histogram: Histogram): DurationStats {
  return {
    count: histogram.count,
    sum: histogram.sumMs,
    min: histogram.minMs,
    max: histogram.maxMs,
    mean: histogram.meanMs,
    p50: histogram.quantile(0.5),
    p75: histogram.quantile(0.75),
    p90: histogram.quantile(0.9),
    p95: histogram.quantile(0.95),
    p99: histogram.quantile(0.99),
  };
}
