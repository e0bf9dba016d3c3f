import { ORIGIN, originOf } from "../acquiring/origin.ts";
import type { LockError } from "../base/errors.ts";
import type { Lockable } from "../lockable.ts";

/**
 * Whether the servers of a tier can be reached, as far as this process knows. All lockables of one client share it, so that the first
 * failure is enough for all of them.
 *
 * - `up`: the state at the beginning.
 * - `down`: an acquisition found no quorum. Callers that wait for this tier are sent to the next one.
 */
export class TierHealth {
  /** The failure since which it is down. `undefined` while it is up. */
  #failure: LockError | undefined;
  /** When it went down, or came up again. `undefined` if it has always been up. Moments are those of the primary's monotonic clock. */
  #changedAt: number | undefined;
  /** When it last went down. `undefined` if it has always been up. */
  wentDownAt: number | undefined;
  /** When a probe may look whether it is up again. */
  probeAt = -Infinity;
  /** The largest ttl of the locks that this process has acquired in this tier. */
  maxTtlMs = 0;
  /** Called when it has gone down or come up. */
  readonly listeners = new Set<() => void>();
  /** The acquisitions that end if the tier goes down. */
  readonly inFlight = new Set<AbortController>();

  get failure(): LockError | undefined {
    return this.#failure;
  }

  get isDown(): boolean {
    return this.#failure !== undefined;
  }

  /** When it came up again. `undefined` while it is down, and if it has always been up. */
  get upSince(): number | undefined {
    return this.isDown ? undefined : this.#changedAt;
  }

  /** A failure of a tier that is down does not move `downSince`, because the tier has granted nothing since. */
  markDown(failure: LockError, now: number, probeAt: number): void {
    this.probeAt = probeAt;
    if (this.isDown) return;
    this.#failure = failure;
    this.#changedAt = now;
    this.wentDownAt = now;
    for (const acquisition of this.inFlight) acquisition.abort(failure);
    this.inFlight.clear();
    this.#notify();
  }

  markUp(now: number): void {
    if (!this.isDown) return;
    this.#failure = undefined;
    this.#changedAt = now;
    this.#notify();
  }

  recordTtl(ttlMs: number): void {
    if (ttlMs > this.maxTtlMs) this.maxTtlMs = ttlMs;
  }

  #notify(): void {
    for (const listener of this.listeners) listener();
  }
}

/** By client, or by lockable if it has no client. */
const healths = new WeakMap<object, TierHealth>();

/** What a tier has in common with the other lockables of its client. */
export function keyOf(lockable: Lockable): object {
  return ORIGIN in lockable ? originOf(lockable).context : lockable;
}

export function healthOf(lockable: Lockable): TierHealth {
  const key = keyOf(lockable);
  const known = healths.get(key);
  if (known !== undefined) return known;
  const health = new TierHealth();
  healths.set(key, health);
  return health;
}
