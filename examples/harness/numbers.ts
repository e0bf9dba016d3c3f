/** 1234567 → "1,234,567" */
export function count(value: number): string {
  return Math.round(value).toLocaleString("en-US");
}

/** "1 job", "2,000 jobs" */
export function plural(value: number, noun: string): string {
  return `${count(value)} ${noun}${value === 1 ? "" : "s"}`;
}

/** "3.4 ms" below 10 ms, "1,502 ms" above; "none" if there is no value. */
export function milliseconds(value: number | undefined): string {
  if (value === undefined) return "none";
  return value < 10 ? `${value.toFixed(1)} ms` : `${count(value)} ms`;
}

/** "12.3 s" */
export function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}

/**
 * The smallest value that is at least as large as this share of the values (nearest rank).
 * Returns `undefined` if there are no values.
 */
export function percentile(values: readonly number[], share: number): number | undefined {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
}
