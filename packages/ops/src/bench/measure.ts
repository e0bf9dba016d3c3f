import { performance } from "node:perf_hooks";

/** How long the operations of one measurement took. */
export interface Measurement {
  readonly title: string;
  readonly operations: number;
  /** Attempts that failed, for example without a quorum. */
  readonly failures: number;
  readonly perSecond: number;
  readonly p50Ms: number | undefined;
  readonly p99Ms: number | undefined;
  readonly maxMs: number | undefined;
}

/** One operation. It returns how long it took, so that it can leave out a part, such as the release. */
export type Operation = (caller: number) => Promise<number>;

export interface MeasureOptions {
  readonly title: string;
  readonly callers: number;
  readonly forMs: number;
  readonly signal: AbortSignal;
}

/** A caller whose operation fails pauses, so that servers that are away are not asked without end. */
const PAUSE_AFTER_FAILURE_MS = 100;
/** Percentiles are taken from so many operations at most, each with the same chance to be one of them. */
const MAX_SAMPLES = 100_000;

/** Lets callers run the operation again and again, each after its former one. The first of each caller is not counted. */
export async function measure(
  { title, callers, forMs, signal }: MeasureOptions,
  operation: Operation,
): Promise<Measurement> {
  const samples = new Samples(MAX_SAMPLES);
  let failures = 0;
  // It opens what the first use opens: connections, and the script on the servers.
  await Promise.all(Array.from({ length: callers }, (_, caller) => operation(caller).catch(() => undefined)));
  const startedAt = performance.now();
  const isOver = (): boolean => signal.aborted || performance.now() - startedAt >= forMs;
  const run = async (caller: number): Promise<void> => {
    while (!isOver()) {
      try {
        samples.add(await operation(caller));
      } catch {
        failures += 1;
        await new Promise((resolve) => setTimeout(resolve, PAUSE_AFTER_FAILURE_MS));
      }
    }
  };
  await Promise.all(Array.from({ length: callers }, (_, caller) => run(caller)));
  const seconds = (performance.now() - startedAt) / 1_000;
  const sorted = samples.sorted();
  return {
    title,
    operations: samples.count,
    failures,
    perSecond: samples.count / seconds,
    p50Ms: quantile(sorted, 0.5),
    p99Ms: quantile(sorted, 0.99),
    maxMs: samples.count === 0 ? undefined : samples.max,
  };
}

/** A uniform sample of all values (reservoir sampling, Vitter 1985, algorithm R), and their maximum. */
class Samples {
  count = 0;
  max = 0;
  readonly #values: number[] = [];
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  add(value: number): void {
    this.count += 1;
    this.max = Math.max(this.max, value);
    if (this.#values.length < this.#limit) {
      this.#values.push(value);
      return;
    }
    const place = Math.floor(Math.random() * this.count);
    if (place < this.#limit) this.#values[place] = value;
  }

  sorted(): readonly number[] {
    return this.#values.toSorted((a, b) => a - b);
  }
}

/** The smallest value that is not below this share of all. `undefined` without values. */
export function quantile(sorted: readonly number[], share: number): number | undefined {
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)];
}
