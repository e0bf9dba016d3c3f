export type ViolationKind = "overlap" | "fence" | "lost update";

/** Something that the lock must prevent. */
export interface Violation {
  readonly kind: ViolationKind;
  readonly message: string;
}

/** Maximum number of violations to keep. All of them are counted. */
const MAX_EXAMPLES = 20;

/**
 * Watches the reads and writes of the store, and finds violations. It does not change the sale. A worker is inside the
 * critical section between its read and its write. All times are in ms since the same start.
 */
export class Observer {
  /** The time of each write. Each write sells one item. */
  readonly salesAt: number[] = [];
  /** For each hand-over, the time from the write of one worker to the read of the next. */
  readonly handOversMs: number[] = [];
  /** The first violations. */
  readonly examples: Violation[] = [];
  #violations = 0;
  #fenceViolations = 0;
  readonly #workersInside = new Set<number>();
  #fences = 0;
  #highestFence: number | undefined;
  #lastWrite: { readonly worker: number; readonly atMs: number } | undefined;

  /** Number of items that were sold. */
  get sold(): number {
    return this.salesAt.length;
  }

  /** Number of violations. */
  get violations(): number {
    return this.#violations;
  }

  /** Number of fencing tokens that were not larger than all earlier ones. */
  get fenceViolations(): number {
    return this.#fenceViolations;
  }

  get workersInside(): ReadonlySet<number> {
    return this.#workersInside;
  }

  /** The largest fencing token. `undefined` before the first one. */
  get highestFence(): number | undefined {
    return this.#highestFence;
  }

  /** Number of locks whose fencing token was checked. */
  get fences(): number {
    return this.#fences;
  }

  /** @param fence fencing token of the worker's lock. `undefined` without a lock. */
  onRead(worker: number, fence: number | undefined, atMs: number): void {
    if (this.#workersInside.size > 0) {
      const others = [...this.#workersInside].join(", ");
      this.#addViolation("overlap", `worker ${worker} read the stock before worker ${others} wrote it`);
    }
    if (fence !== undefined) this.#checkFence(worker, fence);
    this.#workersInside.add(worker);
    const last = this.#lastWrite;
    if (last !== undefined && last.worker !== worker) this.handOversMs.push(atMs - last.atMs);
    this.#lastWrite = undefined;
  }

  /** A write changed the stock from `before` to `after`. A late write of a killed worker counts too. */
  onWrite(worker: number, before: number, after: number, atMs: number): void {
    this.#workersInside.delete(worker);
    if (after !== before - 1) {
      this.#addViolation("lost update", `worker ${worker} wrote ${after} over ${before}`);
    }
    this.salesAt.push(atMs);
    this.#lastWrite = { worker, atMs };
  }

  /** The worker does not write: no items were left, or it lost its lock, or it was killed. */
  onLeave(worker: number): void {
    this.#workersInside.delete(worker);
  }

  #checkFence(worker: number, fence: number): void {
    const highest = this.#highestFence ?? -Infinity;
    if (fence <= highest) {
      this.#fenceViolations += 1;
      this.#addViolation("fence", `worker ${worker} has fencing token ${fence} after ${highest}`);
    }
    this.#fences += 1;
    this.#highestFence = Math.max(highest, fence);
  }

  #addViolation(kind: ViolationKind, message: string): void {
    this.#violations += 1;
    if (this.examples.length < MAX_EXAMPLES) this.examples.push({ kind, message });
  }
}
