import type { LockKind, Occupant } from "../operations/kind.ts";
import type { Hold } from "../quorum/hold.ts";
import type { Refusal } from "../quorum/refusal.ts";
import { Streak } from "./fairness.ts";

/** A lock of this client, as the callers behind it in the local queue see it. */
export interface LocalHolder {
  readonly token: string;
  readonly fence: number;
  /** When it was granted, by the monotonic clock. */
  readonly grantedAt: number;
  remaining(): number;
}

/** An acquisition that is in the local queue. */
export interface LocalWaiter {
  /** The place is admitted for all its names, so the acquisition may send attempts. */
  onTurn(): void;
  /** The hold that the previous holder offers to this acquisition. */
  offeredHold: Hold | undefined;
  /** Why the latest attempt did not win. */
  readonly refusal: Refusal | undefined;
}

/** The part of `LocalQueue` that a place uses. */
interface Queues {
  hasRemoteWaiters(names: readonly string[]): boolean;
  successorOf(place: Place): Place | undefined;
  remove(place: Place): void;
  convert(place: Place, target: unknown): void;
  now(): number;
}

/**
 * A place in the local queues of one or several names.
 *
 * - `waiting`: behind others for at least one name.
 * - `admitted`: admitted for all names. Its acquisition sends attempts.
 * - `held`: the lock is granted. The place stays admitted until the lock ends.
 * - `left`: in no queue any more. It never enters one again.
 */
export class Place implements Occupant {
  readonly kind: LockKind;
  target: unknown;
  readonly names: readonly string[];
  /** The longest ttl for which the instances may keep its lock. */
  ttlMs: number;
  /** Number of queues that it has entered. It enters a queue when it is admitted in the queue before. */
  entered = 0;
  /** Whether it is first for all names. */
  isAdmitted = false;
  /** Whether its acquisition waits in the lines of the instances, or for a place there. */
  isInLine = false;
  /** Set until the lock is granted. */
  waiter: LocalWaiter | undefined;
  holder: LocalHolder | undefined;
  /** See `tried`. Made on first use, so that a place stays small. */
  #tried: { readonly promise: Promise<void>; readonly resolve: () => void } | undefined;
  /** What the places before it knew when they gave up: why they could not win. */
  inheritedRefusal: Refusal | undefined;
  /** Set when the place before it has left, or when it is first read. */
  streak: Streak | undefined;
  readonly #queues: Queues;

  constructor(
    queues: Queues,
    kind: LockKind,
    target: unknown,
    ttlMs: number,
    waiter: LocalWaiter | undefined,
  ) {
    this.#queues = queues;
    this.kind = kind;
    this.target = target;
    this.names = kind.names(target);
    this.ttlMs = ttlMs;
    this.waiter = waiter;
  }

  /** Whether it is in a queue. A place that has left is not, and neither is that of a lock that was attached beside others. */
  get isQueued(): boolean {
    return this.entered > 0;
  }

  /** Resolves when the next attempt of its acquisition was refused, when its lock is granted, or when it leaves. */
  get tried(): Promise<void> {
    if (this.#tried === undefined) {
      let resolve!: () => void;
      const promise = new Promise<void>((done) => (resolve = done));
      this.#tried = { promise, resolve };
    }
    return this.#tried.promise;
  }

  /** An attempt of its acquisition was refused. */
  onRefused(): void {
    this.#endTry();
  }

  /** The lock was granted. */
  onGranted(holder: LocalHolder): void {
    this.#endTry();
    this.holder = holder;
    this.waiter = undefined;
    this.inheritedRefusal = undefined;
    this.streak?.onGranted(holder.fence, holder.grantedAt);
  }

  /** Its lock was converted to this target, so others may be admitted beside it. */
  convert(target: unknown): void {
    this.#queues.convert(this, target);
  }

  /** Why the latest attempt for the name did not win, by this place or by one before it. `undefined` after a lock was granted. */
  get knownRefusal(): Refusal | undefined {
    return this.waiter?.refusal ?? this.inheritedRefusal;
  }

  /** Whether other processes get their turn before the next place of this client. */
  get isStreakOver(): boolean {
    return this.#currentStreak().isOver(this.#queues.now());
  }

  /** Begins the turn of a place that has waited. Returns until when it yields to other processes; 0 if it need not. */
  beginTurn(): number {
    const now = this.#queues.now();
    const streak = this.#currentStreak();
    if (!streak.isOver(now)) return 0;
    streak.restart(now);
    return this.#queues.hasRemoteWaiters(this.names) ? now + streak.nextYieldMs() : 0;
  }

  /** The streak of the next place. */
  get continuedStreak(): Streak {
    return this.#currentStreak().continueAfter(this.holder?.fence);
  }

  /** The next place, if it can take over the hold of this one. */
  get successor(): Place | undefined {
    return this.#queues.successorOf(this);
  }

  /**
   * Offers a hold to the next place. Returns false if there is none, or if its ttl is shorter: waiters of other processes would
   * sleep until the end of the longer ttl.
   */
  offer(hold: Hold): boolean {
    const { successor } = this;
    if (successor?.waiter === undefined || successor.ttlMs < this.ttlMs) return false;
    successor.waiter.offeredHold = hold;
    return true;
  }

  /** Leaves all queues. The next place is admitted at once. A second call does nothing. */
  leave(): void {
    this.#endTry();
    const offered = this.waiter?.offeredHold;
    if (this.waiter !== undefined) this.waiter.offeredHold = undefined;
    if (offered !== undefined && !this.offer(offered)) offered.onNotReplaced();
    this.#queues.remove(this);
    // Old tables of the queue's maps can keep this place in memory. They must not keep its lock.
    this.holder = undefined;
    this.waiter = undefined;
    this.inheritedRefusal = undefined;
  }

  #endTry(): void {
    this.#tried?.resolve();
    this.#tried = undefined;
  }

  #currentStreak(): Streak {
    return (this.streak ??= new Streak(this.holder?.grantedAt ?? this.#queues.now()));
  }
}
