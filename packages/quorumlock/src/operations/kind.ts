import type { ReplyList, Request, Withdrawable } from "./request.ts";

/** The attempt or held lock that a request belongs to. */
export interface Owner extends Withdrawable {
  readonly token: string;
  /** The start of every key. */
  readonly prefix: string;
  /** The fencing token; 0 until it is committed. */
  readonly fence: number;
  /** The earlier tokens of a holder that was converted. Its requests replace them, and its release deletes them too. */
  readonly former?: readonly string[] | undefined;
}

/** The holder that a refusal of one instance reports. */
interface Obstacle {
  /** The holder's token; "" if the instance names none. */
  readonly token: string;
  /** Milliseconds until it expires; `Infinity` if it has no expiry. */
  readonly remainingMs: number;
  /** Whether waiters that are ahead keep the caller out, and no holder. The instance names the caller when its turn comes. */
  readonly isLine?: boolean;
}

/** A lock or an acquisition of this client that occupies a name in the local queue. */
export interface Occupant {
  readonly kind: LockKind;
  readonly target: unknown;
}

/**
 * One kind of lock: which requests it sends, and how it reads a refusal. A constant without state. Rounds, waiting,
 * extension, hand-over and the local queue know nothing else about a kind.
 *
 * `Target` is the thing that one attempt locks. A held lock keeps it, so it should be small.
 */
export interface LockKind<Target = unknown> {
  /** The names for errors, events and the local queues, sorted. */
  names(target: Target): readonly string[];
  /**
   * The names that the asynchronous context of a caller must not hold already, because the caller would wait for itself. Without this
   * method: all names.
   */
  namesToWaitFor?(target: Target): readonly string[];
  /** One target for each hash slot, in the order of the slots. Called only for clusters and for more than one name. */
  split(target: Target, prefix: string): readonly Target[];
  /** The channels to subscribe to while waiting. */
  channels(target: Target, prefix: string): readonly string[];

  /**
   * Requests a vote. Yes: the fencing token. No: `[0, ms until it could be free or −1, the holder's token, …]`.
   * The same token again: yes, and the expiry never moves back.
   * `waiter`: who joins the line if it is refused; `undefined` if the caller does not wait.
   */
  acquire(target: Target, owner: Owner, ttlMs: number, waiter: string | undefined): Request;
  /**
   * Replaces the token `previous` in one round. The fencing token in the reply is negative if it did. Without this method, the
   * lock is released and acquired instead.
   */
  takeOver?(
    target: Target,
    owner: Owner,
    previous: string,
    ttlMs: number,
    waiter: string | undefined,
  ): Request;
  /** Writes the fencing token `fence` to the counter, if `owner` still holds everything. */
  commit(target: Target, owner: Owner, fence: number): Request;
  /** Renews the keys that `owner` holds, and sets the keys that are free. An expiry never moves back. */
  extend(target: Target, owner: Owner, ttlMs: number): Request;
  /**
   * Deletes the keys that `owner` holds and notifies waiters. `waiter`: who releases. It leaves the line. "" if the release only
   * withdraws a vote.
   */
  release(target: Target, owner: Owner, waiter: string): Request;
  /**
   * The name of a caller in the lines. Without this method, it is that of the client, and all callers of the client share its place.
   */
  waiterOf?(target: Target, clientId: string): string;
  /** Notes that `waiter` is there, although it does not try. Only for kinds with `wakesOnlyNamed`. */
  stay?(target: Target, prefix: string, waiter: string): Request;
  /** Removes `waiter` from the line. One request for each hash slot. */
  leave(target: Target, prefix: string, waiter: string): readonly Request[];

  /** Reads a refusal. */
  obstacle(refusal: ReplyList): Obstacle;
  /** Another target to try at once, chosen by the refusals. `undefined` if the attempt should wait. */
  alternative?(target: Target, refusals: readonly ReplyList[], random: () => number): Target | undefined;
  /**
   * The target of the later attempts of an acquisition that was refused, with the place in line that the refusals suggest. Without
   * this method, the target stays the same.
   */
  withPlace?(target: Target, refusals: readonly ReplyList[]): Target;
  /**
   * Whether a waiter leaves the line as soon as it is granted the lock, because its place would keep others out. Otherwise the
   * release of the lock removes it from the line.
   */
  readonly leavesLineWhenServed?: boolean;
  /**
   * Whether a message that names waiters wakes only these, because the instances refuse the others. A deputy comes a little later.
   * Otherwise the others defer to the named waiters, and then try too.
   */
  readonly wakesOnlyNamed?: boolean;
  /** How long a waiter may pause between two attempts, in ms, because its place in line expires. Otherwise 10 to 15 s. */
  readonly renewMs?: number;
  /** Whether `next` may send attempts while the `others`, at least one, occupy `name` in this client. */
  admits(next: Target, name: string, others: Iterable<Occupant>): boolean;
}

/** The name of a caller in the lines of its target. */
export function waiterOf(kind: LockKind, target: unknown, clientId: string): string {
  return kind.waiterOf?.(target, clientId) ?? clientId;
}
