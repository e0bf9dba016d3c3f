import { randomFillSync } from "node:crypto";

/** A timer that was set and can be called off. Cancelling twice, or after it fired, does nothing. */
export interface Timer {
  cancel(): void;
  /** Whether it keeps the process running from now on. */
  keepAlive(yes: boolean): void;
}

/**
 * The only source of time, timers and randomness (protocol §2). Production code takes `systemClock`; the
 * simulator takes a virtual one. Everything is in milliseconds.
 */
export interface Clock {
  /** Milliseconds since an arbitrary start; never steps. May stand still while a virtual machine sleeps. */
  monotonic(): number;
  /** Milliseconds since 1970. May step in both directions. */
  wall(): number;
  /**
   * Calls back once after `delayMs`. Delays above 2^31−1 are cut to that: the caller looks at the time again.
   * With `keepAlive` false the timer alone does not keep the process running.
   */
  timer(delayMs: number, callback: () => void, keepAlive: boolean): Timer;
  /** Calls back before the event loop goes on: after the promise continuations that run now, where any do. */
  nextTick(callback: () => void): void;
  /** Calls back after what already lies in the sockets has been read. */
  afterIo(callback: () => void): void;
  /** A number in [0, 1). */
  random(): number;
  /** 128 random bits as 32 hexadecimal digits. */
  randomToken(): string;
}

/** A moment by both clocks, taken together. */
export interface Instant {
  readonly monotonic: number;
  readonly wall: number;
}

export function instant(clock: Clock): Instant {
  return { monotonic: clock.monotonic(), wall: clock.wall() };
}

/**
 * Milliseconds since `start`: the larger of the two clocks' differences (protocol §2). The monotonic clock
 * stops while a virtual machine sleeps and the wall clock may step; the larger only ever ends a lease early.
 */
export function elapsed(clock: Clock, start: Instant): number {
  return Math.max(clock.monotonic() - start.monotonic, clock.wall() - start.wall);
}

export const LONGEST_TIMER_MS = 2 ** 31 - 1;

const TOKEN_BYTES = 16;

/** Random bytes are drawn for 256 tokens at once: a system call for each would cost more than the token. */
class TokenPool {
  readonly #bytes = Buffer.alloc(TOKEN_BYTES * 256);
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

export const systemClock: Clock = {
  monotonic: () => performance.now(),
  wall: () => Date.now(),
  timer(delayMs, callback, keepAlive) {
    const handle = setTimeout(callback, Math.min(Math.max(delayMs, 0), LONGEST_TIMER_MS));
    if (!keepAlive) handle.unref();
    return {
      cancel: () => clearTimeout(handle),
      keepAlive: (yes) => void (yes ? handle.ref() : handle.unref()),
    };
  },
  nextTick: (callback) => process.nextTick(callback),
  afterIo: (callback) => void setImmediate(callback),
  random: () => Math.random(),
  randomToken: () => tokens.take(),
};
