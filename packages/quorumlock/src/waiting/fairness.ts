/** After so many holders of this process in a row, or for so long, other processes get their turn. */
const MAX_STREAK = 32;
const MAX_STREAK_MS = 40;

/** How long to yield to other processes: a few round trips, so that the woken process arrives first. */
const YIELD_MS = 5;
/** The time doubles with each unused yield in a row, for a far or busy process. Then it starts again, for one that is gone. */
const YIELD_DOUBLINGS = 5;

/**
 * A streak: holders of one name in this process that follow each other without a yield to other processes. Each place in the
 * local queue has a streak of its own, and passes a continued one on to the next place.
 */
export class Streak {
  #startedAt: number;
  /** How many held the name before in this streak. */
  #predecessors: number;
  /** The fencing token of the previous holder in this process. */
  readonly #previousFence: number;
  /** Yields in a row after which the next fencing token showed that no other process held the name in between. */
  #unusedYields: number;

  /** `startedAt`: when the first holder of the streak was granted the name, by the monotonic clock. */
  constructor(startedAt: number, predecessors = 0, previousFence = 0, unusedYields = 0) {
    this.#startedAt = startedAt;
    this.#predecessors = predecessors;
    this.#previousFence = previousFence;
    this.#unusedYields = unusedYields;
  }

  get predecessors(): number {
    return this.#predecessors;
  }

  isOver(now: number): boolean {
    return this.#predecessors >= MAX_STREAK || now - this.#startedAt >= MAX_STREAK_MS;
  }

  /** The streak of the next place. `fence`: the token of the holder that leaves; `undefined` if it held nothing. */
  continued(fence: number | undefined): Streak {
    const previousFence = fence ?? this.#previousFence;
    return new Streak(this.#startedAt, this.#predecessors + 1, previousFence, this.#unusedYields);
  }

  /** A new streak begins. */
  restart(now: number): void {
    this.#startedAt = now;
    this.#predecessors = 0;
  }

  /** How long to yield now that a streak is over, in ms. */
  nextYieldMs(): number {
    this.#unusedYields += 1;
    return YIELD_MS * 2 ** ((this.#unusedYields - 1) % YIELD_DOUBLINGS);
  }

  /** The name was granted to this place. */
  granted(fence: number, now: number): void {
    // The first holder of a streak may have waited for long.
    if (this.#predecessors > 0) return;
    this.#startedAt = now;
    // Consecutive tokens prove that nobody else held the name. Any other number may mean that somebody did.
    if (fence !== this.#previousFence + 1) this.#unusedYields = 0;
  }
}

/**
 * Names that were released here while other processes wait for them and nobody in this process does. A caller that asks again
 * at once would compete with the process that was woken.
 */
export class RecentReleases {
  /** By name, until when to yield. Entries expire in the order of insertion. */
  readonly #yieldUntil = new Map<string, number>();

  get isEmpty(): boolean {
    return this.#yieldUntil.size === 0;
  }

  add(name: string, now: number): void {
    this.#forgetExpired(now);
    this.#yieldUntil.delete(name);
    this.#yieldUntil.set(name, now + YIELD_MS);
  }

  /** The moment until which a caller yields that asks for these names; 0 if it need not. */
  yieldUntil(names: readonly string[], now: number): number {
    this.#forgetExpired(now);
    let until = 0;
    for (const name of names) until = Math.max(until, this.#yieldUntil.get(name) ?? 0);
    return until;
  }

  #forgetExpired(now: number): void {
    for (const [name, until] of this.#yieldUntil) {
      if (until > now) return;
      this.#yieldUntil.delete(name);
    }
  }
}
