import type { LockKind, Occupant } from "../operations/kind.ts";
import type { Hold } from "../quorum/hold.ts";
import type { Refusal } from "../quorum/refusal.ts";
import { Streak } from "./fairness.ts";

/** What other callers of this process learn about a lock that is before them. */
export interface LocalHolder {
  readonly token: string;
  readonly fence: number;
  /** When it was granted, by the monotonic clock. */
  readonly grantedAt: number;
  remaining(): number;
}

/** An acquisition that is in the local queue. */
export interface LocalWaiter {
  /** It is first for all its names: it may ask the instances. */
  onTurn(): void;
  /** A hold that the previous holder offers to it. */
  offered: Hold | undefined;
  /** Why its latest attempt did not win. */
  readonly refusal: Refusal | undefined;
}

/** The local queues, as far as a place needs them. */
interface Queues {
  hasRemoteWaiters(names: readonly string[]): boolean;
  successorOf(place: Place): Place | undefined;
  remove(place: Place): void;
  now(): number;
}

/**
 * A place in the local queues of one or several names.
 *
 * - `waiting`: behind others for at least one name.
 * - `admitted`: first for all names. Its acquisition asks the instances.
 * - `held`: its lock is granted. It stays first until the lock ends.
 * - `left`.
 */
export class Place implements Occupant {
  readonly kind: LockKind;
  readonly target: unknown;
  readonly names: readonly string[];
  /** The longest ttl for which the instances may keep its lock. */
  ttlMs: number;
  /** How many of the queues it has entered. It enters one when it is first in the one before. */
  entered = 0;
  /** Whether it is first for all names. */
  isAdmitted = false;
  /** Set until the lock is granted. */
  waiter: LocalWaiter | undefined;
  holder: LocalHolder | undefined;
  /** Set once a place before it has left. */
  streak: Streak | undefined;
  readonly #queues: Queues;

  constructor(queues: Queues, kind: LockKind, target: unknown, ttlMs: number, waiter: LocalWaiter) {
    this.#queues = queues;
    this.kind = kind;
    this.target = target;
    this.names = kind.names(target);
    this.ttlMs = ttlMs;
    this.waiter = waiter;
  }

  /** The lock was granted. */
  hold(holder: LocalHolder): void {
    this.holder = holder;
    this.waiter = undefined;
    this.streak?.granted(holder.fence, holder.grantedAt);
  }

  /** Whether other processes get their turn before the next place of this one. */
  get isStreakOver(): boolean {
    return this.#currentStreak().isOver(this.#queues.now());
  }

  /** Its turn has come after a wait. Returns the moment until which it yields to other processes; 0 if it need not. */
  beginTurn(): number {
    const now = this.#queues.now();
    const streak = this.#currentStreak();
    if (!streak.isOver(now)) return 0;
    streak.restart(now);
    return this.#queues.hasRemoteWaiters(this.names) ? now + streak.nextYieldMs() : 0;
  }

  /** The streak of the place behind it. */
  get continuedStreak(): Streak {
    return this.#currentStreak().continued(this.holder?.fence);
  }

  /** The next place, if it can take over the hold of this one. */
  get successor(): Place | undefined {
    return this.#queues.successorOf(this);
  }

  /**
   * Passes a hold on to the next place, which must take it or leave. Returns false if there is no such place, or if its ttl is
   * shorter: waiters of other processes know the end of the longer one.
   */
  offer(hold: Hold): boolean {
    const { successor } = this;
    if (successor?.waiter === undefined || successor.ttlMs < this.ttlMs) return false;
    successor.waiter.offered = hold;
    return true;
  }

  /** Leaves all queues, waiting or not. The next place is admitted at once. Leaving twice does nothing. */
  leave(): void {
    const offered = this.waiter?.offered;
    if (this.waiter !== undefined) this.waiter.offered = undefined;
    if (offered !== undefined && !this.offer(offered)) offered.notReplaced();
    this.#queues.remove(this);
    // Tables of the local queue that are not collected yet may keep the place. They keep nothing else.
    this.holder = undefined;
    this.waiter = undefined;
  }

  #currentStreak(): Streak {
    return (this.streak ??= new Streak(this.holder?.grantedAt ?? this.#queues.now()));
  }
}
