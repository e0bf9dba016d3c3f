import type { Clock } from "../base/clock.ts";

/**
 * The holders of one name from whom it was stolen, and that may not know it. Until the keys of all of them would have expired, they
 * could extend a free key.
 */
export class FormerHolders {
  readonly #clock: Clock;
  /** When the keys of a token would have expired, by the monotonic clock. */
  readonly #endOf = new Map<string, number>();
  /** The same for holders whose tokens are not known. */
  #unknownEnd = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** How long one of them could still extend a free key, in ms; 0 if none can. */
  get leftMs(): number {
    const now = this.#clock.monotonic();
    let latest = this.#unknownEnd;
    for (const [token, end] of this.#endOf)
      if (end <= now) this.#endOf.delete(token);
      else latest = Math.max(latest, end);
    return Math.max(0, latest - now);
  }

  /** An instance has given the name to another. `tokens`: those that had this time left. Empty: their tokens are not known. */
  add(tokens: readonly string[], leftMs: number): void {
    const end = this.#clock.monotonic() + leftMs;
    if (tokens.length === 0) this.#unknownEnd = Math.max(this.#unknownEnd, end);
    for (const token of tokens) this.#endOf.set(token, Math.max(this.#endOf.get(token) ?? 0, end));
  }

  /** The holder with this token knows of the theft, so it extends nothing any more. */
  delete(token: string): void {
    this.#endOf.delete(token);
  }
}
