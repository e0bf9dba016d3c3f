/** Counts durations by the bounds that Prometheus has, exactly. */
export class FixedBuckets {
  readonly #boundsMs: readonly number[];
  /** One count for each bound, and one for longer durations. */
  readonly #counts: Float64Array;

  /** @param boundsMs ascending. A duration belongs to the first bound that is not below it. */
  constructor(boundsMs: readonly number[]) {
    this.#boundsMs = boundsMs;
    this.#counts = new Float64Array(boundsMs.length + 1);
  }

  record(ms: number): void {
    const bounds = this.#boundsMs;
    let index = 0;
    while (index < bounds.length && ms > bounds[index]!) index += 1;
    this.#counts[index]! += 1;
  }

  /** For each bound, how many durations do not exceed it. */
  cumulative(): readonly (readonly [boundMs: number, count: number])[] {
    let total = 0;
    return this.#boundsMs.map((bound, index) => [bound, (total += this.#counts[index]!)] as const);
  }
}
