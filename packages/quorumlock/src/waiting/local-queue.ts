import type { Clock } from "../base/clock.ts";
import type { LockKind, Occupant } from "../operations/kind.ts";
import { RecentReleases } from "./fairness.ts";
import { LinePlaces } from "./line-places.ts";
import { Occupants } from "./occupants.ts";
import { type LocalHolder, type LocalWaiter, Place } from "./place.ts";

/** The queue of one name that has, or had, several places. */
interface NameQueue {
  /** Admitted: it holds the name, or its acquisition sends attempts. */
  first: Place;
  /** Places that are admitted together with `first`, if the kind allows that. */
  beside: Set<Place> | undefined;
  /** `first` and `beside`, for the kinds. */
  readonly admitted: Occupants;
  /** Waiting places, in the order of entry. A Set removes from the middle at no cost. */
  behind: Set<Place> | undefined;
  /** Whether other processes waited for the name when it was last released here. */
  hasRemoteWaiters: boolean;
}

/**
 * The order of the callers of this client: a queue for each name, first come, first served. Only an admitted place sends requests
 * (protocol §8). It stays first while it holds the lock.
 *
 * A caller for several names enters their queues one after another, in sorted order. It enters a queue when it is admitted in the
 * queue before. So callers never wait for each other in a circle, and a caller blocks only names that it already has.
 */
export class LocalQueue {
  /** Most names have one place. Such a name maps to the place itself, so that a held lock stays small. */
  readonly #queues = new Map<string, Place | NameQueue>();
  readonly #recentReleases = new RecentReleases();
  /** The places of this client in the lines of the instances, for kinds whose waiters have places of their own. */
  readonly linePlaces = new LinePlaces();
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  now(): number {
    return this.#clock.monotonic();
  }

  enter(kind: LockKind, target: unknown, ttlMs: number, waiter: LocalWaiter): Place {
    const place = new Place(this, kind, target, ttlMs, waiter);
    this.#advance(place);
    return place;
  }

  /**
   * The place of a lock that was attached. If its names are occupied, it enters no queue: the callers in the queues wait for it as for
   * a lock of another process.
   */
  enterAttached(kind: LockKind, target: unknown, ttlMs: number): Place {
    const place = new Place(this, kind, target, ttlMs, undefined);
    if (!this.isOccupied(kind, target)) this.#advance(place);
    return place;
  }

  /** Until when a new caller yields to other processes that wait for one of the names, by the monotonic clock; 0 if it need not. */
  yieldUntil(names: readonly string[]): number {
    return this.#recentReleases.isEmpty ? 0 : this.#recentReleases.yieldUntil(names, this.now());
  }

  /** Whether a place for this target would have to wait. */
  isOccupied(kind: LockKind, target: unknown): boolean {
    return kind.names(target).some((name) => {
      const queue = this.#queues.get(name);
      return queue !== undefined && !hasRoom(queue, name, kind, target);
    });
  }

  /** A place of one of the names whose kind cannot have a name in common with `kind`. */
  placeOfOtherKind(kind: LockKind, target: unknown): Place | undefined {
    if (kind.gate === undefined) return undefined;
    for (const name of kind.names(target)) {
      const queue = this.#queues.get(name);
      if (queue === undefined) continue;
      const { gate } = firstOf(queue).kind;
      if (gate !== undefined && gate !== kind.gate) return firstOf(queue);
    }
    return undefined;
  }

  /** The first place in the queue that the caller waits in. `undefined` if no place is ahead of it. */
  placeAhead(names: readonly string[], self?: Place): Place | undefined {
    for (const name of names) {
      const queue = this.#queues.get(name);
      if (queue !== undefined && !isAdmittedTo(queue, self)) return firstOf(queue);
    }
    return undefined;
  }

