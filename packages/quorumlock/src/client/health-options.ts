import { MAX_TIMER_MS } from "../base/clock.ts";
import { refuseUnknownOptions } from "../base/known-options.ts";
import { checkOptions, type MutexRedlockOptions } from "../base/options.ts";
import { formatValue } from "../base/check-value.ts";
import type { InstanceSource } from "../instances/sources.ts";

/** An instance that has not answered for a while, as the resolver gets it. */
export interface SilentInstance {
  /** Its label in errors and events. It stays the same when the instance is moved. */
  readonly instance: string;
  /** Where the client looks for it now, usually `host:port`. */
  readonly address: string;
  /** How long it has not answered, in ms. */
  readonly silentMs: number;
  /** Aborts when the call has ended: with its result, after `resolveTimeout`, or when the client closes. */
  readonly signal: AbortSignal;
}

/**
 * Returns where the server of an instance is now: a URL, or a client. A client stays open, and the user closes it. `undefined`: at the
 * place of the configuration.
 */
export type InstanceResolver = (
  instance: SilentInstance,
) => InstanceSource | undefined | Promise<InstanceSource | undefined>;

/** Options of the background checks. Every duration is in milliseconds. */
export interface HealthOptions {
  /**
   * Maximum time between two checks, in ms. From 100 to 2_147_483_647. A check is one small request to each instance, and a second one
   * to an instance with `appendonly yes` (docs/health.md).
   * @default 10_000
   */
  readonly interval?: number | undefined;
  /**
   * How much earlier a check may come, as a part of `interval`, so that the clients of a fleet do not check at one moment. From 0 to
   * 0.9.
   * @default 0.1
   */
  readonly jitter?: number | undefined;
  /**
   * Returns where an instance is that has not answered for `resolveAfter` (docs/health.md).
   * @default none: an instance stays at its address
   */
  readonly resolver?: InstanceResolver | undefined;
  /**
   * How long an instance must not have answered before the resolver is called, in ms. A finite number of at least 0.
   * @default `interval`
   */
  readonly resolveAfter?: number | undefined;
  /** How long the resolver may take, in ms. From 1 to 2_147_483_647. @default 5_000 */
  readonly resolveTimeout?: number | undefined;
}

/** Options of a client. Every duration is in milliseconds. */
export interface RedlockOptions extends MutexRedlockOptions {
  /**
   * Background checks of the instances, which find out what `health()` reports before a caller needs it, and emit events
   * (docs/health.md). Nothing is sent while the client is not used. `{}` for all defaults.
   * @default none: no background checks
   */
  readonly health?: HealthOptions | undefined;
}

/** The options of the background checks, checked and complete. */
export interface ResolvedHealthOptions {
  readonly intervalMs: number;
  readonly jitter: number;
  readonly resolver: InstanceResolver | undefined;
  readonly resolveAfterMs: number;
  readonly resolveTimeoutMs: number;
}

const MIN_INTERVAL_MS = 100;
const MAX_JITTER = 0.9;
const HEALTH_OPTIONS: Readonly<Record<keyof HealthOptions, true>> = {
  interval: true,
  jitter: true,
  resolver: true,
  resolveAfter: true,
  resolveTimeout: true,
};

/** @throws TypeError, RangeError with the field and the value. */
export function resolveHealthOptions(options: HealthOptions): ResolvedHealthOptions {
  if (typeof options !== "object" || options === null)
    throw new TypeError(`health: ${formatValue(options)} must be an object; use {} for the defaults`);
  checkOptions(options);
  refuseUnknownOptions(options, HEALTH_OPTIONS);
  const { interval = 10_000, jitter = 0.1, resolver, resolveTimeout = 5_000 } = options;
  const { resolveAfter = interval } = options;
  if (resolver !== undefined && typeof resolver !== "function")
    throw new TypeError(`health.resolver: ${formatValue(resolver)} must be a function`);
  return {
    intervalMs: checkNumber("interval", interval, MIN_INTERVAL_MS, MAX_TIMER_MS),
    jitter: checkNumber("jitter", jitter, 0, MAX_JITTER),
    resolver,
    resolveAfterMs: checkNumber("resolveAfter", resolveAfter, 0, Number.MAX_VALUE),
    resolveTimeoutMs: checkNumber("resolveTimeout", resolveTimeout, 1, MAX_TIMER_MS),
  };
}

function checkNumber(field: keyof HealthOptions, value: number, min: number, max: number): number {
  if (typeof value !== "number")
    throw new TypeError(`health.${field}: ${formatValue(value)} must be a number`);
  if (value >= min && value <= max) return value;
  const upper = max === Number.MAX_VALUE ? ", and finite" : ` and at most ${max}`;
  throw new RangeError(`health.${field}: ${value} must be a number of at least ${min}${upper}`);
}
