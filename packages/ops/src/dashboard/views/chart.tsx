import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Point } from "../../monitor/api.ts";
import { formatClock, formatMinute } from "../../format/clock-time.ts";
import { linearScale, logScale, type Scale, timeTicks } from "./chart-scale.ts";

export interface Series {
  readonly label: string;
  /** Lines differ in their style too, so that they can be told apart without colours. */
  readonly line: "solid" | "dashed" | "dotted";
  readonly value: (point: Point) => number | undefined;
}

interface ChartProps {
  readonly title: string;
  readonly points: readonly Point[];
  readonly spanMs: number;
  readonly series: readonly Series[];
  readonly scale: "linear" | "log";
  readonly format: (value: number) => string;
  /** The chart in one sentence. */
  readonly summary: string;
}

const HEIGHT = 150;
const LEFT = 52;
const RIGHT = 10;
const TOP = 8;
const BOTTOM = 22;
const TABLE_ROWS = 10;

export function Chart(props: ChartProps): JSX.Element {
  const { title, points, series, format, summary } = props;
  const [isTable, setTable] = useState(false);
  const [pointedAt, setPointedAt] = useState<number | undefined>(undefined);
  const shown = pointedAt === undefined ? points.at(-1) : nearest(points, pointedAt);
  return (
    <section class="card chart" aria-label={title}>
      <header class="chart-header">
        <h2>{title}</h2>
        <button type="button" class="button small" aria-pressed={isTable} onClick={() => setTable(!isTable)}>
          Table
        </button>
      </header>
      <ul class="legend">
        {series.map(({ label, line, value }) => (
          <li key={label}>
            <svg class="legend-line" viewBox="0 0 28 8" aria-hidden="true">
              <path class={`line ${line}`} d="M1 4H27" />
            </svg>
            {label} <strong>{formatValue(shown === undefined ? undefined : value(shown), format)}</strong>
          </li>
        ))}
        <li class="legend-time quiet">
          {pointedAt !== undefined && shown !== undefined ? formatClock(shown.at, Date.now()) : "now"}
        </li>
      </ul>
      {isTable ? (
        <PointTable {...props} />
      ) : (
        <Drawing
          {...props}
          pointedAt={shown?.at}
          isPointed={pointedAt !== undefined}
          onPoint={setPointedAt}
        />
      )}
      <p class="summary quiet">{summary}</p>
    </section>
  );
}

function formatValue(value: number | undefined, format: (value: number) => string): string {
  return value === undefined ? "–" : format(value);
}

/** `1 s` instead of `1.0 s`: the values on the axis are round. */
function formatTick(tick: number, format: (value: number) => string): string {
  return format(tick).replace(/\.0(?=\D|$)/, "");
}

function Drawing({
  points,
  spanMs,
  series,
  scale: kind,
  format,
  summary,
  pointedAt,
  isPointed,
  onPoint,
}: ChartProps & {
  readonly pointedAt: number | undefined;
  readonly isPointed: boolean;
  readonly onPoint: (at: number | undefined) => void;
}): JSX.Element {
  const element = useRef<SVGSVGElement>(null);
  const width = useWidth(element);
  const to = points.at(-1)?.at ?? 0;
  const from = to - spanMs;
  const values = points.flatMap((point) => series.flatMap(({ value }) => value(point) ?? []));
  const scale = kind === "log" ? logScale(values) : linearScale(values);
  const x = (at: number): number => LEFT + ((at - from) / spanMs) * (width - LEFT - RIGHT);
  const y = (value: number): number => TOP + (1 - scale.place(value)) * (HEIGHT - TOP - BOTTOM);
  return (
    <svg
      ref={element}
      class="drawing"
      role="img"
      aria-label={summary}
      height={HEIGHT}
      onPointerMove={(event: PointerEvent) => {
        const offset = event.clientX - (element.current?.getBoundingClientRect().left ?? 0);
        onPoint(from + ((offset - LEFT) / (width - LEFT - RIGHT)) * spanMs);
      }}
      onPointerLeave={() => onPoint(undefined)}
    >
      {width > 0 && (
        <>
          <Axes scale={scale} format={format} from={from} to={to} x={x} y={y} width={width} />
          {series.map(({ label, line, value }) => (
            <path key={label} class={`line ${line}`} d={pathOf(points, value, x, y, spanMs)} />
          ))}
          {isPointed && pointedAt !== undefined && (
            <path class="pointer-line" d={`M${x(pointedAt)} ${TOP}V${HEIGHT - BOTTOM}`} />
          )}
          {points.length === 0 && (
            <text class="axis-text" x={width / 2} y={HEIGHT / 2} text-anchor="middle">
              no figures yet
            </text>
          )}
        </>
      )}
    </svg>
  );
}

