import type { Point } from "../api.ts";

/** A range of the charts: how many points, and seconds per point. */
interface Range {
  readonly count: number;
  readonly stepS: number;
}

const RANGES = {
  "5m": { count: 300, stepS: 1 },
  "1h": { count: 240, stepS: 15 },
  "6h": { count: 360, stepS: 60 },
} as const satisfies Record<string, Range>;

export type RangeName = keyof typeof RANGES;

export function isRangeName(text: string): text is RangeName {
  return Object.hasOwn(RANGES, text);
}

/** The points of the charts, in three resolutions. */
export class Points {
  readonly #rings: Readonly<Record<RangeName, PointRing>> = {
    "5m": new PointRing(RANGES["5m"]),
    "1h": new PointRing(RANGES["1h"]),
    "6h": new PointRing(RANGES["6h"]),
  };

  /** Adds the point of one second. */
  add(point: Point): void {
    for (const ring of Object.values(this.#rings)) ring.add(point);
  }

  of(range: RangeName): readonly Point[] {
    return this.#rings[range].points;
  }
}

class PointRing {
  readonly #range: Range;
  #points: Point[] = [];
  /** Points of seconds that will become one point. */
  #gathered: Point[] = [];

  constructor(range: Range) {
    this.#range = range;
  }

  get points(): readonly Point[] {
    return this.#points;
  }

  add(point: Point): void {
    this.#gathered.push(point);
    if (this.#gathered.length < this.#range.stepS) return;
    this.#points.push(joined(this.#gathered));
    this.#gathered = [];
    if (this.#points.length > this.#range.count) this.#points = this.#points.slice(-this.#range.count);
  }
}

/** One point for several: mean rates, and the worst waits. */
function joined(points: readonly Point[]): Point {
  const mean = (read: (point: Point) => number): number =>
    points.reduce((sum, point) => sum + read(point), 0) / points.length;
  const worst = (read: (point: Point) => number | undefined): number | undefined => {
    const known = points.flatMap((point) => read(point) ?? []);
    return known.length === 0 ? undefined : Math.max(...known);
  };
  return {
    at: points.at(-1)?.at ?? 0,
    grantedPerS: mean(({ grantedPerS }) => grantedPerS),
    timedOutPerS: mean(({ timedOutPerS }) => timedOutPerS),
    noQuorumPerS: mean(({ noQuorumPerS }) => noQuorumPerS),
    waitP50Ms: worst(({ waitP50Ms }) => waitP50Ms),
    waitP95Ms: worst(({ waitP95Ms }) => waitP95Ms),
    waitP99Ms: worst(({ waitP99Ms }) => waitP99Ms),
  };
}
