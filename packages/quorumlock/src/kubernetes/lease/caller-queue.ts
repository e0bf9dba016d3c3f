/**
 * The callers of one lease lock in this process, first come, first served. Only the first one sends requests. It stays first while it
 * holds the lock, so a hundred callers cost the API server no more than one.
 */
export class CallerQueue {
  readonly #waiting = new Set<() => void>();
  /** The caller that has the turn. */
  #first: (() => void) | undefined;

  get isTaken(): boolean {
    return this.#first !== undefined;
  }

  /** Number of callers that wait. */
  get size(): number {
    return this.#waiting.size;
  }

  /** Enters, and calls `onTurn` when the caller is first: at once if nobody is ahead. */
  enter(onTurn: () => void): void {
    if (this.#first !== undefined) {
      this.#waiting.add(onTurn);
      return;
    }
    this.#first = onTurn;
    onTurn();
  }

  /** Ends the turn of the caller, or its place behind others. Does nothing if it has neither. */
  leave(onTurn: () => void): void {
    this.#waiting.delete(onTurn);
    if (this.#first !== onTurn) return;
    const [next] = this.#waiting;
    this.#first = next;
    if (next === undefined) return;
    this.#waiting.delete(next);
    next();
  }
}
