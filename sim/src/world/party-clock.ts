import type { Time } from "./time.ts";

/** 1 January 2026, so that wall times look like wall times. */
const EPOCH_MS = 1_767_225_600_000;

export interface ClockTraits {
  /** How fast it runs: 1.005 gains five milliseconds in a second. */
  readonly rate: number;
  /** How far its wall time is off, in ms. */
  readonly offsetMs: number;
}

/** The clock of one machine: it runs at its own rate, and its wall time can be stepped. */
export class PartyClock {
  readonly #time: Time;
  readonly rate: number;
  #wallOffset: number;

  constructor(time: Time, { rate, offsetMs }: ClockTraits) {
    this.#time = time;
    this.rate = rate;
    this.#wallOffset = EPOCH_MS + offsetMs;
  }

  monotonic(): number {
    return this.#time.now * this.rate;
  }

  wall(): number {
    return this.#time.now * this.rate + this.#wallOffset;
  }

  stepWall(ms: number): void {
    this.#wallOffset += ms;
  }

  /** The moment of real time that is `ms` of this clock from now. */
  after(ms: number): number {
    return this.#time.now + Math.max(0, ms) / this.rate;
  }
}
