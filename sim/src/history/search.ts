import type { Fact, Facts, Lease } from "./leases.ts";
import type { Model } from "./model.ts";
import { PendingFacts, type Urgency, type Window } from "./pending.ts";

export type SearchResult<State> =
  | { readonly found: "order"; readonly steps: number }
  | { readonly found: "none"; readonly steps: number; readonly deadEnd: DeadEnd<State> }
  | { readonly found: "too much"; readonly steps: number };

/** Where the longest order that the search came upon could not go on. */
export interface DeadEnd<State> {
  readonly state: State;
  /** What had to come before anything else that is left, and cannot. */
  readonly stuck: Fact;
  /** What else might have come next. */
  readonly pending: readonly Fact[];
  /** What came last. */
  readonly latest: readonly Fact[];
}

/** A point in the order that was tried, and where it can go from there. */
interface Frame<State> {
  readonly state: State;
  /** The fact that led here; −1 for a lease that ended. */
  readonly taken: number;
  readonly lastTaken: number;
  readonly urgency: Urgency;
  readonly moves: readonly Move[];
  tried: number;
}

/** A fact that comes next, or a lease that ends. */
type Move = number | Lease;

/** There may be many steps, but each of these stays in memory. */
const MOST_CONFIGURATIONS = 2_000_000;

const LATEST = 3;

/**
 * Looks for an order of the facts that the model allows and in which whatever was over before another began comes
 * first: the search of Wing and Gong (1993), which remembers what it has seen (Lowe, "Testing for linearizability", 2017:
 * the set of what is in the order, and the state). It gives up after `maxSteps` things tried, or two million
 * configurations.
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
  /** How many facts of each lease that had to be supposed are in the order: from the first on it was granted. */
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
      if (this.#pending.empty) return { found: "order", steps };
      const frame = this.#stack.at(-1);
      if (frame === undefined) return { found: "none", steps, deadEnd: this.#deadEnd! };
      const move = frame.moves[frame.tried];
      if (move === undefined) {
        this.#pop(frame);
        continue;
      }
      if (steps === maxSteps || this.#seen.size === MOST_CONFIGURATIONS) return { found: "too much", steps };
      steps += 1;
      frame.tried += 1;
      this.#try(frame, move);
    }
  }

  #try({ state, lastTaken, urgency }: Frame<State>, move: Move): void {
    if (typeof move !== "number") {
      const ended = this.#afterEnding(state, move);
      if (ended !== undefined) this.#enter(ended, -1, lastTaken);
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

  /** Goes on from a state that was not seen before. */
  #enter(state: State, taken: number, lastTaken: number): boolean {
    const key = `${this.#pending.key(lastTaken)} ${this.#model.key(state)}`;
    if (this.#seen.has(key)) return false;
    this.#seen.add(key);
    this.#push(state, taken, lastTaken);
    return true;
  }

  /**
   * Whether what is urgent is a grant that has to wait for holders who can do nothing in time: nine of ten wrong turns
   * end here, before they cost anything.
   */
  #isStuck(state: State, { urgent, deadline }: Urgency): boolean {
    if (!this.#hasToWait(state, urgent, deadline)) return false;
    return this.#holders(state).every(
      (lease) =>
        lease.endsFrom > deadline &&
        !this.#factsOf.get(lease)?.some((index) => this.#pending.startsBy(index, deadline)),
    );
  }

  #hasToWait(state: State, urgent: number, deadline: number): boolean {
    const { kind } = this.#pending.facts[urgent]!.effect;
    return kind === "acquire" && this.#afterFact(state, urgent, deadline) === undefined;
  }

  #holders(state: State): readonly Lease[] {
    return this.#model.holders(state).flatMap((name) => this.#leases.get(name) ?? []);
  }

  #afterFact(state: State, index: number, deadline: number): State | undefined {
    const { effect, lease } = this.#pending.facts[index]!;
    const { supposed } = lease;
    if (supposed === undefined || (this.#ordered.get(lease) ?? 0) > 0) return this.#model.step(state, effect);
    if (supposed.start > deadline) return undefined;
    const granted = this.#model.step(state, supposed.effect);
    return granted === undefined ? undefined : this.#model.step(granted, effect);
  }

  #afterEnding(state: State, { name }: Lease): State | undefined {
    return this.#model.step(state, {
      kind: "expire",
      holder: name,
      fence: undefined,
      mode: "write",
      known: false,
    });
  }

  #push(state: State, taken: number, lastTaken: number): void {
    const window = this.#pending.window();
    const { facts } = this.#pending;
    const hopeless = window.indexes.find((index) => this.#model.never?.(state, facts[index]!.effect));
    if (!this.#pending.empty) this.#note(state, taken, hopeless ?? window.urgent, window.indexes);
    const moves = this.#pending.empty || hopeless !== undefined ? [] : this.#movesFrom(state, window);
    const { urgent, deadline } = window;
    this.#stack.push({ state, taken, lastTaken, urgency: { urgent, deadline }, moves, tried: 0 });
  }

  /**
   * First what must be over first, which is nearly always right; the end of a lease only where nothing else will do.
   * While that which must be over first is a grant that has to wait, only its holders can help: any order in which
   * somebody else comes next is allowed also with what the holders do before that.
   */
  #movesFrom(state: State, { indexes, urgent, deadline }: Window): readonly Move[] {
    const { facts } = this.#pending;
    const holders = this.#holders(state);
    const useful = this.#hasToWait(state, urgent, deadline)
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
    if (lease.supposed !== undefined) this.#ordered.set(lease, (this.#ordered.get(lease) ?? 0) + change);
  }

  /** Of two dead ends after the same facts, the one where a lease has ended says more. */
  #note(state: State, taken: number, stuck: number, pending: readonly number[]): void {
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
