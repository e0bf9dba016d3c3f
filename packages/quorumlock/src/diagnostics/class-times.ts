import { quantile } from "../base/quantile.ts";

/** Maximum number of classes. The one that was not used for the longest time is forgotten. */
const MAX_CLASSES = 200;
/** How many holds of a class are kept, the latest ones. */
const MAX_SAMPLES = 100;
/** With fewer holds, nothing is known about a class. */
const MIN_SAMPLES = 20;

/** How long locks were held, by the class of their names. */
export class ClassTimes {
  readonly #samples = new Map<string, number[]>();

  record(resource: string, heldMs: number): void {
    const samples = this.#samples.get(resource) ?? [];
    samples.push(heldMs);
    if (samples.length > MAX_SAMPLES) samples.shift();
    this.#samples.delete(resource);
    this.#samples.set(resource, samples);
    const [oldest] = this.#samples.keys();
    if (this.#samples.size > MAX_CLASSES && oldest !== undefined) this.#samples.delete(oldest);
  }

  /** The time within which 99 of 100 holds ended. `undefined` with fewer than 20 holds. */
  p99Ms(resource: string): number | undefined {
    const samples = this.#samples.get(resource);
    return samples === undefined || samples.length < MIN_SAMPLES ? undefined : quantile(samples, 0.99);
  }
}