  /** Number of acquisitions of this client that wait for one of the names, or send attempts for it. */
  countWaiting(names: readonly string[]): number {
    const places = names.flatMap((name) => placesIn(this.#queues.get(name)));
    return new Set(places.filter(({ waiter }) => waiter !== undefined)).size;
  }

  /** The locks of this client that hold the name. */
  holdersOf(name: string): readonly LocalHolder[] {
    const queue = this.#queues.get(name);
    return queue === undefined ? [] : admittedPlaces(queue).flatMap(({ holder }) => holder ?? []);
  }

  /**
   * Whether another place of one of its names is in the lines of the instances. All places of a client share one place there, unless
   * their kind gives each its own.
   */
  shares(place: Place): boolean {
    if (place.kind.waiterOf !== undefined) return false;
    return place.names.some((name) => {
      const queue = this.#queues.get(name);
      if (queue === undefined || queue instanceof Place) return false;
      const isOther = (other: Place): boolean => other !== place && other.isInLine;
      return isOther(queue.first) || someOf(queue.beside, isOther);
    });
  }

  /** Notes whether other processes wait for these names, which this client has just released. */
  recordRelease(names: readonly string[], hasRemoteWaiters: boolean): void {
    for (const name of names) {
      const queue = this.#queues.get(name);
      if (queue !== undefined) {
        if (hasRemoteWaiters || !(queue instanceof Place))
          this.#toNameQueue(name, queue).hasRemoteWaiters = hasRemoteWaiters;
      } else if (hasRemoteWaiters) {
        this.#recentReleases.add(name, this.now());
      }
    }
  }

  hasRemoteWaiters(names: readonly string[]): boolean {
    return names.some((name) => {
      const queue = this.#queues.get(name);
      return queue !== undefined && !(queue instanceof Place) && queue.hasRemoteWaiters;
    });
  }

  /** The place that can take over the hold of `place`: right behind it, of the same kind, both for the same single name. */
  successorOf(place: Place): Place | undefined {
    const [name = ""] = place.names;
    const queue = this.#queues.get(name);
    if (queue === undefined || queue instanceof Place || place.names.length > 1) return undefined;
    if (queue.first !== place || (queue.beside?.size ?? 0) > 0) return undefined;
    const next = firstOfSet(queue.behind);
    if (next === undefined || next.kind !== place.kind || next.names.length > 1) return undefined;
    return place.kind.takeOver === undefined ? undefined : next;
  }

  /** Gives an admitted place another target, and admits the places that can share a name with it then. */
  convert(place: Place, target: unknown): void {
    const queues: NameQueue[] = [];
    for (const name of place.names.slice(0, place.entered)) {
      const queue = this.#queues.get(name);
      if (queue !== undefined && !(queue instanceof Place)) queues.push(queue);
    }
    for (const { admitted } of queues) admitted.remove(place);
    place.target = target;
    for (const { admitted } of queues) admitted.add(place);
    this.admitBeside(place);
  }

  /** Admits the places that can share a name with this one, which has left the line or has another target. */
  admitBeside(place: Place): void {
    for (const name of place.names) {
      const queue = this.#queues.get(name);
      if (queue !== undefined && !(queue instanceof Place)) this.#admitMore(name, queue);
    }
  }

  remove(place: Place): void {
    const { entered } = place;
    place.entered = 0;
    for (let index = 0; index < entered; index += 1) {
      const name = place.names[index]!;
      const queue = this.#queues.get(name);
      if (queue === place) this.#queues.delete(name);
      else if (queue !== undefined && !(queue instanceof Place)) this.#removeFrom(name, queue, place);
    }
  }

  #removeFrom(name: string, queue: NameQueue, place: Place): void {
    if (queue.first === place) {
      queue.admitted.remove(place);
      this.#replaceFirst(name, queue);
    } else if (queue.beside?.delete(place) === true) queue.admitted.remove(place);
    else queue.behind?.delete(place);
    this.#admitMore(name, queue);
  }

  #replaceFirst(name: string, queue: NameQueue): void {
    const beside = firstOfSet(queue.beside);
    const next = beside ?? firstOfSet(queue.behind);
    if (next === undefined) {
      this.#queues.delete(name);
      return;
    }
    const { first } = queue;
    queue.first = next;
    if (beside !== undefined) {
      queue.beside?.delete(beside);
      return;
    }
    queue.behind?.delete(next);
    queue.admitted.add(next);
    // A place for several names can continue several streaks. The longest of them counts.
    const streak = first.continuedStreak;
    if (next.streak === undefined || streak.predecessors > next.streak.predecessors) next.streak = streak;
    if (first.names.length === 1 && next.names.length === 1) next.inheritedRefusal = first.knownRefusal;
    this.#admit(next);
  }

