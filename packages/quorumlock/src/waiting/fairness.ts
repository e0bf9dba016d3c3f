/** A streak ends after this many hand-overs, or after this time. Then other processes get their turn. */
const MAX_STREAK_HAND_OVERS = 32;
const MAX_STREAK_MS = 40;

/** How long to yield to other processes: a few round trips, so that the woken process arrives first. */
const YIELD_MS = 5;
/**
 * The yield doubles with each unused yield in a row, because the other process may be far away or busy. After this many yields it
 * starts at `YIELD_MS` again, because the other process may have ended.
 */
const YIELD_STEPS = 5;

/**
 * A streak: consecutive holders of one name in this client, without a yield to other processes. Each place in the local queue
 * has a `Streak` of its own, and makes the `Streak` of the next place from it.
 */
export class Streak {
  #startedAt: number;
  /** Number of earlier holders in this streak. */
  #predecessors: number;
  /** The fencing token of the previous holder in this client; 0 if there was none. */
  readonly #previousFence: number;
  /** Number of yields in a row that no other process used, as the fencing tokens show. */
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
    return this.#predecessors >= MAX_STREAK_HAND_OVERS || now - this.#startedAt >= MAX_STREAK_MS;
  }

  /** Makes the streak of the next place. `fence`: the token of the holder that leaves; `undefined` if it held nothing. */
  continueAfter(fence: number | undefined): Streak {
    const previousFence = fence ?? this.#previousFence;
    return new Streak(this.#startedAt, this.#predecessors + 1, previousFence, this.#unusedYields);
  }

  /** Begins a new streak. */
  restart(now: number): void {
    this.#startedAt = now;
    this.#predecessors = 0;
  }

  /** How long to yield now that a streak is over, in ms. */
  nextYieldMs(): number {
    this.#unusedYields += 1;
    return YIELD_MS * 2 ** ((this.#unusedYields - 1) % YIELD_STEPS);
  }

  /** The name was granted to this place. */
  onGranted(fence: number, now: number): void {
    if (this.#predecessors > 0) return;
    // The streak counts from the grant, because its first holder may have waited for a long time.
    this.#startedAt = now;
    // Consecutive tokens prove that no other process held the name. Any other number may mean that a process used the yield.
    if (fence !== this.#previousFence + 1) this.#unusedYields = 0;
  }
}

/**
 * Names that this client released while other processes waited for them and no caller of this client did. A new caller that
 * sends an attempt at once would compete with the woken process.
 */
export class RecentReleases {
  /** The end of the yield, by name. Entries expire in the order of insertion. */
  readonly #yieldUntil = new Map<string, number>();

  get isEmpty(): boolean {
    return this.#yieldUntil.size === 0;
  }

  add(name: string, now: number): void {
    this.#forgetExpired(now);
    this.#yieldUntil.delete(name);
    this.#yieldUntil.set(name, now + YIELD_MS);
  }

  /** Until when a new caller for these names yields, by the monotonic clock; 0 if it need not. */
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
