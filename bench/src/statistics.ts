/**
 * The smallest of the values that is at least as large as `share` of them (nearest rank). `NaN` where there are none.
 *
 * @param share from 0 to 1.
 */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const rank = Math.max(1, Math.ceil(share * sorted.length));
  return sorted[rank - 1] ?? Number.NaN;
}

/** The middle one, or half-way between the two in the middle. `NaN` where there are none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const [below, above] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
  return below === undefined || above === undefined ? Number.NaN : (below + above) / 2;
}

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** How two series that were measured in turns compare. `NaN` where nothing was measured. */
export interface Ratio {
  /** Of the ratios of single rounds. */
  readonly median: number;
  readonly p25: number;
  readonly p75: number;
}

/**
 * Compares two series pair by pair: what was measured in the same round was disturbed alike. Rounds in which one of them has
 * nothing (`NaN`) are left out, and so is what the longer one has more.
 */
export function compareTurns(measured: readonly number[], baseline: readonly number[]): Ratio {
  const ratios = measured
    .slice(0, baseline.length)
    .map((value, index) => value / (baseline[index] ?? Number.NaN))
    .filter((ratio) => Number.isFinite(ratio));
  return { median: median(ratios), p25: percentile(ratios, 0.25), p75: percentile(ratios, 0.75) };
}

/**
 * Jain's index of fairness: 1 where all shares are equal, 1/n where one of n has everything. `NaN` where nobody has
 * anything. (R. Jain, D. Chiu, W. Hawe, "A Quantitative Measure of Fairness", 1984.)
 */
export function jain(shares: readonly number[]): number {
  const total = sum(shares);
  const squares = sum(shares.map((share) => share * share));
  return (total * total) / (shares.length * squares);
}
