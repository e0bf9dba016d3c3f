import type { Refusal } from "../quorum/claim.ts";
import type { HandOver } from "../quorum/hand-over.ts";

/** A place in the queues of one or several names. */
export interface Ticket {
  /** Resolves when it is first in all its queues; `undefined` where it is so already. */
  readonly turn: Promise<void> | undefined;
  /** What those who wait behind it may be told: the lock that it holds, or why it does not hold it yet. */
  readonly holder: HeldHere | undefined;
  refusal: Refusal | undefined;
  /** It has the lock now, by the monotonic clock. */
  holds(holder: HeldHere, now: number): void;
  /** How many of this process held it before in one row, without standing back for others. */
  readonly rowCount: number;
  /** The row of holders that it is in begins anew, by the monotonic clock: others had their turn. */
  startRow(now: number): void;
  /** Whether holders of this process came one after the other so often, or for so long, that others get their turn. */
  isRowOver(now: number): boolean;
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

/** So many in a row, or for so long, and then others get their turn, where any wait. */
const LONGEST_ROW = 16;
const LONGEST_ROW_MS = 20;

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
  rowCount = 0;
  /** Since when that row has lasted. */
  rowBegan: number;
  #inheritance: HandOver | undefined;

  constructor(queue: LocalQueue, names: readonly string[], now: number) {
    this.#queue = queue;
    this.names = names;
    this.rowBegan = now;
  }

  holds(holder: HeldHere, now: number): void {
    this.holder = holder;
    // The first in a row may have waited for long.
    if (this.rowCount === 0) this.rowBegan = now;
  }

  startRow(now: number): void {
    this.rowCount = 0;
    this.rowBegan = now;
  }

  isRowOver(now: number): boolean {
    return this.rowCount >= LONGEST_ROW || now - this.rowBegan >= LONGEST_ROW_MS;
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
  first: Place;
  /** Who waits behind it, once anybody has. A Set keeps the order of entry and forgets from the middle at no cost. */
  behind: Set<Place> | undefined;
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
    const entered = place.entered;
    place.entered = 0;
    for (let index = 0; index < entered; index += 1) {
      const name = place.names[index]!;
      const queue = this.#queues.get(name);
      if (queue === undefined) continue;
      if (queue.first !== place) queue.behind?.delete(place);
      else this.#next(name, queue);
    }
  }

  /** Who comes right behind, where both are there for one name, the same. */
  heirOf(place: Place): Place | undefined {
    const [name = ""] = place.names;
    const queue = this.#queues.get(name);
    if (queue === undefined || place.names.length > 1 || queue.first !== place) return undefined;
    const second: Place | undefined = queue.behind?.values().next().value;
    return second?.names.length === 1 ? second : undefined;
  }

  /** The first one leaves. */
  #next(name: string, queue: Queue): void {
    const next: Place | undefined = queue.behind?.values().next().value;
    if (next === undefined) {
      this.#queues.delete(name);
      return;
    }
    const { rowCount, rowBegan } = queue.first;
    queue.behind?.delete(next);
    queue.first = next;
    if (rowCount >= next.rowCount) {
      next.rowCount = rowCount + 1;
      next.rowBegan = rowBegan;
    }
    if (!this.#advance(next)) return;
    next.admit?.();
    next.admit = undefined;
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
      if (queue === undefined) this.#queues.set(next, { first: place, behind: undefined, rivals: false });
      else (queue.behind ??= new Set()).add(place);
    }
  }

  #first(name: string): Place | undefined {
    return this.#queues.get(name)?.first;
  }
}
