import { assert } from "../base/assert.ts";

/** A tier that this process uses for a name. */
interface Use {
  readonly tier: object;
  /** How many locks it holds, and how many acquisitions are under way. */
  users: number;
  /** Until when another process may hold a lock that this one has detached, by the monotonic clock. */
  detachedUntil: number;
}

/**
 * Keeps the tiers of a name apart in this process: while a lock of one tier is held or being acquired, no acquisition of another tier
 * begins. There is one guard for each client of a primary tier, so that it also holds for lockables that were made one by one.
 */
export class TierGuard {
  readonly #uses = new Map<string, Use>();
  readonly #waiters = new Set<() => void>();

  /** When the names are free for a tier: `now`, a later moment, or `Infinity` if a lock or an acquisition must end first. */
  freeAt(names: readonly string[], tier: object, now: number): number {
    const moments = names.map((name) => {
      const use = this.#uses.get(name);
      if (use === undefined || use.tier === tier) return now;
      return use.users > 0 ? Infinity : Math.max(now, use.detachedUntil);
    });
    return Math.max(now, ...moments);
  }

  /** Uses a tier for names that are free for it. */
  enter(names: readonly string[], tier: object): void {
    for (const name of names) {
      const use = this.#uses.get(name);
      if (use?.tier === tier) use.users += 1;
      else {
        assert(use === undefined || use.users === 0, "a name has one tier at a time");
        this.#uses.set(name, { tier, users: 1, detachedUntil: -Infinity });
      }
    }
  }

  /** Ends a use. `detachedUntil`: the lock may be held by another process until then. */
  leave(names: readonly string[], now: number, detachedUntil = -Infinity): void {
    for (const name of names) {
      const use = this.#uses.get(name);
      assert(use !== undefined && use.users > 0, "only a use is ended");
      use.users -= 1;
      use.detachedUntil = Math.max(use.detachedUntil, detachedUntil);
    }
    // Names that nobody uses leave nothing behind.
    const ended = detachedUntil === -Infinity ? names : [...this.#uses.keys()];
    for (const name of ended) {
      const use = this.#uses.get(name);
      if (use?.users === 0 && use.detachedUntil <= now) this.#uses.delete(name);
    }
    for (const waiter of this.#waiters) waiter();
  }

  /** Calls the listener at every end of a use, until the returned function is called. */
  onLeave(listener: () => void): () => void {
    this.#waiters.add(listener);
    return () => void this.#waiters.delete(listener);
  }
}

const guards = new WeakMap<object, TierGuard>();

/** The guard of all lockables with the same primary client. */
export function guardOf(primaryKey: object): TierGuard {
  const known = guards.get(primaryKey);
  if (known !== undefined) return known;
  const guard = new TierGuard();
  guards.set(primaryKey, guard);
  return guard;
}
