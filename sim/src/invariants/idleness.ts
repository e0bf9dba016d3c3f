import type { Attempt, Grant } from "./referee.ts";

/**
 * How long a resource lay idle while somebody waited for it: from when its last holder was done with it, or from when
 * the caller came if that was later, until it was granted again. A lost wake-up shows here at once.
 */
export class Idleness {
  readonly #waiting = new Map<string, Set<Attempt>>();
  /** Until when each resource was taken at least, in real time. */
  readonly #takenUntil = new Map<string, number>();
  /** Who holds it by its own account: several where clocks run wild or servers forget, and then nothing is promised. */
  readonly #holders = new Map<string, Set<Grant>>();
  longestMs = 0;
  readonly #isAlive: (attempt: Attempt) => boolean;
  /** Nothing counts that began before. */
  #from: number;

  constructor(from: number, isAlive: (attempt: Attempt) => boolean) {
    this.#from = from;
    this.#isAlive = isAlive;
  }

  /** From this moment on nothing stands in the way of anybody. */
  countFrom(time: number): void {
    this.#from = time;
  }

  waits(attempt: Attempt): void {
    for (const name of attempt.names) {
      const waiting = this.#waiting.get(name) ?? new Set();
      waiting.add(attempt);
      this.#waiting.set(name, waiting);
    }
  }

  /** Granted, refused or given up. */
  waitsNoMore(attempt: Attempt, now: number): void {
    for (const name of attempt.names) {
      this.#waiting.get(name)?.delete(attempt);
      // It kept its place for each of its names until now.
      if (attempt.names.length > 1) {
        this.#takenUntil.set(name, Math.max(now, this.#takenUntil.get(name) ?? 0));
      }
    }
  }

  granted(grant: Grant, now: number): void {
    for (const name of grant.names) {
      const others = [...(this.#waiting.get(name) ?? [])].filter((attempt) => this.#isAlive(attempt));
      const since = Math.max(
        Math.min(grant.askedAt, ...others.map(({ askedAt }) => askedAt)),
        this.#takenUntil.get(name) ?? 0,
      );
      // Whoever wants several names keeps its place for one of them while it waits for another: that is no fault.
      const several = grant.names.length > 1 || others.some(({ names }) => names.length > 1);
      if (!several && since >= this.#from) this.longestMs = Math.max(this.longestMs, now - since);
      this.#takenUntil.set(name, Infinity);
      const holders = this.#holders.get(name) ?? new Set();
      this.#holders.set(name, holders.add(grant));
    }
  }

  /** It may be granted to somebody else from then on, unless somebody else has it already. */
  ended(grant: Grant, at: number): void {
    for (const name of grant.names) {
      const holders = this.#holders.get(name);
      holders?.delete(grant);
      // Who is dead holds nothing for long.
      if (![...(holders ?? [])].some((other) => this.#isAlive(other))) this.#takenUntil.set(name, at);
    }
  }
}
