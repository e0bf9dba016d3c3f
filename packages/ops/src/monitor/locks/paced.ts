import { setTimeout as sleep } from "node:timers/promises";

/** A pause of 20 times the duration of a call: so calls use at most 5 % of a server. */
const PAUSE_FACTOR = 20;
const MAX_PAUSE_MS = 5_000;

/**
 * Waits after a call that took `tookMs`. Resolves at once if the signal aborts.
 * @param factor how many times the duration of the call the pause takes.
 */
export async function pauseAfter(
  tookMs: number,
  signal: AbortSignal,
  minMs = 0,
  factor = PAUSE_FACTOR,
): Promise<void> {
  const pauseMs = Math.min(MAX_PAUSE_MS, Math.max(minMs, factor * tookMs));
  await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
}
