/** What went against mutual exclusion, in words. */
export type Violation = string;

/**
 * Watches the holders of one lock from outside: never two at once, and fencing tokens that only grow. It does not stop
 * anybody: a contender that fails is shown so.
 */
export class Referee {
  readonly violations: Violation[] = [];
  #holders = 0;
  #fence = 0;

  enter(fence: number | undefined): void {
    this.#holders += 1;
    if (this.#holders > 1) this.violations.push(`${this.#holders} hold one lock at the same time`);
    if (fence === undefined) return;
    if (!(fence > this.#fence)) this.violations.push(`fencing token ${fence} came after ${this.#fence}`);
    this.#fence = fence;
  }

  /** To be called before the release begins. */
  leave(): void {
    this.#holders -= 1;
  }
}

/** From when to when one had the lock, by a clock that all processes share. */
export interface Tenure {
  readonly entered: number;
  readonly left: number;
  readonly fence: number | undefined;
}

/** The same of tenures that were recorded in several processes. */
export function violationsOf(tenures: readonly Tenure[]): readonly Violation[] {
  const violations: Violation[] = [];
  let last: Tenure | undefined;
  for (const tenure of tenures.toSorted((a, b) => a.entered - b.entered)) {
    if (last !== undefined && tenure.entered < last.left) {
      const overlap = (Math.min(last.left, tenure.left) - tenure.entered).toFixed(3);
      violations.push(`2 hold one lock at the same time, for ${overlap} ms`);
    }
    if (tenure.fence !== undefined && last?.fence !== undefined && !(tenure.fence > last.fence)) {
      violations.push(`fencing token ${tenure.fence} came after ${last.fence}`);
    }
    if (last === undefined || tenure.left > last.left) last = tenure;
  }
  return violations;
}

/** Many of the same as one line each, with their number. */
export function tally(what: string, texts: readonly string[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const text of texts) {
    // Names and numbers differ from one to the next.
    const kind = text.replaceAll(/\d+(\.\d+)?/g, "#").replaceAll(/"[^"]*"/g, "…");
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return [...counts].map(([kind, count]) => `${what}: ${count} × ${kind}`);
}
