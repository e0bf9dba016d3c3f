import type { Attempt } from "./grant.ts";

/** How long callers without a limit wait. Times count from the end of the faults. */
export class Waits {
  readonly #attempts = new Set<Attempt>();
  #healedAt = Infinity;
  /** The longest wait of a caller without a limit, in ms. */
  longestMs = 0;

  /** All faults have ended. */
  onHealed(at: number): void {
    this.#healedAt = at;
  }

  add(attempt: Attempt): void {
    if (attempt.waitsForever) this.#attempts.add(attempt);
  }

  has(attempt: Attempt): boolean {
    return this.#attempts.has(attempt);
  }

  remove(attempt: Attempt, at: number): void {
    if (this.#attempts.delete(attempt))
      this.longestMs = Math.max(this.longestMs, this.#waitedMs(attempt, at));
  }

  /** Describes each caller that has waited for longer than `maxMs`. */
  tooLong(at: number, maxMs: number, isDead: (client: number) => boolean): readonly string[] {
    return [...this.#attempts].flatMap((attempt) => {
      const { client, worker, names } = attempt;
      const waitedMs = this.#waitedMs(attempt, at);
      if (waitedMs <= maxMs || isDead(client)) return [];
      return `client ${client}, worker ${worker} has waited ${Math.round(waitedMs)} ms for ${names.join(", ")}`;
    });
  }

  #waitedMs({ startedAt }: Attempt, at: number): number {
    return at - Math.max(startedAt, this.#healedAt);
  }
}
