import type { Clock } from "../base/clock.ts";

const MIN_PAUSE_MS = 20;
const MAX_PAUSE_MS = 1_000;

/** Pauses that double, with jitter, so that processes that ask at the same time do not do so again. */
export class Pauses {
  readonly #clock: Clock;
  #count = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The length of the next pause, in ms. */
  next(): number {
    const longestMs = Math.min(MAX_PAUSE_MS, MIN_PAUSE_MS * 2 ** this.#count);
    this.#count += 1;
    return longestMs * (0.5 + this.#clock.random() / 2);
  }
}
