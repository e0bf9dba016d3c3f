import { type AcquireOptions, type Lock, type Lockable, LockTimeoutError } from "quorumlock";
import { setTimeout as sleep } from "node:timers/promises";

/** How long further attempts may take in all, and the longest pause before each, ms. */
const MAX_MS = 1_000;
const MAX_PAUSE_MS = 150;

/**
 * Acquires a lock. With `wait: 0`, callers in the same millisecond can split the votes, so that nobody gets it. Then there is no holder on
 * a majority, and the attempt is repeated for up to a second, after random pauses. A lock that is held fails at the first attempt.
 * @throws what `acquire` throws.
 */
export async function acquireDespiteSplits(lockable: Lockable, options: AcquireOptions): Promise<Lock> {
  const endsAt = performance.now() + MAX_MS;
  for (;;) {
    try {
      return await lockable.acquire(options);
    } catch (error) {
      const isSplit = options.wait === 0 && error instanceof LockTimeoutError && !error.isHeld;
      const pauseMs = Math.random() * MAX_PAUSE_MS;
      if (!isSplit || performance.now() + pauseMs > endsAt) throw error;
      // An interruption ends the pause, and then the attempt throws it.
      await sleep(pauseMs, undefined, { signal: options.signal }).catch(() => undefined);
    }
  }
}
