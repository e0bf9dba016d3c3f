import { assert } from "../base/assert.ts";

/** A caller that waits for a place. */
export interface PlaceWaiter {
  /** Resolves when the caller has a place. */
  readonly placed: Promise<void>;
  /** Gives up: leaves the queue, or the place if the caller has one already. */
  abandon(): void;
}

interface Entry {
  previous: Entry | undefined;
  next: Entry | undefined;
  readonly onPlaced: () => void;
}

/**
 * A fixed number of places, and the callers that wait for one, first come, first served. A place that becomes free goes to the
 * first waiter at once, so no caller that comes later can take it.
 */
export class Places {
  readonly size: number;
  #inUse = 0;
  #waiting = 0;
  #first: Entry | undefined;
  #last: Entry | undefined;

  constructor(size: number) {
    this.size = size;
  }

  /** How many places are taken. */
  get inUse(): number {
    return this.#inUse;
  }

  /** How many callers wait. */
  get waiting(): number {
    return this.#waiting;
  }

  /** Takes a free place. Returns whether there was one. */
  take(): boolean {
    if (this.#inUse === this.size) return false;
    this.#inUse += 1;
    return true;
  }

  /** Waits for a place, behind all other waiters. */
  wait(): PlaceWaiter {
    let state: "waiting" | "placed" | "abandoned" = "waiting";
    let entry!: Entry;
    const placed = new Promise<void>((resolve) => {
      const onPlaced = (): void => {
        state = "placed";
        resolve();
      };
      entry = this.#append(onPlaced);
    });
    const abandon = (): void => {
      const before = state;
      state = "abandoned";
      if (before === "waiting") this.#remove(entry);
      if (before === "placed") this.leave();
    };
    return { placed, abandon };
  }

  /** Frees a place. Each place is freed once. */
  leave(): void {
    assert(this.#inUse > 0, "only a place in use is freed");
    const first = this.#first;
    if (first === undefined) {
      this.#inUse -= 1;
      return;
    }
    this.#remove(first);
    first.onPlaced();
  }

  #append(onPlaced: () => void): Entry {
    const entry: Entry = { previous: this.#last, next: undefined, onPlaced };
    if (this.#last === undefined) this.#first = entry;
    else this.#last.next = entry;
    this.#last = entry;
    this.#waiting += 1;
    return entry;
  }

  #remove(entry: Entry): void {
    if (entry.previous === undefined) this.#first = entry.next;
    else entry.previous.next = entry.next;
    if (entry.next === undefined) this.#last = entry.previous;
    else entry.next.previous = entry.previous;
    this.#waiting -= 1;
  }
}
