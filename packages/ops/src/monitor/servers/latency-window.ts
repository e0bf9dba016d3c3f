/** The latencies of the last 60 probes. */
const MAX_SAMPLES = 60;

export class LatencyWindow {
  readonly #samples: number[] = [];

  add(latencyMs: number): void {
    this.#samples.push(latencyMs);
    if (this.#samples.length > MAX_SAMPLES) this.#samples.shift();
  }

  /** How many of the latest probes took longer. */
  countAbove(limitMs: number): number {
    return this.#samples.filter((latencyMs) => latencyMs > limitMs).length;
  }

  /** `undefined` without samples. */
  quantile(part: number): number | undefined {
    const sorted = this.#samples.toSorted((a, b) => a - b);
    return sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)];
  }

  get median(): number | undefined {
    return this.quantile(0.5);
  }
}
