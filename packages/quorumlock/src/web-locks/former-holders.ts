import type { Clock } from "../base/clock.ts";

/**
 * The former holders of one name that may not know of the theft. Until its key would have expired, each could extend the key if it
 * were free.
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

  /** An instance has deleted tokens that had this time left. An empty list: it is not known which. */
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
