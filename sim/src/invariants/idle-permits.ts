import type { Attempt, Grant } from "./grant.ts";

/** One semaphore. */
interface State {
  /** 0 until a caller for permits came. */
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
  /** Idle times that start before this moment do not count. */
  #from: number;
  longestMs = 0;

  constructor(from: number, isAlive: (attempt: Attempt) => boolean) {
    this.#from = from;
    this.#isAlive = isAlive;
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

  #change(attempt: Attempt, now: number, change: (state: State) => void): void {
    for (const name of attempt.names) {
      const { wanted, total } = attempt.permits;
      let state = this.#states.get(name);
      if (state === undefined) {
        state = { total: 0, waiting: new Set(), held: new Set(), idleSince: undefined };
        this.#states.set(name, state);
      }
      // A plain lock does not know it.
      if (wanted > 0) state.total = total;
      change(state);
      if (!this.#isIdle(state)) this.#endIdle(state, now);
      else state.idleSince ??= now;
    }
  }

  #isIdle({ total, waiting, held }: State): boolean {
    const wanted = [...waiting]
      .filter((attempt) => this.#isAlive(attempt))
      .map(({ permits }) => permits.wanted);
    // A plain lock occupies all permits, and a caller that waits for one may hold it on some servers for a moment.
    if (wanted.length === 0 || wanted.includes(0)) return false;
    const occupied = [...held].filter((grant) => this.#isAlive(grant));
    const taken = occupied.reduce((sum, { permits }) => sum + (permits.wanted || total), 0);
    return total - taken >= Math.max(...wanted);
  }

  #endIdle(state: State, now: number): void {
    const { idleSince } = state;
    if (idleSince !== undefined && idleSince >= this.#from)
      this.longestMs = Math.max(this.longestMs, now - idleSince);
    state.idleSince = undefined;
  }
}
