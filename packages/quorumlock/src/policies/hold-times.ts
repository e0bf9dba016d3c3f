import { quantile } from "../base/quantile.ts";

/** The multiplier of the recommendation, for a process that is slower than usual. */
const SAFETY_FACTOR = 3;
/** The recommendation is at most this many times the base. */
export const MAX_FACTOR = 10;
/** With fewer holds, the recommendation is the base. */
const MIN_SAMPLES = 10;
/** How many holds of a class are kept. Older ones are dropped. */
const MAX_SAMPLES = 100;

/** No hold is longer than the longest ttl, 30 days, except one that extends itself. */
const MAX_SUMMARY_MS = 30 * 86_400_000;
/** How many numbers a summary has. */
const SUMMARY_SIZE = 20;

/** The hold times of one class, the newest ones. */
export class HoldTimes {
  /** In ms, oldest first. */
  readonly #samples: number[] = [];
  /** A summary of hold times of other processes. It counts until there are enough samples of this process. */
  others: readonly number[] = [];
  /** The ttl until there are enough samples, and the smallest one after that. */
  baseMs: number;

  constructor(baseMs: number) {
    this.baseMs = baseMs;
  }

  get size(): number {
    return this.#samples.length;
  }

  record(heldMs: number): void {
    this.#samples.push(heldMs);
    if (this.#samples.length > MAX_SAMPLES) this.#samples.shift();
  }

  /** (p95 + 2 σ) × 3, from `baseMs` to 10 × `baseMs`, in whole milliseconds. `baseMs` if fewer than 10 hold times are known. */
  get recommendedTtlMs(): number {
    const { baseMs } = this;
    const samples = [...this.others, ...this.#samples].slice(-MAX_SAMPLES);
    if (samples.length < MIN_SAMPLES) return baseMs;
    const ttlMs = HoldTimes.needMs(samples) * SAFETY_FACTOR;
    return Math.trunc(Math.max(baseMs, Math.min(ttlMs, baseMs * MAX_FACTOR)));
  }

  /** Whether the base is recommended only because too little is known. */
  get isBlind(): boolean {
    return this.others.length + this.size < MIN_SAMPLES;
  }

  /** 20 numbers in place of the samples of this process, in whole ms. `undefined` if there are fewer than 10 samples. */
  summary(): readonly number[] | undefined {
    if (this.size < MIN_SAMPLES) return undefined;
    return Array.from({ length: SUMMARY_SIZE }, (_, index) =>
      Math.min(MAX_SUMMARY_MS, Math.round(quantile(this.#samples, (index + 0.5) / SUMMARY_SIZE)!)),
    );
  }

  get meanMs(): number {
    return mean(this.#samples);
  }

  get medianMs(): number {
    const sorted = this.#sorted();
    const middle = (sorted.length - 1) / 2;
    return (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle)]!) / 2;
  }

  get minMs(): number {
    return Math.min(...this.#samples);
  }

  get maxMs(): number {
    return Math.max(...this.#samples);
  }

  /** p95 + 2 σ. The divisor of the variance is the number of samples minus 1. */
  static needMs(samples: readonly number[]): number {
    const meanMs = mean(samples);
    const squares = samples.map((sample) => (sample - meanMs) ** 2);
    return quantile(samples, 0.95)! + 2 * Math.sqrt(sum(squares) / (samples.length - 1));
  }

  #sorted(): readonly number[] {
    return this.#samples.toSorted((a, b) => a - b);
  }
}

function mean(numbers: readonly number[]): number {
  return sum(numbers) / numbers.length;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
