import type { Fact } from "./leases.ts";

/**
 * The facts that are not in the order yet, by start: a doubly linked list, so that taking one out, putting it back, and
 * looking at the first few cost the same however long the history is.
 */
export class PendingFacts {
  readonly facts: readonly Fact[];
  readonly #next: Int32Array;
  readonly #previous: Int32Array;
  readonly #taken: Uint8Array;
  /** Beyond both ends. */
  readonly #head: number;

  /** @param facts by start. */
  constructor(facts: readonly Fact[]) {
    this.facts = facts;
    this.#head = facts.length;
    this.#taken = new Uint8Array(facts.length);
    this.#next = Int32Array.from({ length: facts.length + 1 }, (_, index) => index + 1);
    this.#previous = Int32Array.from({ length: facts.length + 1 }, (_, index) => index - 1);
    this.#next[this.#head] = facts.length === 0 ? this.#head : 0;
    this.#previous[0] = this.#head;
    this.#previous[this.#head] = facts.length === 0 ? this.#head : facts.length - 1;
  }

  get empty(): boolean {
    return this.#next[this.#head] === this.#head;
  }

  take(index: number): void {
    const [before, after] = [this.#previous[index]!, this.#next[index]!];
    this.#next[before] = after;
    this.#previous[after] = before;
    this.#taken[index] = 1;
  }

  /** Undoes `take`; the last one taken is put back first. */
  putBack(index: number): void {
    this.#next[this.#previous[index]!] = index;
    this.#previous[this.#next[index]!] = index;
    this.#taken[index] = 0;
  }

  /** Whether it is pending and may come before `deadline`. */
  startsBy(index: number, deadline: number): boolean {
    return this.#taken[index] === 0 && this.facts[index]!.start <= deadline;
  }

  /**
   * Those that may come next: that began before, or when, the first of them had to be over. Only they can overlap.
   */
  window(): Window {
    const indexes: number[] = [];
    let [urgent, deadline] = [this.#head, Infinity];
    for (let index = this.#next[this.#head]!; index !== this.#head; index = this.#next[index]!) {
      const { start, end } = this.facts[index]!;
      if (start > deadline) break;
      indexes.push(index);
      if (end < deadline) [urgent, deadline] = [index, end];
    }
    return { indexes: indexes.filter((index) => this.facts[index]!.start <= deadline), urgent, deadline };
  }

  /**
   * Names the set of what is pending, given the last index that was taken: all after that one are. What is short is
   * what is left out before it.
   */
  key(lastTaken: number): string {
    let key = String(lastTaken);
    for (let index = this.#next[this.#head]!; index < lastTaken; index = this.#next[index]!)
      key += `,${index}`;
    return key;
  }
}

/** What cannot wait. */
export interface Urgency {
  /** The one that had to be over first. */
  readonly urgent: number;
  /** When that was. */
  readonly deadline: number;
}

export interface Window extends Urgency {
  readonly indexes: readonly number[];
}
