/** A breach of mutual exclusion or of the order of fencing tokens, in words. */
export type Violation = string;

/**
 * Observes the holders of one lock: there is at most one at a time, and fencing tokens only grow. It records violations and
 * stops no contender, so that the tables can show them.
 */
export class ExclusionChecker {
  readonly violations: Violation[];
  #holders = 0;
  #fence = 0;

  /** @param violations the list to add to. Several checkers may share one. */
  constructor(violations: Violation[] = []) {
    this.violations = violations;
  }

  /** Call it as soon as the lock was granted. */
  enter(fence: number | undefined): void {
    this.#holders += 1;
    if (this.#holders > 1) this.violations.push(`${this.#holders} callers hold one lock at the same time`);
    if (fence === undefined) return;
    if (!(fence > this.#fence)) this.violations.push(`fencing token ${fence} came after ${this.#fence}`);
    this.#fence = fence;
  }

  /** Call it before the release begins. */
  leave(): void {
    this.#holders -= 1;
  }
}

/** When one caller held the lock, in milliseconds of a clock that all processes share. */
export interface HoldPeriod {
  readonly startedAt: number;
  readonly endedAt: number;
  readonly fence: number | undefined;
}

/** The same check for hold periods that several processes recorded, in any order. */
export function findViolations(holdPeriods: readonly HoldPeriod[]): readonly Violation[] {
  const violations: Violation[] = [];
  let last: HoldPeriod | undefined;
  for (const period of holdPeriods.toSorted((a, b) => a.startedAt - b.startedAt)) {
    if (last !== undefined && period.startedAt < last.endedAt) {
      const overlap = (Math.min(last.endedAt, period.endedAt) - period.startedAt).toFixed(3);
      violations.push(`2 callers hold one lock at the same time, for ${overlap} ms`);
    }
    if (period.fence !== undefined && last?.fence !== undefined && !(period.fence > last.fence)) {
      violations.push(`fencing token ${period.fence} came after ${last.fence}`);
    }
    if (last === undefined || period.endedAt > last.endedAt) last = period;
  }
  return violations;
}

/** One line for each kind of message, with the number of times that it occurred. */
export function countMessages(subject: string, messages: readonly string[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const message of messages) {
    // Names and numbers differ between messages of the same kind.
    const kind = message.replaceAll(/\d+(\.\d+)?/g, "#").replaceAll(/"[^"]*"/g, "…");
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return [...counts].map(([kind, count]) => `${subject}: ${count} × ${kind}`);
}
