/** The sample below which the share `q` of all samples lies; the largest one for `q` near 1. `undefined` without samples. */
export function quantile(samples: readonly number[], q: number): number | undefined {
  return samples.toSorted((a, b) => a - b)[Math.min(samples.length - 1, Math.floor(samples.length * q))];
}
