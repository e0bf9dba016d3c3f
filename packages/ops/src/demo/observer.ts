export type ViolationKind = "overlap" | "fence" | "lost update";

/** Something that exclusion rules out. */
export interface Violation {
  readonly kind: ViolationKind;
  readonly what: string;
}

/** So many violations are kept in words; all of them are counted. */
const MOST_EXAMPLES = 20;

/**
 * Watches the store from beside it and influences nothing: who is between reading and writing the stock, which sales
 * there were, and what exclusion should have prevented. Moments are in ms since any start, and handed in.
 */
export class Observer {
  /** When each sale was written. */
  readonly salesAt: number[] = [];
  /** From the write of one worker to the read of another, the next. */
  readonly handOversMs: number[] = [];
  /** The first violations. */
  readonly examples: Violation[] = [];
  #violations = 0;
  readonly #inside = new Set<number>();
  #lastFence = -Infinity;
  #lastWrite: { readonly worker: number; readonly atMs: number } | undefined;

  /** How many writes arrived, each of them one item sold. */
  get sold(): number {
    return this.salesAt.length;
  }

  get violations(): number {
    return this.#violations;
  }

  /** Who is between a read and a write. */
  get inside(): ReadonlySet<number> {
    return this.#inside;
  }

  /** The largest fencing token seen; `undefined` before the first. */
  get fence(): number | undefined {
    return this.#lastFence === -Infinity ? undefined : this.#lastFence;
  }

  /** A worker read the stock; `fence` is that of its lock, if it has one. */
  read(worker: number, fence: number | undefined, atMs: number): void {
    if (this.#inside.size > 0) {
      const others = [...this.#inside].join(", ");
      this.#note("overlap", `worker ${worker} came in while inside was: ${others}`);
    }
    if (fence !== undefined) {
      if (fence <= this.#lastFence) {
        this.#note("fence", `worker ${worker} came with fence ${fence} after ${this.#lastFence}`);
      }
      this.#lastFence = Math.max(this.#lastFence, fence);
    }
    this.#inside.add(worker);
    const last = this.#lastWrite;
    if (last !== undefined && last.worker !== worker) this.handOversMs.push(atMs - last.atMs);
    this.#lastWrite = undefined;
  }

  /** A worker's write turned the stock from `before` to `after`. The write of one that has died since counts as well. */
  wrote(worker: number, before: number, after: number, atMs: number): void {
    this.#inside.delete(worker);
    if (after !== before - 1) {
      this.#note("lost update", `worker ${worker} wrote ${after} over ${before}: other sales were undone`);
    }
    this.salesAt.push(atMs);
    this.#lastWrite = { worker, atMs };
  }

  /** A worker went without writing: nothing was left, or it lost its lock, or it is dead. */
  left(worker: number): void {
    this.#inside.delete(worker);
  }

  #note(kind: ViolationKind, what: string): void {
    this.#violations += 1;
    if (this.examples.length < MOST_EXAMPLES) this.examples.push({ kind, what });
  }
}
