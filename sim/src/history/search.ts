import type { Fact, Facts, Lease } from "./leases.ts";
import type { Model } from "./model.ts";
import { PendingFacts, type Urgency, type Window } from "./pending.ts";

export type SearchResult<State> =
  | { readonly found: "order"; readonly steps: number }
  | { readonly found: "none"; readonly steps: number; readonly deadEnd: DeadEnd<State> }
  | { readonly found: "limit"; readonly steps: number };

/** The end of the longest order that the search found. */
export interface DeadEnd<State> {
  readonly state: State;
  /** The fact that must come before all others, and cannot. */
  readonly stuck: Fact;
  /** The facts that may come next by their times. */
  readonly pending: readonly Fact[];
  /** The last facts of the order. */
  readonly latest: readonly Fact[];
}

/** A point in the order, and the moves that are possible there. */
interface Frame<State> {
  readonly state: State;
  /** The fact that led here; −1 if a lease ended. */
  readonly taken: number;
  readonly lastTaken: number;
  readonly urgency: Urgency;
  readonly moves: readonly Move[];
  /** Number of moves that were tried. */
  tried: number;
}

/** The next step of the order: a fact (by index), or the end of a lease. */
type Move = number | Lease;

/** Each configuration stays in memory, so their number is limited more strictly than the steps. */
const MAX_CONFIGURATIONS = 2_000_000;

/** Number of facts in `DeadEnd.latest` at least. */
const LATEST = 3;

/**
 * Searches for an order of the facts that the model allows and that respects real time.
 *
 * The algorithm is by Wing and Gong (1993). It remembers the configurations that it has seen (Lowe, "Testing for
 * linearizability", 2017). A configuration is the set of ordered facts and the state. The search ends after `maxSteps`
 * moves or two million configurations.
 */
export function search<State>(
  model: Model<State>,
  { facts, leases }: Facts,
  maxSteps: number,
): SearchResult<State> {
  return new Search(model, facts, leases).run(maxSteps);
}

class Search<State> {
  readonly #model: Model<State>;
  readonly #leases: ReadonlyMap<string, Lease>;
  readonly #pending: PendingFacts;
  readonly #factsOf = new Map<Lease, number[]>();
  readonly #seen = new Set<string>();
  readonly #stack: Frame<State>[] = [];
  /** By lease with an assumed grant: the number of its facts in the order. The grant comes before the first. */
  readonly #ordered = new Map<Lease, number>();
  #length = 0;
  #longest = -1;
  #deadEnd: DeadEnd<State> | undefined;

  constructor(model: Model<State>, facts: readonly Fact[], leases: ReadonlyMap<string, Lease>) {
    this.#model = model;
    this.#leases = leases;
    this.#pending = new PendingFacts(facts);
    facts.forEach(({ lease }, index) => {
      const own = this.#factsOf.get(lease);
      if (own === undefined) this.#factsOf.set(lease, [index]);
      else own.push(index);
    });
  }

  run(maxSteps: number): SearchResult<State> {
    let steps = 0;
    this.#push(this.#model.initial, -1, -1);
    for (;;) {
      if (this.#pending.isComplete) return { found: "order", steps };
      const frame = this.#stack.at(-1);
      if (frame === undefined) return { found: "none", steps, deadEnd: this.#deadEnd! };
      const move = frame.moves[frame.tried];
      if (move === undefined) {
        this.#pop(frame);
        continue;
      }
      if (steps === maxSteps || this.#seen.size === MAX_CONFIGURATIONS) return { found: "limit", steps };
      steps += 1;
      frame.tried += 1;
      this.#try(frame, move);
    }
  }

  #try({ state, lastTaken, urgency }: Frame<State>, move: Move): void {
    if (typeof move !== "number") {
      const after = this.#afterEnd(state, move);
      if (after !== undefined) this.#enter(after, -1, lastTaken);
      return;
    }
    const next = this.#afterFact(state, move, urgency.deadline);
    if (next === undefined) return;
    this.#take(move);
    if (move === urgency.urgent || !this.#isStuck(next, urgency)) {
      if (this.#enter(next, move, Math.max(move, lastTaken))) return;
    }
    this.#putBack(move);
  }

  /** Continues from a configuration, unless it was seen before. */
  #enter(state: State, taken: number, lastTaken: number): boolean {
    const key = `${this.#pending.key(lastTaken)} ${this.#model.key(state)}`;
    if (this.#seen.has(key)) return false;
    this.#seen.add(key);
    this.#push(state, taken, lastTaken);
    return true;
  }

  /**
   * Whether the urgent fact is a grant, and no holder can free the lock in time. This ends nine of ten wrong turns before
   * they cost anything.
   */
  #isStuck(state: State, { urgent, deadline }: Urgency): boolean {
    if (!this.#mustWait(state, urgent, deadline)) return false;
    return this.#holders(state).every(
      (lease) =>
        lease.endsFrom > deadline &&
        !this.#factsOf.get(lease)?.some((index) => this.#pending.canStartBy(index, deadline)),
    );
  }

  #mustWait(state: State, urgent: number, deadline: number): boolean {
    const { kind } = this.#pending.facts[urgent]!.effect;
    return kind === "acquire" && this.#afterFact(state, urgent, deadline) === undefined;
  }

  #holders(state: State): readonly Lease[] {
    return this.#model.holders(state).flatMap((name) => this.#leases.get(name) ?? []);
  }

