/** How many response times are kept. More would adapt later to a server that has become slower. */
const SAMPLES = 128;

/** The latest response times of one server, in ms. Each reply adds one, so adding is cheap and reading is not. */
export class ResponseTimes {
  readonly #samples = new Float64Array(SAMPLES);
  #count = 0;

  add(ms: number): void {
    this.#samples[this.#count % SAMPLES] = ms;
    this.#count += 1;
  }

  /** The time within which 99 % of the kept responses came, without the slowest, in ms. 0 if there are too few. */
  get p99(): number {
    const sorted = this.#samples.slice(0, Math.min(this.#count, SAMPLES)).toSorted();
    return sorted[Math.floor(0.99 * sorted.length) - 1] ?? 0;
  }
}
