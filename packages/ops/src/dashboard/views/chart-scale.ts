/** Where values are drawn, and which of them get a line and a label. */
export interface Scale {
  readonly ticks: readonly number[];
  /** The share of the height, 0 at the bottom and 1 at the top. */
  readonly place: (value: number) => number;
}

/** From 0 to a round number above the largest value. */
export function linearScale(values: readonly number[]): Scale {
  const largest = Math.max(1, ...values);
  const step = niceStep(largest / 3);
  const top = Math.ceil(largest / step) * step;
  const ticks = Array.from({ length: Math.round(top / step) + 1 }, (_, index) => index * step);
  return { ticks, place: (value) => value / top };
}

/** In powers of ten, because waits lie between a millisecond and minutes. */
export function logScale(values: readonly number[]): Scale {
  const positive = values.filter((value) => value > 0);
  const low = Math.floor(Math.log10(Math.min(1, ...positive)) + 1e-9);
  const high = Math.max(low + 2, Math.ceil(Math.log10(Math.max(100, ...positive)) - 1e-9));
  const ticks = Array.from({ length: high - low + 1 }, (_, index) => 10 ** (low + index));
  return {
    ticks,
    place: (value) => Math.max(0, (Math.log10(Math.max(value, 10 ** low)) - low) / (high - low)),
  };
}

function niceStep(size: number): number {
  const power = 10 ** Math.floor(Math.log10(size));
  const factor = [1, 2, 5, 10].find((each) => each * power >= size) ?? 10;
  return Math.max(1, factor * power);
}

/** Times on the axis: whole minutes, so many that they do not touch. */
export function timeTicks(from: number, to: number, count: number): readonly number[] {
  const minute = 60_000;
  const steps = [1, 2, 5, 10, 15, 30, 60, 120].map((minutes) => minutes * minute);
  const step = steps.find((each) => (to - from) / each <= count) ?? 180 * minute;
  const first = Math.ceil(from / step) * step;
  return Array.from(
    { length: Math.max(0, Math.floor((to - first) / step) + 1) },
    (_, index) => first + index * step,
  );
}
