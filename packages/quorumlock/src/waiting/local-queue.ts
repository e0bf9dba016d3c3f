import type { Refusal } from "../quorum/claim.ts";

/** A place in the queues of one or several names. */
export interface Ticket {
  /** Resolves when it is first in all its queues; `undefined` where it is so already. */
  readonly turn: Promise<void> | undefined;
  /** What those who wait behind it may be told: the lock that it holds, or why it does not hold it yet. */
  holder: HeldHere | undefined;
  refusal: Refusal | undefined;
  /** How many hand-overs went before it without a break: 0 when it found the names free, or stood back for others. */
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
  /** How many of the queues it has entered: it enters one when it is first in the one before. */
  entered = 0;
  turn: Promise<void> | undefined;
  admit: (() => void) | undefined;
  holder: HeldHere | undefined;
  refusal: Refusal | undefined;
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
 * The order within this process: for each name a queue, first come, first served. Only the first of a name talks to the
 * instances (protocol §8); it keeps its place while it holds the lock. Who wants several names queues for one after the
 * other, in their sorted order, and for the next one only when it is first for the one before: so it never keeps
 * others from a name that it could not have anyway, and nobody waits in a circle.
 */
export class LocalQueue {
  readonly #queues = new Map<string, Queue>();

  /** `names` are sorted. */
  enter(names: readonly string[]): Ticket {
    const place = new Place(this, names);
    if (!this.#advance(place)) place.turn = new Promise((resolve) => (place.admit = resolve));
    return place;
  }

  /** Whether someone in this process holds or awaits one of the names. */
  isTaken(names: readonly string[]): boolean {
    return names.some((name) => this.#queues.has(name));
  }

  /** Who is before whoever waits for these names: of the first name that somebody is before. */
  ahead(names: readonly string[], self?: Ticket): Ticket | undefined {
    for (const name of names) {
      const first = this.#first(name);
      if (first !== undefined && first !== self) return first;
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
    const names = place.names.slice(0, place.entered);
    place.entered = 0;
    for (const name of names) {
      const queue = this.#queues.get(name);
      const wasFirst = this.#first(name) === place;
      if (queue?.places.delete(place) !== true) continue;
      if (queue.places.size === 0) this.#queues.delete(name);
      else if (wasFirst) this.#admit(name, place.streak);
    }
  }

  #admit(name: string, streak: number): void {
    const first = this.#first(name);
    if (first === undefined) return;
    first.streak = Math.max(first.streak, streak + 1);
    if (!this.#advance(first)) return;
    first.admit?.();
    first.admit = undefined;
  }

  /** Enters queue after queue, as long as the place is first; tells whether it is first in all of them. */
  #advance(place: Place): boolean {
    for (;;) {
      const last = place.names[place.entered - 1];
      if (last !== undefined && this.#first(last) !== place) return false;
      const next = place.names[place.entered];
      if (next === undefined) return true;
      place.entered += 1;
      const queue = this.#queues.get(next);
      if (queue === undefined) this.#queues.set(next, { places: new Set([place]), rivals: false });
      else queue.places.add(place);
    }
  }

  #first(name: string): Place | undefined {
    return this.#queues.get(name)?.places.values().next().value;
  }
}
