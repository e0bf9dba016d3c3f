import type { Refusal } from "../quorum/claim.ts";
import type { HandOver } from "../quorum/hand-over.ts";

/** A place in the queues of one or several names. */
export interface Ticket {
  /** Resolves when it is first in all its queues; `undefined` where it is so already. */
  readonly turn: Promise<void> | undefined;
  /** What those who wait behind it may be told: the lock that it holds, or why it does not hold it yet. */
  holder: HeldHere | undefined;
  refusal: Refusal | undefined;
  /** The holders of this process that came one after the other before it, without standing back for others. */
  row: Row;
  /** Who is next, where that one waits for the same single name and can take the hold over. */
  readonly heir: Heir | undefined;
  /** Whether a hold was given to it and not taken yet. */
  readonly inheriting: boolean;
  /** Takes the hold that was given to it, if one was. Whoever does not leaves it to the next when it leaves. */
  inherit(): HandOver | undefined;
  /** Gives the place up, waiting or not. The next in line is told at once. Leaving twice does nothing. */
  leave(): void;
}

/** Someone to whom a hold can be given before it is its turn. */
interface Heir {
  inherits(handOver: HandOver): void;
}

/** How often a lock went from one to the next in this process, and since when, by the monotonic clock. */
export interface Row {
  readonly count: number;
  readonly began: number;
}

/** So many in a row, or for so long, and then others get their turn, where any wait. */
const LONGEST_ROW = 16;
const LONGEST_ROW_MS = 20;

export function isRowOver({ row }: Ticket, now: number): boolean {
  return row.count >= LONGEST_ROW || now - row.began >= LONGEST_ROW_MS;
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
  row: Row;
  #inheritance: HandOver | undefined;

  constructor(queue: LocalQueue, names: readonly string[], now: number) {
    this.#queue = queue;
    this.names = names;
    this.row = { count: 0, began: now };
  }

  get heir(): Heir | undefined {
    return this.#queue.heirOf(this);
  }

  get inheriting(): boolean {
    return this.#inheritance !== undefined;
  }

  inherits(handOver: HandOver): void {
    this.#inheritance = handOver;
  }

  inherit(): HandOver | undefined {
    const inheritance = this.#inheritance;
    this.#inheritance = undefined;
    return inheritance;
  }

  leave(): void {
    const inheritance = this.inherit();
    const heir = inheritance === undefined ? undefined : this.#queue.heirOf(this);
    if (heir === undefined) inheritance?.left();
    else heir.inherits(inheritance!);
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

  /** `names` are sorted; `now` is a moment of the monotonic clock. */
  enter(names: readonly string[], now: number): Ticket {
    const place = new Place(this, names, now);
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
      else if (wasFirst) this.#admit(name, place.row);
    }
  }

  /** Who comes right behind, where both are there for one name, the same. */
  heirOf(place: Place): Place | undefined {
    const [name] = place.names;
    if (name === undefined || place.names.length > 1 || this.#first(name) !== place) return undefined;
    const places = this.#queues.get(name)?.places.values();
    places?.next();
    const second: Place | undefined = places?.next().value;
    return second?.names.length === 1 ? second : undefined;
  }

  #admit(name: string, { count, began }: Row): void {
    const first = this.#first(name);
    if (first === undefined) return;
    if (count >= first.row.count) first.row = { count: count + 1, began };
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
