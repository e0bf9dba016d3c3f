import type { LockError } from "../base/errors.ts";
import { refuseUnknownOptions } from "../base/known-options.ts";
import { checkOptions } from "../base/options.ts";
import { checkNumber } from "./check-number.ts";

/** What a retry strategy may know besides the attempt and the error. */
export interface RetryState {
  /** A random number of at least 0 and less than 1, from the clock of the client. */
  readonly random: () => number;
  /** The pause before the last acquisition, in ms. `undefined` before the first pause. */
  readonly previousMs: number | undefined;
  /** Time since the call, in ms. */
  readonly elapsedMs: number;
}

/**
 * Decides how long to pause after an acquisition that failed, in ms. `attempt` is the number of acquisitions that have failed so far, from
 * 1. Returns `null` to stop: then the call throws `error`.
 */
export type RetryStrategy = (attempt: number, error: LockError, state: RetryState) => number | null;

/** Options of `exponential`. */
export interface ExponentialOptions {
  /** The first pause, in ms. At least 0. @default 100 */
  readonly base?: number | undefined;
  /** The longest pause without jitter, in ms. At least `base`. @default 10_000 */
  readonly max?: number | undefined;
  /** Each pause is the one before times this number. At least 1. @default 2 */
  readonly factor?: number | undefined;
  /** The largest random addition, as a part of the pause: 0.3 adds up to 30 percent. From 0 to 1. @default 0.3 */
  readonly jitter?: number | undefined;
}

/** Options of `linear`. */
export interface LinearOptions {
  /** The first pause, and by how much each later one is longer, in ms. At least 0. @default 500 */
  readonly increment?: number | undefined;
  /** The longest pause without jitter, in ms. At least `increment`. @default 10_000 */
  readonly max?: number | undefined;
  /** The largest random addition, in ms. At least 0. @default 100 */
  readonly jitter?: number | undefined;
}

/** Options of `fullJitter` and `decorrelatedJitter`. */
export interface JitterOptions {
  /** The unit of the pauses, in ms. At least 0. @default 100 */
  readonly base?: number | undefined;
  /** The longest pause, in ms. At least `base`. @default 10_000 */
  readonly max?: number | undefined;
}

/**
 * Pauses of `base`, `base` × `factor`, `base` × `factor`² …, up to `max`, each with a random addition. Use it if you do not know better.
 * @throws TypeError, RangeError for bad options, with the field and the value.
 */
export function exponential(options: ExponentialOptions = {}): RetryStrategy {
  checkKnown(options, { base: true, max: true, factor: true, jitter: true });
  const [base, max] = checkLimits("base", options.base ?? 100, options.max);
  const factor = checkNumber("factor", options.factor ?? 2, 1);
  const jitter = checkNumber("jitter", options.jitter ?? 0.3, 0, 1);
  return (attempt, _error, { random }) => {
    const delayMs = powerOf(base, factor, attempt, max);
    return delayMs + delayMs * jitter * random();
  };
}

/**
 * Pauses of `increment`, 2 × `increment`, 3 × `increment` …, up to `max`, each with a random addition.
 * @throws TypeError, RangeError for bad options, with the field and the value.
 */
export function linear(options: LinearOptions = {}): RetryStrategy {
  checkKnown(options, { increment: true, max: true, jitter: true });
  const [increment, max] = checkLimits("increment", options.increment ?? 500, options.max);
  const jitter = checkNumber("jitter", options.jitter ?? 100, 0);
  return (attempt, _error, { random }) => Math.min(increment * attempt, max) + jitter * random();
}

/**
 * The same pause each time. Several callers that failed together come back together, so it is for one caller only.
 * @param delayMs the pause, in ms. At least 0.
 * @throws TypeError, RangeError for a bad number.
 */
export function constant(delayMs: number): RetryStrategy {
  checkNumber("delayMs", delayMs, 0);
  return () => delayMs;
}

/**
 * A random pause from 0 to `base` × 2 ^ (attempt − 1), at most `max`. It spreads many callers best, and some of them pause hardly at
 * all.
 * @throws TypeError, RangeError for bad options, with the field and the value.
 */
export function fullJitter(options: JitterOptions = {}): RetryStrategy {
  checkKnown(options, { base: true, max: true });
  const [base, max] = checkLimits("base", options.base ?? 100, options.max);
  return (attempt, _error, { random }) => powerOf(base, 2, attempt, max) * random();
}

/**
 * A random pause from `base` to three times the pause before, at most `max`. It spreads many callers, and none comes back sooner than
 * `base`.
 * @throws TypeError, RangeError for bad options, with the field and the value.
 */
export function decorrelatedJitter(options: JitterOptions = {}): RetryStrategy {
  checkKnown(options, { base: true, max: true });
  const [base, max] = checkLimits("base", options.base ?? 100, options.max);
  return (_attempt, _error, { random, previousMs = base }) =>
    Math.min(max, base + random() * Math.max(0, 3 * previousMs - base));
}

const DEFAULT_MAX_MS = 10_000;

/** A first pause above the default maximum is its own maximum. */
function checkLimits(field: string, first: number, max: number | undefined): readonly [number, number] {
  checkNumber(field, first, 0);
  return [first, checkNumber("max", max ?? Math.max(DEFAULT_MAX_MS, first), first)];
}

/** base × factor ^ (attempt − 1), at most `max`. The power of a late attempt may be Infinity, and 0 × Infinity is no number. */
function powerOf(base: number, factor: number, attempt: number, max: number): number {
  return base === 0 ? 0 : Math.min(base * factor ** (attempt - 1), max);
}

function checkKnown(options: object, known: Readonly<Record<string, true>>): void {
  checkOptions(options);
  refuseUnknownOptions(options, known);
}
