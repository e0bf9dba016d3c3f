import type { Attempt, Grant } from "./grant.ts";

/**
 * Measures how long a name is free while a caller waits for it. The time starts when the last hold ends, or when the
 * caller arrives if that is later. It ends with the next grant. A lost wake-up makes it long.
 */
export class Idleness {
  readonly #waiting = new Map<string, Set<Attempt>>();
  /** By name: until when the name was occupied at least, in real time. */
  readonly #occupiedUntil = new Map<string, number>();
  /** By name: all grants that have not ended. There may be several in histories that do not promise exclusion. */
  readonly #holders = new Map<string, Set<Grant>>();
  /** By name: until when the servers may keep a lock that was detached. */
  readonly #detachedUntil = new Map<string, number>();
  longestMs = 0;
  readonly #isAlive: (attempt: Attempt) => boolean;
  /** Idle times that start before this moment do not count. */
  #from: number;

  constructor(from: number, isAlive: (attempt: Attempt) => boolean) {
    this.#from = from;
    this.#isAlive = isAlive;
  }

  /** Counts idle times that start at `time` or later. */
  countFrom(time: number): void {
    this.#from = time;
  }

  addWaiter(attempt: Attempt): void {
    for (const name of attempt.names) {
      const waiting = this.#waiting.get(name) ?? new Set();
      waiting.add(attempt);
      this.#waiting.set(name, waiting);
    }
  }

  /** The attempt has ended: it was granted or refused, or it failed. */
  removeWaiter(attempt: Attempt, now: number): void {
    for (const name of attempt.names) {
      this.#waiting.get(name)?.delete(attempt);
      // An attempt with several names occupied its place in the queue of each until now.
      if (attempt.names.length > 1) {
        this.#occupiedUntil.set(name, Math.max(now, this.#occupiedUntil.get(name) ?? 0));
      }
    }
  }

  onGrant(grant: Grant, now: number): void {
    for (const name of grant.names) {
      const others = [...(this.#waiting.get(name) ?? [])].filter((attempt) => this.#isAlive(attempt));
      const since = Math.max(
        Math.min(grant.startedAt, ...others.map(({ startedAt }) => startedAt)),
        this.#occupiedUntil.get(name) ?? 0,
      );
      // An attempt with several names keeps its place for one name while it waits for another. That is correct.
      const hasSeveralNames = grant.names.length > 1 || others.some(({ names }) => names.length > 1);
      if (!hasSeveralNames && since >= this.#from) this.longestMs = Math.max(this.longestMs, now - since);
      this.#occupiedUntil.set(name, Infinity);
      const holders = this.#holders.get(name) ?? new Set();
      this.#holders.set(name, holders.add(grant));
    }
  }

  /** Nobody extends the lock any more. The servers may keep it until `until`. */
  onDetached(grant: Grant, until: number): void {
    for (const name of grant.names)
      this.#detachedUntil.set(name, Math.max(until, this.#detachedUntil.get(name) ?? 0));
    this.onEnd(grant, until);
  }

  /** A lock was attached that nobody held meanwhile. */
  onAttached(grant: Grant): void {
    for (const name of grant.names) {
      this.#detachedUntil.delete(name);
      this.#occupiedUntil.set(name, Infinity);
      this.#holders.set(name, (this.#holders.get(name) ?? new Set()).add(grant));
    }
  }

  /** A hold was replaced by a converted one. */
  onConverted(grant: Grant): void {
    for (const name of grant.names) {
      this.#occupiedUntil.set(name, Infinity);
      const holders = this.#holders.get(name) ?? new Set();
      this.#holders.set(name, holders.add(grant));
    }
  }

  /** A hold ends at `at`. The names are free from then on, unless another live holder has them. */
  onEnd(grant: Grant, at: number): void {
    for (const name of grant.names) {
      const holders = this.#holders.get(name);
      holders?.delete(grant);
      // The lock of a dead client expires soon, so it does not count as a holder.
      if ([...(holders ?? [])].some((other) => this.#isAlive(other))) continue;
      this.#occupiedUntil.set(name, Math.max(at, this.#detachedUntil.get(name) ?? 0));
    }
  }
}
