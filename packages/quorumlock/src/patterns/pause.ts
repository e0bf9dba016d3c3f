import type { Clock } from "../base/clock.ts";
import { LockAbortedError, LockClosedError } from "../base/errors.ts";
import type { Client } from "../client/client.ts";

/** The longest single sleep. Timers overflow at 24.8 days, and machines sleep, so the clock is read again after it. */
export const MAX_SLEEP_MS = 60_000;

/**
 * Waits until the monotonic clock has advanced by `ms`.
 * @throws LockAbortedError if `signal` aborts. LockClosedError if the client closes.
 */
export async function pause(
  client: Client,
  names: readonly string[],
  ms: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { clock, lockListeners } = client;
  const endsAt = clock.monotonic() + ms;
  for (;;) {
    if (signal?.aborted === true) throw new LockAbortedError(names, signal.reason);
    if (client.isClosed) throw new LockClosedError(names);
    const leftMs = endsAt - clock.monotonic();
    if (leftMs <= 0) return;
    await sleepOrWake(clock, Math.min(leftMs, MAX_SLEEP_MS), (wake) => {
      const onLockChanged = (): void => {
        if (client.isClosed) wake();
      };
      signal?.addEventListener("abort", wake, { once: true });
      lockListeners.add(onLockChanged);
      return () => {
        signal?.removeEventListener("abort", wake);
        lockListeners.delete(onLockChanged);
      };
    });
  }
}

/** Sleeps for `ms`, or until `wake` is called. `listen` is called with `wake`, and returns what removes its listeners. */
export async function sleepOrWake(
  clock: Clock,
  ms: number,
  listen: (wake: () => void) => () => void,
): Promise<void> {
  let stopListening: () => void = () => undefined;
  const woken = new Promise<void>((resolve) => (stopListening = listen(() => resolve())));
  let fire: () => void = () => undefined;
  const slept = new Promise<void>((resolve) => (fire = resolve));
  const timer = clock.setTimer(Math.ceil(ms), fire, true);
  try {
    await Promise.race([woken, slept]);
  } finally {
    timer.cancel();
    stopListening();
  }
}
