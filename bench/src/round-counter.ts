/** Counts the rounds of requests that each acquisition needs. An acquisition has a label that is in its requests. */
export class RoundCounter {
  readonly #rounds = new Map<string, Set<string>>();

  /** Call it for each request. `round`: what all requests of one round have in common. */
  record(label: string, round: string): void {
    const known = this.#rounds.get(label);
    if (known === undefined) this.#rounds.set(label, new Set([round]));
    else known.add(round);
  }

  /** The number of rounds so far. The label is forgotten. */
  take(label: string): number {
    const count = this.#rounds.get(label)?.size ?? 0;
    this.#rounds.delete(label);
    return count;
  }
}
