import type { Clock } from "../../base/clock.ts";

const MIN_RACE_WINDOW_MS = 50;
const MAX_RACE_WINDOW_MS = 1_000;
const MIN_OUTAGE_WINDOW_MS = 250;
const MAX_OUTAGE_WINDOW_MS = 5_000;
const MAX_DOUBLINGS = 8;

/** The pause after `races` conflicts in a row, in ms. None after the first: the winner is usually known by then. */
export function raceDelayMs(clock: Clock, races: number): number {
  if (races < 2) return 0;
  return clock.random() * windowOf(races - 1, MIN_RACE_WINDOW_MS, MAX_RACE_WINDOW_MS);
}

/** The pause after `failures` failed requests in a row, in ms: equal jitter, and at least what the server wants. */
export function outageDelayMs(clock: Clock, failures: number, retryAfterMs: number): number {
  const windowMs = windowOf(failures, MIN_OUTAGE_WINDOW_MS, MAX_OUTAGE_WINDOW_MS);
  return retryAfterMs + windowMs / 2 + (clock.random() * windowMs) / 2;
}

/** The pause between two looks of a waiter. With jitter, so that waiters do not come all at once. */
export function pollDelayMs(clock: Clock, pollMs: number): number {
  return pollMs * (0.8 + 0.4 * clock.random());
}

function windowOf(times: number, minMs: number, maxMs: number): number {
  return Math.min(maxMs, minMs * 2 ** Math.min(Math.max(times - 1, 0), MAX_DOUBLINGS));
}
