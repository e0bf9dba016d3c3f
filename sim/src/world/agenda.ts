interface Entry {
  readonly at: number;
  readonly order: number;
  happening: (() => void) | undefined;
}

export interface Appointment {
  cancel(): void;
}

/** What is due, by time, and in the order in which it was put down where times are equal: a binary heap. */
export class Agenda {
  readonly #heap: Entry[] = [];
  #order = 0;

  at(time: number, happening: () => void): Appointment {
    const entry: Entry = { at: time, order: (this.#order += 1), happening };
    this.#push(entry);
    return { cancel: () => void (entry.happening = undefined) };
  }

  /** When the next one is due; `Infinity` when there is none. */
  get nextAt(): number {
    for (let first = this.#heap[0]; first !== undefined; first = this.#heap[0]) {
      if (first.happening !== undefined) return first.at;
      this.#pop();
    }
    return Infinity;
  }

  /** Takes out the next one, to be called. */
  take(): () => void {
    const entry = this.#pop();
    return entry?.happening ?? (() => undefined);
  }

  #push(entry: Entry): void {
    const heap = this.#heap;
    let position = heap.length;
    heap.push(entry);
    while (position > 0) {
      const above = (position - 1) >> 1;
      const parent = heap[above]!;
      if (!before(entry, parent)) break;
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
      const least = left !== undefined && right !== undefined && before(right, left) ? right : left;
      if (least === undefined || !before(least, last)) break;
      heap[position] = least;
      position = least === left ? 2 * position + 1 : 2 * position + 2;
    }
    heap[position] = last;
    return first;
  }
}

function before(a: Entry, b: Entry): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}
