/**
 * The smallest of the values that is at least as large as `share` of them (nearest rank). `NaN` where there are none.
 *
 * @param share from 0 to 1: 0.5 is the median.
 */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const rank = Math.max(1, Math.ceil(share * sorted.length));
  return sorted[rank - 1] ?? Number.NaN;
}

export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}

/** How two series that were measured in turns compare. */
export interface Ratio {
  readonly ofMedians: number;
  /** The smallest and the largest ratio of one turn. */
  readonly least: number;
  readonly most: number;
}

/** Compares the medians of two series, pair by pair in the order measured. What the longer one has more is left out of the spread. */
export function ratioOfMedians(measured: readonly number[], baseline: readonly number[]): Ratio {
  const pairs = measured.slice(0, baseline.length);
  const ratios = pairs.map((value, index) => value / (baseline[index] ?? Number.NaN));
  return {
    ofMedians: median(measured) / median(baseline),
    least: percentile(ratios, 0),
    most: percentile(ratios, 1),
  };
}
