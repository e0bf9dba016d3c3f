import type { Attempt, Grant } from "./grant.ts";

/** The smallest number of permits that a semaphore can have now. `first`: the number without a change. */
export type FewestPermits = (name: string, first: number) => number;

/** One semaphore. */
interface State {
  readonly name: string;
  /** Its number of permits without a change; 0 until a caller for permits came. */
  total: number;
  readonly waiting: Set<Attempt>;
  readonly held: Set<Grant>;
  /** Since when permits are free for every waiter. */
  idleSince: number | undefined;
}

/**
 * Measures how long permits of a semaphore are free for every caller that waits, since the last grant. A lost wake-up makes it
 * long. If permits are free for some waiters only, a large claim may be ahead of them, so that time does not count.
 */
export class IdlePermits {
  readonly #states = new Map<string, State>();
  readonly #isAlive: (attempt: Attempt) => boolean;
  readonly #fewest: FewestPermits;
  /** Idle times that start before this moment do not count. */
  #from: number;
  longestMs = 0;

  constructor(
    from: number,
    isAlive: (attempt: Attempt) => boolean,
    fewest: FewestPermits = (_, first) => first,
  ) {
    this.#from = from;
    this.#isAlive = isAlive;
    this.#fewest = fewest;
  }

  countFrom(time: number): void {
    this.#from = time;
  }

  addWaiter(attempt: Attempt, now: number): void {
    this.#change(attempt, now, ({ waiting }) => waiting.add(attempt));
  }

  removeWaiter(attempt: Attempt, now: number): void {
    this.#change(attempt, now, ({ waiting }) => waiting.delete(attempt));
  }

  onGrant(grant: Grant, now: number): void {
    this.#change(grant, now, (state) => {
      state.held.add(grant);
      this.#endIdle(state, now);
    });
  }

  onEnd(grant: Grant, now: number): void {
    this.#change(grant, now, ({ held }) => held.delete(grant));
  }

  onSizeChanged(name: string, now: number): void {
    const state = this.#states.get(name);
    if (state !== undefined) this.#review(state, now);
  }

  #change(attempt: Attempt, now: number, change: (state: State) => void): void {
    for (const name of attempt.names) {
      const { wanted, total } = attempt.permits;
      let state = this.#states.get(name);
      if (state === undefined) {
        state = { name, total: 0, waiting: new Set(), held: new Set(), idleSince: undefined };
        this.#states.set(name, state);
      }
      // A plain lock does not know it.
      if (wanted > 0) state.total = total;
      change(state);
      this.#review(state, now);
    }
  }

  #review(state: State, now: number): void {
    if (!this.#isIdle(state)) this.#endIdle(state, now);
    else state.idleSince ??= now;
  }

  #isIdle({ name, total: first, waiting, held }: State): boolean {
    const wanted = [...waiting]
      .filter((attempt) => this.#isAlive(attempt))
      .map(({ permits }) => permits.wanted);
    // A plain lock occupies all permits, and a caller that waits for one may hold it on some servers for a moment.
    if (wanted.length === 0 || wanted.includes(0)) return false;
    const total = this.#fewest(name, first);
    const occupied = [...held].filter((grant) => this.#isAlive(grant));
    const taken = occupied.reduce((sum, { permits, slots }) => {
      // After a change to a smaller number, slots above it are held until their holders release them.
      const below = slots.filter((slot) => slot < total).length;
      return sum + (permits.wanted === 0 ? total : below);
    }, 0);
    return total - taken >= Math.max(...wanted);
  }

  #endIdle(state: State, now: number): void {
    const { idleSince } = state;
    if (idleSince !== undefined && idleSince >= this.#from)
      this.longestMs = Math.max(this.longestMs, now - idleSince);
    state.idleSince = undefined;
  }
}