  #afterFact(state: State, index: number, deadline: number): State | undefined {
    const { effect, lease } = this.#pending.facts[index]!;
    const { assumed } = lease;
    if (assumed === undefined || (this.#ordered.get(lease) ?? 0) > 0) return this.#model.step(state, effect);
    if (assumed.start > deadline) return undefined;
    const granted = this.#model.step(state, assumed.effect);
    return granted === undefined ? undefined : this.#model.step(granted, effect);
  }

  #afterEnd(state: State, { name }: Lease): State | undefined {
    return this.#model.step(state, {
      kind: "expire",
      holder: name,
      fence: undefined,
      mode: "X",
      permits: 1,
      known: false,
    });
  }

  #push(state: State, taken: number, lastTaken: number): void {
    const window = this.#pending.window();
    const { facts } = this.#pending;
    const impossible = window.indexes.find((index) => this.#model.never?.(state, facts[index]!.effect));
    if (!this.#pending.isComplete)
      this.#keepDeadEnd(state, taken, impossible ?? window.urgent, window.indexes);
    const moves = this.#pending.isComplete || impossible !== undefined ? [] : this.#movesFrom(state, window);
    const { urgent, deadline } = window;
    this.#stack.push({ state, taken, lastTaken, urgency: { urgent, deadline }, moves, tried: 0 });
  }

  /**
   * The moves to try, by end, because the earliest end nearly always comes first. Leases end last, because they end only
   * if nothing else is possible.
   *
   * If the urgent fact is a grant that must wait, only facts of the holders are useful. An order in which another fact
   * comes next is also allowed if the holders come before it.
   */
  #movesFrom(state: State, { indexes, urgent, deadline }: Window): readonly Move[] {
    const { facts } = this.#pending;
    const holders = this.#holders(state);
    const useful = this.#mustWait(state, urgent, deadline)
      ? indexes.filter((index) => holders.includes(facts[index]!.lease))
      : indexes;
    const byEnd = useful.toSorted((a, b) => facts[a]!.end - facts[b]!.end);
    const endings = holders.filter(({ endsFrom }) => endsFrom <= deadline);
    return [...byEnd, ...endings];
  }

  #pop({ taken }: Frame<State>): void {
    this.#stack.pop();
    if (taken !== -1) this.#putBack(taken);
  }

  #take(index: number): void {
    this.#pending.take(index);
    this.#length += 1;
    this.#count(index, 1);
  }

  #putBack(index: number): void {
    this.#pending.putBack(index);
    this.#length -= 1;
    this.#count(index, -1);
  }

  #count(index: number, change: number): void {
    const { lease } = this.#pending.facts[index]!;
    if (lease.assumed !== undefined) this.#ordered.set(lease, (this.#ordered.get(lease) ?? 0) + change);
  }

  /** Keeps the dead end with the longest order. Of two equal ones, the one after the end of a lease explains more. */
  #keepDeadEnd(state: State, taken: number, stuck: number, pending: readonly number[]): void {
    if (this.#length < this.#longest || (this.#length === this.#longest && taken !== -1)) return;
    this.#longest = this.#length;
    const { facts } = this.#pending;
    const latest = this.#stack.slice(-LATEST * 2).map((frame) => frame.taken);
    this.#deadEnd = {
      state,
      stuck: facts[stuck]!,
      pending: pending.map((index) => facts[index]!),
      latest: [...latest, taken].filter((index) => index !== -1).map((index) => facts[index]!),
    };
  }
}
