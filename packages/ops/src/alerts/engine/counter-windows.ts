import { type AlertFigures, type ClassCounts, COUNT_FIELDS, noCounts } from "../figures/alert-figures.ts";

/** Increases that come within this time are one entry. */
export const SLOT_MS = 5_000;
/** The longest window. */
export const MAX_WINDOW_MS = 3_600_000;

interface Slot {
  readonly number: number;
  readonly counts: Record<keyof ClassCounts, number>;
}

interface ClassHistory {
  latest: ClassCounts;
  seenAt: number;
  slots: Slot[];
}

/** Turns counts since the start of a process into increases within sliding windows. */
export class CounterWindows {
  readonly #classes = new Map<string, ClassHistory>();
  readonly #total = noCounts();
  #hasBegun: boolean;

  /** `fromZero`: whether the counts of the first reading are an increase. Otherwise they are the start. */
  constructor(fromZero: boolean) {
    this.#hasBegun = fromZero;
  }

  /** What was counted since the first reading, in all classes. */
  get total(): ClassCounts {
    return { ...this.#total };
  }

  add(nowMs: number, classes: NonNullable<AlertFigures["classes"]>): void {
    for (const { resource, counts } of classes) {
      const known = this.#classes.get(resource);
      // A class that appears later began at 0.
      const before = known?.latest ?? (this.#hasBegun ? noCounts() : counts);
      const history: ClassHistory = known ?? { latest: counts, seenAt: nowMs, slots: [] };
      this.#addIncrease(history, nowMs, before, counts);
      // A copy, because a source can return the object that it counts in.
      history.latest = { ...counts };
      history.seenAt = nowMs;
      this.#classes.set(resource, history);
    }
    this.#hasBegun = true;
    for (const [resource, { seenAt }] of this.#classes)
      if (nowMs - seenAt > MAX_WINDOW_MS) this.#classes.delete(resource);
  }

  /** How much each count of a class has increased within the window. */
  increase(nowMs: number, resource: string, windowMs: number): ClassCounts {
    const sum = noCounts();
    for (const { number, counts } of this.#classes.get(resource)?.slots ?? []) {
      if (number * SLOT_MS <= nowMs - windowMs - SLOT_MS) continue;
      for (const field of COUNT_FIELDS) sum[field] += counts[field];
    }
    return sum;
  }

  #addIncrease(history: ClassHistory, nowMs: number, before: ClassCounts, now: ClassCounts): void {
    const number = Math.floor(nowMs / SLOT_MS);
    const oldest = number - MAX_WINDOW_MS / SLOT_MS;
    if ((history.slots[0]?.number ?? number) < oldest)
      history.slots = history.slots.filter((each) => each.number >= oldest);
    for (const field of COUNT_FIELDS) {
      // A count that went down is of a process that has started again. What it counts now is new.
      const added = now[field] < before[field] ? now[field] : now[field] - before[field];
      if (added === 0) continue;
      let slot = history.slots.at(-1);
      if (slot?.number !== number) {
        slot = { number, counts: noCounts() };
        history.slots.push(slot);
      }
      slot.counts[field] += added;
      this.#total[field] += added;
    }
  }
}
