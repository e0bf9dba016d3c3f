import type { Plan } from "../plan/plan.ts";
import type { Attempt, Grant } from "./grant.ts";
import { Idleness } from "./idleness.ts";
import { type FewestPermits, IdlePermits } from "./idle-permits.ts";
import { semaphoresOf } from "./semaphores-of.ts";

/** Measures how long what callers wait for is free: names, and permits of semaphores. */
export class IdleTimes {
  readonly #names: Idleness;
  readonly #permits: IdlePermits;
  /** The names of semaphores. */
  readonly #semaphores: ReadonlyMap<string, number>;

  /** Idle times that start before `from` do not count. */
  constructor(plan: Plan, from: number, isAlive: (attempt: Attempt) => boolean, fewest: FewestPermits) {
    this.#names = new Idleness(from, isAlive);
    this.#permits = new IdlePermits(from, isAlive, fewest);
    this.#semaphores = semaphoresOf(plan);
  }

  get longestMs(): number {
    return Math.max(this.#names.longestMs, this.#permits.longestMs);
  }

  /** Counts idle times that start at `time` or later. */
  countFrom(time: number): void {
    this.#names.countFrom(time);
    this.#permits.countFrom(time);
  }

  addWaiter(attempt: Attempt, now: number): void {
    if (this.#isOfTenant(attempt)) return;
    if (this.#isOfSemaphore(attempt)) this.#permits.addWaiter(attempt, now);
    else this.#names.addWaiter(attempt);
  }

  removeWaiter(attempt: Attempt, now: number): void {
    if (!this.#isOfTenant(attempt)) this.#of(attempt).removeWaiter(attempt, now);
  }

  onGrant(grant: Grant, now: number): void {
    if (!this.#isOfTenant(grant)) this.#of(grant).onGrant(grant, now);
  }

  onEnd(grant: Grant, now: number): void {
    if (!this.#isOfTenant(grant)) this.#of(grant).onEnd(grant, now);
  }

  /** Whether the name is one of a tenant. It can be free while the limit of the tenant keeps its callers out. */
  #isOfTenant({ names }: Attempt): boolean {
    return names.some((name) => name.startsWith("{t}//n/"));
  }

  /** The number of permits of a semaphore may be another one. */
  onSizeChanged(name: string, now: number): void {
    this.#permits.onSizeChanged(name, now);
  }

  /** A hold was replaced by a converted one. */
  onConverted(grant: Grant): void {
    this.#names.onConverted(grant);
  }

  /** Nobody extends the lock any more. The servers may keep it until `until`. */
  onDetached(grant: Grant, until: number): void {
    this.#names.onDetached(grant, until);
  }

  /** A lock was attached that nobody held meanwhile. */
  onAttached(grant: Grant): void {
    this.#names.onAttached(grant);
  }

  #of(attempt: Attempt): Idleness | IdlePermits {
    return this.#isOfSemaphore(attempt) ? this.#permits : this.#names;
  }

  /** Whether an attempt is for permits, or for a plain lock on the name of a semaphore. */
  #isOfSemaphore({ names }: Attempt): boolean {
    return names.some((name) => this.#semaphores.has(name));
  }
}
