import type { JSX } from "preact";
import type { Point } from "../../monitor/api.ts";
import type { Range } from "../connection/messages.ts";
import { formatClock } from "../../format/clock-time.ts";
import { formatRate } from "../../format/count.ts";
import { formatDuration } from "../../format/duration.ts";
import { useDashboard, useStore } from "../page/hooks.ts";
import { Chart, type Series } from "./chart.tsx";

const RANGES: readonly { readonly range: Range; readonly label: string; readonly spanMs: number }[] = [
  { range: "5m", label: "5 min", spanMs: 5 * 60_000 },
  { range: "1h", label: "1 h", spanMs: 60 * 60_000 },
  { range: "6h", label: "6 h", spanMs: 6 * 60 * 60_000 },
];

const RATES: readonly Series[] = [
  { label: "granted", line: "solid", value: (point) => point.grantedPerS },
  { label: "timed out", line: "dashed", value: (point) => point.timedOutPerS },
  { label: "no quorum", line: "dotted", value: (point) => point.noQuorumPerS },
];

const WAITS: readonly Series[] = [
  { label: "p50", line: "solid", value: (point) => point.waitP50Ms },
  { label: "p95", line: "dashed", value: (point) => point.waitP95Ms },
  { label: "p99", line: "dotted", value: (point) => point.waitP99Ms },
];

export function Charts(): JSX.Element {
  const points = useStore((state) => state.points);
  const range = useStore((state) => state.range);
  const chosen = RANGES.find((each) => each.range === range) ?? RANGES[0];
  const spanMs = chosen?.spanMs ?? 0;
  return (
    <div class="charts">
      <Chart
        title="Acquisitions a second"
        points={points}
        spanMs={spanMs}
        series={RATES}
        scale="linear"
        format={formatRate}
        summary={summarizeRates(points)}
      />
      <Chart
        title="Wait until the outcome"
        points={points}
        spanMs={spanMs}
        series={WAITS}
        scale="log"
        format={formatDuration}
        summary={summarizeWaits(points)}
      />
      <RangeChoice range={range} />
    </div>
  );
}

function RangeChoice({ range }: { readonly range: Range }): JSX.Element {
  const dashboard = useDashboard();
  return (
    <fieldset class="range-choice">
      <legend class="hidden">Range of the charts</legend>
      {RANGES.map((each) => (
        <label key={each.range} class={each.range === range ? "chosen" : ""}>
          <input
            type="radio"
            name="range"
            checked={each.range === range}
            onChange={() => dashboard.setView({ range: each.range })}
          />
          {each.label}
        </label>
      ))}
    </fieldset>
  );
}

function summarizeRates(points: readonly Point[]): string {
  const best = points.reduce<Point | undefined>(
    (most, point) => (most === undefined || point.grantedPerS > most.grantedPerS ? point : most),
    undefined,
  );
  if (best === undefined) return "No acquisition was reported yet.";
  const mean = (value: (point: Point) => number): string =>
    formatRate(points.reduce((sum, point) => sum + value(point), 0) / points.length);
  return (
    `${mean((point) => point.grantedPerS)} granted a second on average, at most ${formatRate(best.grantedPerS)} ` +
    `at ${formatClock(best.at, Date.now())}; ${mean((point) => point.timedOutPerS)} timed out, ` +
    `${mean((point) => point.noQuorumPerS)} without a quorum.`
  );
}

function summarizeWaits(points: readonly Point[]): string {
  const worst = points.reduce<Point | undefined>(
    (most, point) => ((point.waitP99Ms ?? -1) > (most?.waitP99Ms ?? -1) ? point : most),
    undefined,
  );
  if (worst?.waitP99Ms === undefined) return "No wait was reported yet.";
  const medians = points.flatMap((point) => point.waitP50Ms ?? []).toSorted((a, b) => a - b);
  const median = medians[Math.floor(medians.length / 2)] ?? 0;
  return (
    `Half of the calls end within ${formatDuration(median)}; the slowest second had a p99 of ` +
    `${formatDuration(worst.waitP99Ms)}, at ${formatClock(worst.at, Date.now())}.`
  );
}
