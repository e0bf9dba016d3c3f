import { randomFillSync } from "node:crypto";

/** A timer that is set. */
export interface Timer {
  /** Does nothing if the timer has fired or was cancelled. */
  cancel(): void;
  /** Sets whether the timer keeps the process running from now on. */
  setKeepAlive(yes: boolean): void;
}

/**
 * The only source of time, timers and randomness (protocol §2). Production code uses `systemClock`, the simulator a virtual
 * clock. All durations are in milliseconds.
 */
export interface Clock {
  /** Milliseconds since an arbitrary start. Never steps, but may stop while a virtual machine sleeps. */
  monotonic(): number;
  /** Milliseconds since 1970. May step forward and back. */
  wall(): number;
  /**
   * Calls `callback` once after `delayMs`. A delay above 2^31−1 is cut to that, so the callback must read the clock again.
   * If `keepAlive` is false, the timer alone does not keep the process running.
   */
  setTimer(delayMs: number, callback: () => void, keepAlive: boolean): Timer;
  /** Calls `callback` before the event loop continues, after the promise continuations that run now. */
  nextTick(callback: () => void): void;
  /** Calls `callback` after the event loop has read the data that is already in the sockets. */
  afterIo(callback: () => void): void;
  /** A random number of at least 0 and less than 1. */
  random(): number;
  /** 128 random bits as 32 hexadecimal digits. */
  randomToken(): string;
}

/** One moment, read from both clocks. */
export interface Instant {
  readonly monotonic: number;
  readonly wall: number;
}

export function takeInstant(clock: Clock): Instant {
  return { monotonic: clock.monotonic(), wall: clock.wall() };
}

/**
 * Milliseconds since `start`: the larger difference of the two clocks (protocol §2). The monotonic clock may stop while a
 * virtual machine sleeps, and the wall clock may step. The larger difference can end a lease early, but never late.
 */
export function elapsedMs(clock: Clock, start: Instant): number {
  return Math.max(clock.monotonic() - start.monotonic, clock.wall() - start.wall);
}

/** The longest delay that `setTimeout` supports. */
export const MAX_TIMER_MS = 2 ** 31 - 1;

const TOKEN_BYTES = 16;
const TOKENS_PER_DRAW = 256;

/** Draws random bytes for many tokens at once, because one system call costs more than a token. */
class TokenPool {
  readonly #bytes = Buffer.alloc(TOKEN_BYTES * TOKENS_PER_DRAW);
  #next = this.#bytes.length;

  take(): string {
    if (this.#next === this.#bytes.length) {
      randomFillSync(this.#bytes);
      this.#next = 0;
    }
    this.#next += TOKEN_BYTES;
    return this.#bytes.toString("hex", this.#next - TOKEN_BYTES, this.#next);
  }
}

const tokens = new TokenPool();

/** The functions of the platform when this module was loaded: the fake timers of a test must not stop the locks. */
const platform = {
  monotonic: performance.now.bind(performance),
  wall: Date.now,
  setTimeout: globalThis.setTimeout,
  clearTimeout: globalThis.clearTimeout,
  setImmediate: globalThis.setImmediate,
  nextTick: process.nextTick.bind(process),
};

export const systemClock: Clock = {
  monotonic: () => platform.monotonic(),
  wall: () => platform.wall(),
  setTimer(delayMs, callback, keepAlive) {
    const handle = platform.setTimeout(callback, Math.min(Math.max(delayMs, 0), MAX_TIMER_MS));
    if (!keepAlive) handle.unref();
    return {
      cancel: () => platform.clearTimeout(handle),
      setKeepAlive: (yes) => void (yes ? handle.ref() : handle.unref()),
    };
  },
  nextTick: (callback) => platform.nextTick(callback),
  afterIo: (callback) => void platform.setImmediate(callback),
  random: () => Math.random(),
  randomToken: () => tokens.take(),
};
