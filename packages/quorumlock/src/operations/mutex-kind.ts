import { hashSlot, type ResourceKeys, resourceKeys } from "./keys.ts";
import type { LockKind, Obstacle } from "./kind.ts";
import { mutex } from "./mutex.ts";
import type { ReplyList } from "./request.ts";
export const mutexKind: LockKind<readonly string[]> = {
  names: (names) => names,
  split: splitBySlot,
  channels: (names, prefix) => keysOf(names, prefix).map(({ wake }) => wake),
  acquire: (names, owner, ttlMs, waiter) =>
    mutex.acquire(keysOf(names, owner.prefix), owner.token, ttlMs, owner, waiter),
  takeOver: (names, owner, former, ttlMs, waiter) =>
    mutex.take(keysOf(names, owner.prefix), owner.token, former, ttlMs, owner, waiter),
  commit: (names, owner, fence) => mutex.raise(keysOf(names, owner.prefix), owner.token, 10000, fence, owner),
  extend: (names, owner, ttlMs) =>
    mutex.extend(keysOf(names, owner.prefix), owner.token, ttlMs, owner.fence, owner, {}),
  release: (names, owner, waiter) => mutex.release(keysOf(names, owner.prefix), owner.token, waiter),
  leave: (names, prefix, waiter) => keysOf(names, prefix).map((keys) => mutex.leave([keys], waiter)),
  obstacle: holderAndExpiry,
  admits: () => false,
};
function keysOf(names: readonly string[], prefix: string): readonly ResourceKeys[] {
  return names.map((name) => resourceKeys(prefix, name));
}
function holderAndExpiry(refusal: ReplyList): Obstacle {
  const remaining = Number(refusal[1] ?? 0);
  return { token: String(refusal[2] ?? ""), remainingMs: remaining === -1 ? Infinity : remaining };
}
function splitBySlot(names: readonly string[], prefix: string): readonly (readonly string[])[] {
  const slots = new Map<number, string[]>();
  for (const name of names) {
    const slot = hashSlot(resourceKeys(prefix, name).lock);
    slots.set(slot, [...(slots.get(slot) ?? []), name]);
  }
  return [...slots.entries()].toSorted(([a], [b]) => a - b).map(([, group]) => group);
}
