const DELAYS_MS = [1_000, 2_000, 5_000, 10_000];
/** Many browsers lose one monitor at the same moment. They must not come back at the same moment. */
const JITTER = 0.2;

/** How long to wait before the try after `failures` failures, 1 or more. `random` is at least 0 and below 1. */
export function retryDelayMs(failures: number, random: number): number {
  const delay = DELAYS_MS[Math.min(failures, DELAYS_MS.length) - 1] ?? 0;
  return Math.round(delay * (1 - JITTER + 2 * JITTER * random));
}