function Axes({
  scale,
  format,
  from,
  to,
  x,
  y,
  width,
}: {
  readonly scale: Scale;
  readonly format: (value: number) => string;
  readonly from: number;
  readonly to: number;
  readonly x: (at: number) => number;
  readonly y: (value: number) => number;
  readonly width: number;
}): JSX.Element {
  const times = to === 0 ? [] : timeTicks(from, to, Math.max(2, Math.floor(width / 90)));
  return (
    <g>
      {scale.ticks.map((tick) => (
        <g key={tick}>
          <path class="grid-line" d={`M${LEFT} ${y(tick)}H${width - RIGHT}`} />
          <text class="axis-text" x={LEFT - 8} y={y(tick) + 4} text-anchor="end">
            {formatTick(tick, format)}
          </text>
        </g>
      ))}
      {times.map((time) => (
        <text
          key={time}
          class="axis-text"
          x={Math.min(width - RIGHT - 16, Math.max(LEFT + 8, x(time)))}
          y={HEIGHT - 5}
          text-anchor="middle"
        >
          {formatMinute(time)}
        </text>
      ))}
    </g>
  );
}

/** Not every second has a value. The line has a gap where several are missing. */
function pathOf(
  points: readonly Point[],
  value: Series["value"],
  x: (at: number) => number,
  y: (value: number) => number,
  spanMs: number,
): string {
  const maxGap = spanMs / 30;
  let last: number | undefined;
  return points
    .flatMap((point) => {
      const each = value(point);
      if (each === undefined) return [];
      const isStart = last === undefined || point.at - last > maxGap;
      last = point.at;
      const place = `${x(point.at).toFixed(1)} ${y(each).toFixed(1)}`;
      // A point without neighbours is a dot.
      return [isStart ? `M${place}l0 0` : `L${place}`];
    })
    .join("");
}

function PointTable({ title, points, series, format }: ChartProps): JSX.Element {
  const step = Math.max(1, Math.ceil(points.length / TABLE_ROWS));
  const rows = points.toReversed().filter((_, index) => index % step === 0);
  return (
    <div class="chart-table" tabIndex={0} role="region" aria-label={`${title}: table`}>
      <table>
        <thead>
          <tr>
            <th scope="col">Time</th>
            {series.map(({ label }) => (
              <th key={label} scope="col">
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((point) => (
            <tr key={point.at}>
              <th scope="row">{formatClock(point.at, Date.now())}</th>
              {series.map(({ label, value }) => (
                <td key={label}>{formatValue(value(point), format)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function nearest(points: readonly Point[], at: number): Point | undefined {
  return points.reduce<Point | undefined>(
    (best, point) => (best !== undefined && Math.abs(best.at - at) <= Math.abs(point.at - at) ? best : point),
    undefined,
  );
}

function useWidth(element: { readonly current: Element | null }): number {
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const observed = element.current;
    if (observed === null) return undefined;
    const observer = new ResizeObserver(() => setWidth(Math.floor(observed.getBoundingClientRect().width)));
    observer.observe(observed);
    return () => observer.disconnect();
  }, [element]);
  return width;
}
