/**
 * The smallest value that is at least as large as `share` of all values (nearest rank). `NaN` if there are no values.
 *
 * @param share from 0 to 1.
 */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const rank = Math.max(1, Math.ceil(share * sorted.length));
  return sorted[rank - 1] ?? Number.NaN;
}

/** The middle value, or the mean of the two middle values. `NaN` if there are no values. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const [below, above] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
  return below === undefined || above === undefined ? Number.NaN : (below + above) / 2;
}

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** The ratio of two series that were measured in turns. `NaN` if nothing was measured. */
export interface Ratio {
  /** The median of the ratios of all rounds. */
  readonly median: number;
  readonly p25: number;
  readonly p75: number;
}

/**
 * Compares two series round by round, because a disturbance of the machine affects both values of a round. Rounds in which a value
 * is missing or `NaN` are left out.
 */
export function compareTurns(measured: readonly number[], baseline: readonly number[]): Ratio {
  const ratios = measured
    .slice(0, baseline.length)
    .map((value, index) => value / (baseline[index] ?? Number.NaN))
    .filter((ratio) => Number.isFinite(ratio));
  return { median: median(ratios), p25: percentile(ratios, 0.25), p75: percentile(ratios, 0.75) };
}

/**
 * Jain's index of fairness: 1 if all shares are equal, 1/n if one of n has everything. `NaN` if all shares are 0.
 * (R. Jain, D. Chiu, W. Hawe, "A Quantitative Measure of Fairness", 1984.)
 */
export function jain(shares: readonly number[]): number {
  const total = sum(shares);
  const squares = sum(shares.map((share) => share * share));
  return (total * total) / (shares.length * squares);
}
