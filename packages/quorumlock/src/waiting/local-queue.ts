/** A place in the queues of one or several names. */
export interface Ticket {
  /** Resolves when it is first in all its queues; `undefined` where it is so already. */
  readonly turn: Promise<void> | undefined;
  /** The token that the ticket's lock is held with, for those who wait behind it. */
  holder: HeldHere | undefined;
  /**
   * How many went before it without a break: 0 when it found the names free, or let other processes go first.
   */
  streak: number;
  /** Gives the place up, waiting or not. The next in line is told at once. Leaving twice does nothing. */
  leave(): void;
}

/** What those who wait in this process need to know of the lock before them. */
export interface HeldHere {
  readonly token: string;
  remaining(): number;
}

class Place implements Ticket {
  readonly names: readonly string[];
  readonly #queue: LocalQueue;
  turn: Promise<void> | undefined;
  admit: (() => void) | undefined;
  holder: HeldHere | undefined;
  streak = 0;

  constructor(queue: LocalQueue, names: readonly string[]) {
    this.#queue = queue;
    this.names = names;
  }

  leave(): void {
    this.#queue.remove(this);
  }
}

interface Queue {
  /** A Set keeps the order of entry and forgets from the middle at no cost. */
  readonly places: Set<Place>;
  /** Whether other processes waited for the name when it was last released here. */
  rivals: boolean;
}

/**
 * The order within this process: for each name a queue, first come, first served. Only the first of a name
 * talks to the instances (protocol §8); it keeps its place while it holds the lock. A ticket enters all its
 * queues at once, hence nobody waits in a circle.
 */
export class LocalQueue {
  readonly #queues = new Map<string, Queue>();

  enter(names: readonly string[]): Ticket {
    const place = new Place(this, names);
    for (const name of names) {
      const queue = this.#queues.get(name);
      if (queue === undefined) this.#queues.set(name, { places: new Set([place]), rivals: false });
      else queue.places.add(place);
    }
    if (!this.#isFirst(place)) place.turn = new Promise((resolve) => (place.admit = resolve));
    return place;
  }

  /** Whether someone in this process holds or awaits one of the names. */
  isTaken(names: readonly string[]): boolean {
    return names.some((name) => this.#queues.has(name));
  }

  /** The lock of this process that stands before whoever waits for these names. */
  holderOf(names: readonly string[]): HeldHere | undefined {
    for (const name of names) {
      const holder = this.#first(name)?.holder;
      if (holder !== undefined) return holder;
    }
    return undefined;
  }

  /** Notes whether other processes wait for these names; forgotten when nobody here does. */
  noteRivals(names: readonly string[], rivals: boolean): void {
    for (const name of names) {
      const queue = this.#queues.get(name);
      if (queue !== undefined) queue.rivals = rivals;
    }
  }

  hasRivals(names: readonly string[]): boolean {
    return names.some((name) => this.#queues.get(name)?.rivals === true);
  }

  remove(place: Place): void {
    for (const name of place.names) {
      const queue = this.#queues.get(name);
      if (queue?.places.delete(place) !== true) continue;
      if (queue.places.size === 0) this.#queues.delete(name);
      else this.#admit(name, place.streak);
    }
  }

  #admit(name: string, streak: number): void {
    const first = this.#first(name);
    if (first === undefined) return;
    first.streak = Math.max(first.streak, streak + 1);
    if (first.admit === undefined || !this.#isFirst(first)) return;
    first.admit();
    first.admit = undefined;
  }

  #isFirst(place: Place): boolean {
    return place.names.every((name) => this.#first(name) === place);
  }

  #first(name: string): Place | undefined {
    const [first] = this.#queues.get(name)?.places ?? [];
    return first;
  }
}
