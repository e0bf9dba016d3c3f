import type { Fact } from "./leases.ts";

/**
 * The facts that are not in the order yet, by start. A doubly linked list, so that each operation costs the same however
 * long the history is.
 */
export class PendingFacts {
  readonly facts: readonly Fact[];
  readonly #next: Int32Array;
  readonly #previous: Int32Array;
  readonly #taken: Uint8Array;
  /** The index that stands before the first and after the last fact. */
  readonly #head: number;
  /** Number of facts that are not optional. */
  #required: number;

  /** @param facts by start. */
  constructor(facts: readonly Fact[]) {
    this.facts = facts;
    this.#head = facts.length;
    this.#required = facts.filter(({ isOptional }) => !isOptional).length;
    this.#taken = new Uint8Array(facts.length);
    this.#next = Int32Array.from({ length: facts.length + 1 }, (_, index) => index + 1);
    this.#previous = Int32Array.from({ length: facts.length + 1 }, (_, index) => index - 1);
    this.#next[this.#head] = facts.length === 0 ? this.#head : 0;
    this.#previous[0] = this.#head;
    this.#previous[this.#head] = facts.length === 0 ? this.#head : facts.length - 1;
  }

  /** Whether no fact is left that must be in the order. */
  get isComplete(): boolean {
    return this.#required === 0;
  }

  take(index: number): void {
    const [before, after] = [this.#previous[index]!, this.#next[index]!];
    this.#next[before] = after;
    this.#previous[after] = before;
    this.#taken[index] = 1;
    if (!this.facts[index]!.isOptional) this.#required -= 1;
  }

  /** Undoes `take`. The fact that was taken last must be put back first. */
  putBack(index: number): void {
    this.#next[this.#previous[index]!] = index;
    this.#previous[this.#next[index]!] = index;
    this.#taken[index] = 0;
    if (!this.facts[index]!.isOptional) this.#required += 1;
  }

  /** Whether the fact is pending and may come before `deadline`. */
  canStartBy(index: number, deadline: number): boolean {
    return this.#taken[index] === 0 && this.facts[index]!.start <= deadline;
  }

  /** The facts that may come next: all that start at or before the earliest end. */
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
   * Identifies the set of pending facts. All facts after `lastTaken` are pending, so the key lists only the pending facts
   * before it.
   */
  key(lastTaken: number): string {
    let key = String(lastTaken);
    for (let index = this.#next[this.#head]!; index < lastTaken; index = this.#next[index]!)
      key += `,${index}`;
    return key;
  }
}

export interface Urgency {
  /** The pending fact with the earliest end. */
  readonly urgent: number;
  /** That end. */
  readonly deadline: number;
}

export interface Window extends Urgency {
  readonly indexes: readonly number[];
}
