import { quantile } from "../base/quantile.ts";

/** The multiplier of the recommendation, for a process that is slower than usual. */
const SAFETY_FACTOR = 3;
/** The recommendation is at most this many times the base. */
export const MAX_FACTOR = 10;
/** With fewer holds, the recommendation is the base. */
const MIN_SAMPLES = 10;
/** How many holds of a class are kept. Older ones are dropped. */
const MAX_SAMPLES = 100;

/** The hold times of one class, the newest ones. */
export class HoldTimes {
  /** In ms, oldest first. */
  readonly #samples: number[] = [];
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

  /** (p95 + 2 σ) × 3, from `baseMs` to 10 × `baseMs`, in whole milliseconds. `baseMs` if there are fewer than 10 samples. */
  get recommendedTtlMs(): number {
    const { baseMs } = this;
    if (this.size < MIN_SAMPLES) return baseMs;
    const p95 = quantile(this.#samples, 0.95)!;
    const ttlMs = (p95 + 2 * this.#deviation()) * SAFETY_FACTOR;
    return Math.trunc(Math.max(baseMs, Math.min(ttlMs, baseMs * MAX_FACTOR)));
  }

  get meanMs(): number {
    return sum(this.#samples) / this.size;
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

  /** The standard deviation of a sample: the divisor is the number of samples minus 1. */
  #deviation(): number {
    const { meanMs } = this;
    const squares = this.#samples.map((sample) => (sample - meanMs) ** 2);
    return Math.sqrt(sum(squares) / (this.size - 1));
  }

  #sorted(): readonly number[] {
    return this.#samples.toSorted((a, b) => a - b);
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
