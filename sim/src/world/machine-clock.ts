import type { Time } from "./time.ts";

/** 1 January 2026, so that simulated wall times look like real ones. */
export const EPOCH_MS = 1_767_225_600_000;

export interface ClockTraits {
  /** The speed of the clock: 1.005 gains five milliseconds in a second. */
  readonly rate: number;
  /** The error of its wall time at the start, in ms. */
  readonly offsetMs: number;
}

/** The clock of one machine. It runs at its own rate, and its wall time can be stepped. */
export class MachineClock {
  readonly #time: Time;
  readonly rate: number;
  #wallOffset: number;
  /** By how much the monotonic clock is behind, because the machine slept. */
  #sleptMs = 0;

  constructor(time: Time, { rate, offsetMs }: ClockTraits) {
    this.#time = time;
    this.rate = rate;
    this.#wallOffset = EPOCH_MS + offsetMs;
  }

  monotonic(): number {
    return this.#time.now * this.rate - this.#sleptMs;
  }

  /** The machine has slept for `ms` of real time. Its monotonic clock stood still meanwhile, as that of Linux does. */
  sleep(ms: number): void {
    this.#sleptMs += ms * this.rate;
  }

  wall(): number {
    return this.#time.now * this.rate + this.#wallOffset;
  }

  stepWall(ms: number): void {
    this.#wallOffset += ms;
  }

  /** The moment of real time at which `ms` have passed on this clock. */
  after(ms: number): number {
    return this.#time.now + Math.max(0, ms) / this.rate;
  }
}
