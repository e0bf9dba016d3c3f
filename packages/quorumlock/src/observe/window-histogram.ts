import { Histogram } from "./histogram.ts";

/** How long one histogram of the ring lasts, in ms. */
const SLOT_MS = 60_000;
/** 15 minutes, and the present one. */
const SLOTS = 16;

/**
 * Durations of the latest 15 minutes: a ring of histograms of one minute each. A window contains the present minute and the whole
 * minutes before it, so it is up to one minute longer than its name. A minute without durations keeps nothing.
 */
export class WindowHistogram {
  readonly #slots: (Histogram | undefined)[] = Array.from({ length: SLOTS });
  #latest: number;

  constructor(nowMs: number) {
    this.#latest = Math.floor(nowMs / SLOT_MS);
  }

  record(nowMs: number, ms: number): void {
    this.#moveTo(nowMs);
    (this.#slots[this.#latest % SLOTS] ??= new Histogram()).record(ms);
  }

  /** Adds the durations of the latest `windowMs` to `target`. */
  addTo(target: Histogram, nowMs: number, windowMs: number): void {
    this.#moveTo(nowMs);
    for (let age = 0; age <= windowMs / SLOT_MS && age <= this.#latest; age += 1) {
      const slot = this.#slots[(this.#latest - age) % SLOTS];
      if (slot !== undefined) target.add(slot);
    }
  }

  /** How many numbers it keeps now. */
  get size(): number {
    return this.#slots.reduce((total, slot) => total + (slot?.size ?? 0), 0);
  }

  #moveTo(nowMs: number): void {
    const slot = Math.floor(nowMs / SLOT_MS);
    const steps = Math.min(SLOTS, slot - this.#latest);
    for (let step = 1; step <= steps; step += 1) this.#slots[(slot - steps + step) % SLOTS] = undefined;
    if (slot > this.#latest) this.#latest = slot;
  }
}
