const MAX_SAMPLES = 20;
/** A call without names takes as long as one with so many more. */
const FIXED_NAMES = 5;
/** Before the first measurement. */
const ASSUMED_MS = 0.1;

/** Estimates how long a server works for a call, from the fastest of the latest calls: the slower ones have waited for something. */
export class CallCost {
  #perName: number[] = [];
  readonly #serverPart: number;

  /** `serverPart`: the part of a call in which one server works, at most. */
  constructor(serverPart: number) {
    this.#serverPart = serverPart;
  }

  record(tookMs: number, names: number): void {
    this.#perName.push(tookMs / (names + FIXED_NAMES));
    if (this.#perName.length > MAX_SAMPLES) this.#perName.shift();
  }

  serverMs(names: number): number {
    const fastest = this.#perName.length === 0 ? ASSUMED_MS : Math.min(...this.#perName);
    return fastest * (names + FIXED_NAMES) * this.#serverPart;
  }
}
