import type { Attempt, Grant } from "./grant.ts";

/** One change of the number of permits of a semaphore. */
export interface SizeChange {
  readonly name: string;
  readonly total: number;
  readonly startedAt: number;
  /** `Infinity` as long as the call has not succeeded. A call that fails may have an effect at any later moment. */
  confirmedAt: number;
}

/**
 * Knows which numbers of permits a semaphore can have had. A number counts no more once a later change was confirmed: one that began
 * after the change to this number was confirmed. Two changes at the same time can have an effect in either order.
 */
export class Sizes {
  readonly #changes = new Map<string, SizeChange[]>();
  /** Whether servers have lost changes for good, so that every number can count again. */
  isForgotten = false;

  begin(name: string, total: number, now: number): SizeChange {
    const change: SizeChange = { name, total, startedAt: now, confirmedAt: Infinity };
    this.#changes.set(name, [...(this.#changes.get(name) ?? []), change]);
    return change;
  }

  confirm(change: SizeChange, now: number): void {
    change.confirmedAt = now;
  }

  /** The numbers that can have counted at some moment between two ones. `first`: the number without a change. */
  between(name: string, first: number, from: number, to: number): readonly number[] {
    const original: SizeChange = { name, total: first, startedAt: -Infinity, confirmedAt: -Infinity };
    const all = [original, ...(this.#changes.get(name) ?? [])].filter(({ startedAt }) => startedAt <= to);
    const isReplaced = ({ confirmedAt }: SizeChange): boolean =>
      all.some((later) => later.startedAt >= confirmedAt && later.confirmedAt <= from && later !== original);
    const counting = this.isForgotten ? all : all.filter((change) => !isReplaced(change));
    return counting.map(({ total }) => total);
  }

  /** Why the slots of a grant are not those that it wanted, or too large. */
  problemOf(grant: Attempt & Pick<Grant, "slots" | "lock">, now: number): string | undefined {
    const { slots, permits, lock } = grant;
    const totals = this.#totalsDuring(grant, now);
    if (slots.length === permits.wanted && slots.every((slot) => slot < Math.max(...totals)))
      return undefined;
    const all = [...new Set(totals)].join(" or ");
    return `${lock.token} wanted ${permits.wanted} of ${all} permits, and got ${slots.join(", ")}`;
  }

  /** Whether the semaphore can have had fewer permits than an attempt wants. */
  canBeTooSmall(attempt: Attempt, now: number): boolean {
    return attempt.permits.wanted > Math.min(...this.#totalsDuring(attempt, now));
  }

  #totalsDuring({ names: [name = ""], permits: { total }, startedAt }: Attempt, now: number) {
    return this.between(name, total, startedAt, now);
  }
}
