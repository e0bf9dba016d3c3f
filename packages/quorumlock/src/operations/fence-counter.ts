import { MAX_FENCE } from "./limits.ts";
import { floorOf as floorIn, NO_MARKER, readMarker } from "./marker.ts";
import type { Store } from "./store.ts";

/** See `floor_of` in fence-counter.lua. A store in this process is no node of a cluster. */
export function floorOf(store: Store, key: string): number | undefined {
  return floorIn(readMarker(store, `${prefixOf(key)}~server`));
}

function prefixOf(key: string): string {
  return key.slice(0, key.lastIndexOf("~fence:"));
}

/** See `first_fence` in fence-counter.lua. */
export function firstFence(store: Store, key: string): number {
  const floor = floorOf(store, key);
  if (floor !== undefined) return floor;
  store.delete(key);
  throw new Error(
    `${NO_MARKER} the server has lost its memory: it has neither the fencing counter nor a marker`,
  );
}

/** See `read_fence` in fence-counter.lua. */
export function readFence(store: Store, key: string): number | undefined {
  const value = store.get(key);
  if (value === undefined) return undefined;
  const fence = /^-?\d+$/.test(value) ? Number(value) : NaN;
  if (!(fence < MAX_FENCE)) {
    throw new Error(
      `the fencing counter ${key} cannot be counted up: ${value}; delete it together with ${prefixOf(key)}~server, ` +
        "on one server after another",
    );
  }
  return fence > 0 ? fence : undefined;
}

/** See `raise_fence` in fence-counter.lua. */
export function raiseFence(store: Store, key: string, fence: number): void {
  const present = readFence(store, key);
  const wanted = present === undefined ? Math.max(fence, floorOf(store, key) ?? 0) : fence;
  if ((present ?? 0) < wanted) store.set(key, String(wanted), Infinity);
}
