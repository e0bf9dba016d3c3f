import type { Clock } from "../base/clock.ts";
import type { Refusal } from "../quorum/claim.ts";
import type { HandOver } from "../quorum/hand-over.ts";

/** A place in the queues of one or several names. */
export interface Ticket {
  /** Resolves when it is first in all its queues; `undefined` where it is so already. */
  readonly turn: Promise<void> | undefined;
  /** It is to let other processes go first until this moment of the monotonic clock. 0 where none wait. */
  readonly notBefore: number;
  /** The longest for which instances may be told to keep its lock. */
  ttlMs: number;
  /** What those who wait behind it may be told: the lock that it holds, or why it does not hold it yet. */
  readonly holder: LocalHolder | undefined;
  refusal: Refusal | undefined;
  /** It has the lock now, by the monotonic clock. */
  holds(holder: LocalHolder, now: number): void;
  /** How many of this process held it before in one row, without standing back for others. */
  readonly rowCount: number;
  /** It is its turn, by the monotonic clock: where the row of holders that it is in is over, a new one begins. */
  begin(now: number): void;
  /** Whether holders of this process came one after the other so often, or for so long, that others get their turn. */
  isRowOver(now: number): boolean;
  /** Who is next, where that one waits for the same single name. */
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
  /** Where it would hold it for a shorter time than the one before, those who wait elsewhere have to be told. */
  readonly ttlMs: number;
  inherits(handOver: HandOver): void;
}

/** So many in a row, or for so long, and then others get their turn, where any wait. */
const LONGEST_ROW = 32;
const LONGEST_ROW_MS = 40;

/**
 * How long others are let go first: some rounds, so that a woken process surely comes before. One that is far or busy needs
 * longer, so it doubles each time that nobody came, and starts again after so many times, for those who are gone.
 */
const STAND_BACK_MS = 5;
const STAND_BACKS = 5;

/** What those who wait in this process need to know of the lock before them. */
export interface LocalHolder {
  readonly token: string;
  readonly fence: number;
  remaining(): number;
}

class Place implements Ticket {
  readonly names: readonly string[];
  readonly #queue: LocalQueue;
  /** How many of the queues it has entered: it enters one when it is first in the one before. */
  entered = 0;
  turn: Promise<void> | undefined;
  notBefore = 0;
  ttlMs: number;
  admit: (() => void) | undefined;
  holder: LocalHolder | undefined;
  refusal: Refusal | undefined;
  rowCount = 0;
  /** Since when that row has lasted. */
  rowBegan: number;
  /** The fencing token of who held it here before, and how often since others came none were let go first in vain. */
  formerFence = 0;
  vain = 0;
  #inheritance: HandOver | undefined;

  constructor(queue: LocalQueue, names: readonly string[], ttlMs: number, now: number) {
    this.#queue = queue;
    this.names = names;
    this.ttlMs = ttlMs;
    this.rowBegan = now;
  }

  holds(holder: LocalHolder, now: number): void {
    this.holder = holder;
    if (this.rowCount > 0) return;
    // The first in a row may have waited for long.
    this.rowBegan = now;
    // Each grant counts on by one: others had it meanwhile.
    if (holder.fence !== this.formerFence + 1) this.vain = 0;
  }

  begin(now: number): void {
    if (!this.isRowOver(now)) return;
    this.rowCount = 0;
    this.rowBegan = now;
    if (!this.#queue.hasRivals(this.names)) return;
    this.notBefore = now + STAND_BACK_MS * 2 ** (this.vain % STAND_BACKS);
    this.vain += 1;
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
    if (heir !== undefined && heir.ttlMs >= this.ttlMs) heir.inherits(inheritance!);
    else inheritance?.left();
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
 * other, in their sorted order, and for the next one only when it is first for the one before: so nobody waits in a circle,
 * and it keeps others from the names before only, not from those that it waits for last.
 */
export class LocalQueue {
  readonly #queues = new Map<string, Queue>();
  /** Names that others were next for when they were released here with nobody behind, and until when they go first. */
  readonly #left = new Map<string, number>();

  /** `names` are sorted; `now` is a moment of the monotonic clock. */
  enter(names: readonly string[], ttlMs: number, now: number): Ticket {
    const place = new Place(this, names, ttlMs, now);
    if (this.#left.size > 0) {
      this.#forgetLeft(now);
      for (const name of names) place.notBefore = Math.max(place.notBefore, this.#left.get(name) ?? 0);
    }
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

  /**
   * Notes whether other processes wait for these names, which were released here. Where nobody here waits as well it is
   * forgotten in a moment: until then, whoever asks again would come together with the one that was woken.
   */
  noteRivals(names: readonly string[], rivals: boolean, clock: Clock): void {
    for (const name of names) {
      const queue = this.#queues.get(name);
      if (queue !== undefined) queue.rivals = rivals;
      else if (rivals) {
        const now = clock.monotonic();
        this.#forgetLeft(now);
        this.#left.delete(name);
        this.#left.set(name, now + STAND_BACK_MS);
      }
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
    const { rowCount, rowBegan, holder, formerFence, vain } = queue.first;
    queue.behind?.delete(next);
    queue.first = next;
    if (rowCount >= next.rowCount) {
      next.rowCount = rowCount + 1;
      next.rowBegan = rowBegan;
      next.formerFence = holder?.fence ?? formerFence;
      next.vain = vain;
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

  #forgetLeft(now: number): void {
    // Those that were noted first are over first.
    for (const [name, until] of this.#left) {
      if (until > now) return;
      this.#left.delete(name);
    }
  }

  #first(name: string): Place | undefined {
    return this.#queues.get(name)?.first;
  }
}
