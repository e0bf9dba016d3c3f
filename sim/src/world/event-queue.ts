interface Entry {
  readonly at: number;
  readonly order: number;
  run: (() => void) | undefined;
}

export interface ScheduledEvent {
  cancel(): void;
}

/** Events sorted by time, and by order of entry if times are equal. A binary heap. */
export class EventQueue {
  readonly #heap: Entry[] = [];
  #order = 0;

  add(at: number, run: () => void): ScheduledEvent {
    const entry: Entry = { at, order: (this.#order += 1), run };
    this.#push(entry);
    return { cancel: () => void (entry.run = undefined) };
  }

  /** The time of the next event; `Infinity` if there is none. */
  get nextAt(): number {
    for (let first = this.#heap[0]; first !== undefined; first = this.#heap[0]) {
      if (first.run !== undefined) return first.at;
      this.#pop();
    }
    return Infinity;
  }

  /** Removes the next event and returns its function. */
  take(): () => void {
    const entry = this.#pop();
    return entry?.run ?? (() => undefined);
  }

  #push(entry: Entry): void {
    const heap = this.#heap;
    let position = heap.length;
    heap.push(entry);
    while (position > 0) {
      const above = (position - 1) >> 1;
      const parent = heap[above]!;
      if (!isBefore(entry, parent)) break;
      heap[position] = parent;
      position = above;
    }
    heap[position] = entry;
  }

  #pop(): Entry | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined || first === last) return first;
    let position = 0;
    for (;;) {
      const left = heap[2 * position + 1];
      const right = heap[2 * position + 2];
      const least = left !== undefined && right !== undefined && isBefore(right, left) ? right : left;
      if (least === undefined || !isBefore(least, last)) break;
      heap[position] = least;
      position = least === left ? 2 * position + 1 : 2 * position + 2;
    }
    heap[position] = last;
    return first;
  }
}

function isBefore(a: Entry, b: Entry): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}
