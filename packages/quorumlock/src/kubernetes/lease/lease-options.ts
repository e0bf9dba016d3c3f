import { checkClock } from "../../base/options.ts";
import type { Clock } from "../../base/clock.ts";
import { checkWholeNumber } from "../../base/check-whole-number.ts";
import { refuseUnknownOptions } from "../../base/known-options.ts";
import {
  ACQUIRE_OPTIONS,
  type AcquireOptions,
  checkOptions,
  type ResolvedAcquireOptions,
  resolveAcquireOptions,
  type ResolvedOptions,
  resolveOptions,
} from "../../base/options.ts";

/** Options of a lease lock. Every duration is in milliseconds. */
export interface LeaseLockOptions {
  /**
   * How long a lock is valid if it is not extended, in ms. A whole number, at least 1_000, at most 2_592_000_000 (30 days). The
   * record has whole seconds, so other processes wait until the next whole second.
   * @default 15_000
   */
  readonly ttl?: number | undefined;
  /**
   * How long an acquisition waits, in ms. From 0 (one attempt) to `Infinity`. Only a wait above the ttl of the other holders is long
   * enough to take over from a process that died.
   * @default twice the ttl
   */
  readonly wait?: number | undefined;
  /** Whether a lock extends itself until it is released, each time when a third of its ttl has passed. @default true */
  readonly autoExtend?: boolean | undefined;
  /**
   * How much faster one clock may run than another: 0.01 is one percent. At least 0 and less than 0.5. Every lease of a holder is
   * shortened by `ttl` × `driftFactor` + 2 ms.
   * @default 0.01
   */
  readonly driftFactor?: number | undefined;
  /** How long the API server may take to answer a request, in ms. A finite number above 0. @default a fifth of `ttl`, but at most 5_000 */
  readonly requestTimeout?: number | undefined;
  /** A label in the token of every lock, so that errors and `kubectl get lease` show the holder. @default "host:pid" */
  readonly owner?: string | undefined;
  /**
   * How often a waiter reads the Lease, in ms, give or take a fifth. A whole number from 50 to 60_000. It is the cost of waiting, and the
   * longest time until a waiter notices a release.
   * @default 1_000
   */
  readonly pollInterval?: number | undefined;
  /** The source of time, timers and randomness. For tests. @default the clock and randomness of the system */
  readonly clock?: Clock | undefined;
}

const LEASE_OPTIONS: Readonly<Record<keyof LeaseLockOptions, true>> = {
  ttl: true,
  wait: true,
  autoExtend: true,
  driftFactor: true,
  requestTimeout: true,
  owner: true,
  pollInterval: true,
  clock: true,
};

/** The ttl of the leaders in Kubernetes itself. A request to the API server can take seconds while the server is busy. */
const DEFAULT_TTL_MS = 15_000;
const MIN_TTL_MS = 1_000;
const MAX_REQUEST_TIMEOUT_MS = 5_000;
const MIN_POLL_MS = 50;
const MAX_POLL_MS = 60_000;

/** The options of a lease lock, checked and complete. */
export interface ResolvedLeaseOptions extends ResolvedOptions {
  readonly pollMs: number;
}

export function resolveLeaseOptions(options: LeaseLockOptions = {}): ResolvedLeaseOptions {
  checkOptions(options);
  refuseUnknownOptions(options, LEASE_OPTIONS, { "`acquire`, `tryAcquire` and `using`": ACQUIRE_OPTIONS });
  const { pollInterval = 1_000, ...common } = options;
  const ttl = checkLeaseTtl(options.ttl ?? DEFAULT_TTL_MS);
  return {
    ...resolveOptions({
      ...common,
      clock: checkClock(options.clock),
      ttl,
      wait: options.wait ?? 2 * ttl,
      requestTimeout: options.requestTimeout ?? Math.min(MAX_REQUEST_TIMEOUT_MS, ttl / 5),
    }),
    pollMs: checkWholeNumber("pollInterval", pollInterval, MIN_POLL_MS, MAX_POLL_MS),
  };
}

export function resolveLeaseAcquireOptions(
  options: AcquireOptions | undefined,
  defaults: ResolvedLeaseOptions,
): ResolvedAcquireOptions {
  const resolved = resolveAcquireOptions(options, defaults);
  checkLeaseTtl(resolved.ttlMs);
  return resolved;
}

/** @throws RangeError if the record of a Lease cannot have the ttl. All other mistakes are found by the check of every ttl. */
export function checkLeaseTtl(ttl: number): number {
  if (typeof ttl === "number" && ttl < MIN_TTL_MS) {
    const seconds = ttl > 0 ? `; if seconds are meant, use ${ttl * 1_000}` : "";
    throw new RangeError(
      `ttl: ${ttl} ms must be at least ${MIN_TTL_MS}, because a Lease has whole seconds${seconds}`,
    );
  }
  return ttl;
}
