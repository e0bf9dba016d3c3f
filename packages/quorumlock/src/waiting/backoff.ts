import type { Clock } from "../base/clock.ts";

const SHORTEST_WINDOW_MS = 2;
const LONGEST_WINDOW_MS = 128;
const UNREACHABLE_SHORTEST_MS = 50;
const UNREACHABLE_LONGEST_MS = 1_000;
const POLL_SHORTEST_MS = 50;
const POLL_LONGEST_MS = 150;
const ASIDE_SHORTEST_MS = 50;
const ASIDE_LONGEST_MS = 80;
const SAFETY_SHORTEST_MS = 10_000;
const SAFETY_LONGEST_MS = 15_000;

/**
 * After a split vote: full jitter over a window that doubles with each split in a row, at least as wide as a
 * round is long.
 */
export function splitDelay(clock: Clock, splits: number, roundMs: number): number {
  const window = Math.max(SHORTEST_WINDOW_MS, 2 * roundMs) * 2 ** Math.min(splits - 1, 10);
  return clock.random() * Math.min(window, Math.max(LONGEST_WINDOW_MS, 2 * roundMs));
}

/** While too few instances answer: equal jitter, doubling from 50 ms to 1 s. */
export function unreachableDelay(clock: Clock, failures: number): number {
  const window = Math.min(UNREACHABLE_LONGEST_MS, UNREACHABLE_SHORTEST_MS * 2 ** Math.min(failures - 1, 10));
  return window / 2 + (clock.random() * window) / 2;
}

/** Where nobody would tell of a release: by a broken subscription, or by a holder of another kind. */
export function pollDelay(clock: Clock): number {
  return POLL_SHORTEST_MS + clock.random() * (POLL_LONGEST_MS - POLL_SHORTEST_MS);
}

/** Where a release would be told: so seldom that it costs nothing, for the message that gets lost all the same. */
export function safetyDelay(clock: Clock): number {
  return SAFETY_SHORTEST_MS + clock.random() * (SAFETY_LONGEST_MS - SAFETY_SHORTEST_MS);
}

/** While another client is first in line: longer than that one takes, unless it is gone. */
export function asideDelay(clock: Clock): number {
  return ASIDE_SHORTEST_MS + clock.random() * (ASIDE_LONGEST_MS - ASIDE_SHORTEST_MS);
}
