import { performance } from "node:perf_hooks";
import type { Redlock } from "quorumlock";
import { measure, type Measurement } from "./measure.ts";

export interface BenchPlan {
  readonly forMs: number;
  readonly concurrency: number;
  readonly signal: AbortSignal;
}

/** Short enough that what an interruption leaves ends soon. */
const TTL_MS = 10_000;
const WAIT_MS = 30_000;

/**
 * Measures three things one after the other: a lock that nobody else wants, many locks at a time, and one lock that all callers want.
 * `onMeasured` gets each result as soon as it is there.
 */
export async function benchLocks(
  redlock: Redlock,
  { forMs, concurrency, signal }: BenchPlan,
  onMeasured: (measurement: Measurement) => void,
): Promise<readonly Measurement[]> {
  /** How long the acquisition took, without the release. */
  const acquireOnce = async (name: string): Promise<number> => {
    const startedAt = performance.now();
    const lock = await redlock.acquire(name, { ttl: TTL_MS, wait: WAIT_MS, signal, autoExtend: false });
    const tookMs = performance.now() - startedAt;
    await lock.release();
    return tookMs;
  };
  const parts = [
    { title: "one caller, a free lock", callers: 1, nameOf: () => "alone" },
    {
      title: `${concurrency} callers, a lock each`,
      callers: concurrency,
      nameOf: (caller: number) => `apart-${caller}`,
    },
    { title: `${concurrency} callers, one lock`, callers: concurrency, nameOf: () => "contended" },
  ];
  const results: Measurement[] = [];
  for (const { title, callers, nameOf } of parts) {
    if (signal.aborted) break;
    const options = { title, callers, forMs: forMs / parts.length, signal };
    const result = await measure(options, (caller) => acquireOnce(nameOf(caller)));
    results.push(result);
    onMeasured(result);
  }
  return results;
}
