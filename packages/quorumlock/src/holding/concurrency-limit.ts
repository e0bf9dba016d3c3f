/** Something that begins when it is let through. */
export interface Turn {
  /** Whether it is under way then; where not, the next one is let through in its place. */
  begin(): boolean;
}

/** Lets so many be under way at a time; the others begin in the order in which they came. */
export class ConcurrencyLimit {
  readonly #most: number;
  readonly #waiting = new Set<Turn>();
  #underWay = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /** Lets it through now or later, once however often it comes. */
  enter(turn: Turn): void {
    this.#waiting.add(turn);
    this.#admit();
  }

  /** One that waits does so no more. */
  withdraw(turn: Turn): void {
    this.#waiting.delete(turn);
  }

  /** One that was under way has ended. */
  leave(): void {
    this.#underWay -= 1;
    this.#admit();
  }

  #admit(): void {
    for (const turn of this.#waiting) {
      if (this.#underWay >= this.#most) return;
      this.#waiting.delete(turn);
      this.#underWay += 1;
      if (!turn.begin()) this.#underWay -= 1;
    }
  }
}
