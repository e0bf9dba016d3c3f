import type { LockHealth } from "../api.ts";

/** How lists of locks can be sorted. */
export const LOCK_SORTS = ["blocked", "remaining", "age", "name"] as const;
export type LockSort = (typeof LOCK_SORTS)[number];

/** What the place of a lock in a list depends on. */
export interface OrderedLock {
  readonly name: string;
  /** How bad its state is, the worst first. */
  readonly rank: number;
  /** How many callers wait behind it. */
  readonly blocked: number;
  readonly remainingMs: number | undefined;
  readonly ageMs: number | undefined;
}

/** The worst first. 0 is a deadlock. */
export const TROUBLE: Readonly<Record<LockHealth, number>> = {
  lost: 1,
  "no-expiry": 2,
  "not-extended": 3,
  short: 4,
  uncertain: 5,
  minority: 6,
  held: 7,
};

export function rankOf(health: LockHealth, deadlock: string | undefined): number {
  return deadlock === undefined ? TROUBLE[health] : 0;
}

/** Orders by name at last, so that no two locks have the same place. */
export const LOCK_ORDERS: Readonly<Record<LockSort, (a: OrderedLock, b: OrderedLock) => number>> = {
  // A deadlock and a loss come first, then what blocks most, then what is in trouble, then what ends next.
  blocked: (a, b) =>
    compare(Math.min(a.rank, 2), Math.min(b.rank, 2)) ||
    b.blocked - a.blocked ||
    a.rank - b.rank ||
    compare(remaining(a), remaining(b)) ||
    byName(a, b),
  remaining: (a, b) => compare(remaining(a), remaining(b)) || byName(a, b),
  age: (a, b) => compare(b.ageMs ?? 0, a.ageMs ?? 0) || byName(a, b),
  name: byName,
};

function byName(a: OrderedLock, b: OrderedLock): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}

function remaining({ remainingMs }: OrderedLock): number {
  return remainingMs ?? Infinity;
}

function compare(a: number, b: number): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
