import type { Store } from "./store.ts";

/** Fencing counters outlive every lock by a week, so that a resource which rests for days keeps counting. */
const FENCE_TTL_MS = 604_800_000;
/** See `first_fence` in mutex.lua. */
const FIRST_FENCE_GRAIN_US = 16_384;
/** See `LAST_FENCE` in mutex.lua. */
const LAST_FENCE = 9_000_000_000_000_000;

/** See `first_fence` in mutex.lua. */
export function firstFence(store: Store): number {
  const now = store.timeUs();
  return now - (now % FIRST_FENCE_GRAIN_US);
}

/** See `read_fence` in mutex.lua. */
export function readFence(store: Store, key: string): number | undefined {
  const value = store.get(key);
  if (value === undefined) return undefined;
  const fence = /^-?\d+$/.test(value) ? Number(value) : NaN;
  if (!(fence < LAST_FENCE)) throw new Error(`the fencing counter ${key} cannot be counted up: ${value}`);
  return fence > 0 ? fence : undefined;
}

export function writeFence(store: Store, key: string, fence: number, ttlMs: number): void {
  store.set(key, String(fence), Math.max(FENCE_TTL_MS, 2 * ttlMs));
}
