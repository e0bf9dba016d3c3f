import { FENCE_GRAIN_US, MAX_FENCE } from "./limits.ts";
import type { Store } from "./store.ts";

/** See `first_fence` in fence-counter.lua. */
export function firstFence(store: Store): number {
  const now = store.timeUs();
  return Math.max(1, now - (now % FENCE_GRAIN_US));
}

/** See `read_fence` in fence-counter.lua. */
export function readFence(store: Store, key: string): number | undefined {
  const value = store.get(key);
  if (value === undefined) return undefined;
  const fence = /^-?\d+$/.test(value) ? Number(value) : NaN;
  if (!(fence < MAX_FENCE)) throw new Error(`the fencing counter ${key} cannot be counted up: ${value}`);
  return fence > 0 ? fence : undefined;
}

/** See `raise_fence` in fence-counter.lua. */
export function raiseFence(store: Store, key: string, fence: number): void {
  const present = readFence(store, key);
  const wanted = present === undefined ? Math.max(fence, firstFence(store)) : fence;
  if ((present ?? 0) < wanted) store.set(key, String(wanted), Infinity);
}