  /** Admits the next places, while their kind can share the name with the admitted places. */
  #admitMore(name: string, queue: NameQueue): void {
    for (;;) {
      const next = firstOfSet(queue.behind);
      if (this.#queues.get(name) !== queue || next === undefined) return;
      if (!next.kind.admits(next.target, name, queue.admitted)) return;
      queue.behind?.delete(next);
      addBeside(queue, next);
      this.#admit(next);
    }
  }

  #admit(place: Place): void {
    this.#advance(place);
    if (place.isAdmitted) place.waiter?.onTurn();
  }

  /** Enters queue after queue, as long as the place is admitted. */
  #advance(place: Place): void {
    for (;;) {
      const name = place.names[place.entered];
      if (name === undefined) {
        place.isAdmitted = true;
        return;
      }
      place.entered += 1;
      const queue = this.#queues.get(name);
      if (queue === undefined) {
        this.#queues.set(name, place);
        continue;
      }
      const shared = this.#toNameQueue(name, queue);
      if (!hasRoom(shared, name, place.kind, place.target)) {
        (shared.behind ??= new Set()).add(place);
        return;
      }
      addBeside(shared, place);
    }
  }

  /** Replaces a single place by a queue that has room for more. */
  #toNameQueue(name: string, queue: Place | NameQueue): NameQueue {
    if (!(queue instanceof Place)) return queue;
    const nameQueue = {
      first: queue,
      beside: undefined,
      admitted: new Occupants(name, queue),
      behind: undefined,
      hasRemoteWaiters: false,
    };
    this.#queues.set(name, nameQueue);
    return nameQueue;
  }
}

function placesIn(queue: Place | NameQueue | undefined): readonly Place[] {
  if (queue === undefined) return [];
  if (queue instanceof Place) return [queue];
  return [queue.first, ...(queue.beside ?? []), ...(queue.behind ?? [])];
}

function firstOf(queue: Place | NameQueue): Place {
  return queue instanceof Place ? queue : queue.first;
}

function firstOfSet(places: Set<Place> | undefined): Place | undefined {
  return places?.values().next().value;
}

/** Whether a new place could be admitted now: no place waits, and the kind can share the name with the admitted places. */
function hasRoom(queue: Place | NameQueue, name: string, kind: LockKind, target: unknown): boolean {
  if (!(queue instanceof Place) && (queue.behind?.size ?? 0) > 0) return false;
  return kind.admits(target, name, admittedTo(queue));
}

function admittedTo(queue: Place | NameQueue): Iterable<Occupant> {
  return queue instanceof Place ? [queue] : queue.admitted;
}

function addBeside(queue: NameQueue, place: Place): void {
  (queue.beside ??= new Set()).add(place);
  queue.admitted.add(place);
}

function someOf(places: Set<Place> | undefined, isWanted: (place: Place) => boolean): boolean {
  for (const place of places ?? []) if (isWanted(place)) return true;
  return false;
}

function admittedPlaces(queue: Place | NameQueue): readonly Place[] {
  if (queue instanceof Place) return [queue];
  return queue.beside === undefined ? [queue.first] : [queue.first, ...queue.beside];
}

function isAdmittedTo(queue: Place | NameQueue, place: Place | undefined): boolean {
  if (place === undefined) return false;
  return firstOf(queue) === place || (!(queue instanceof Place) && queue.beside?.has(place) === true);
}
