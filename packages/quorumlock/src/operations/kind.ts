import type { LockError } from "../base/errors.ts";
import type { LockKindName, SharingMode } from "../base/events.ts";
import type { Reply, ReplyList, Request, Withdrawable } from "./request.ts";

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

/** The state of a target on one instance. `Facts`: what only this kind has. */
interface TargetState<Facts = unknown> {
  /** One entry for each name and each token that holds it. */
  readonly holds: readonly HeldName[];
  /** The clients that wait in line. */
  readonly waiting: readonly string[];
  readonly facts?: Facts | undefined;
}

/** A name that a token holds. `remainingMs`: as in `Obstacle`. */
export interface HeldName extends Obstacle {
  readonly name: string;
  /** The numbers of the permits that it holds, ascending. Only for permits. Reports of other numbers are votes for another holder. */
  readonly slots?: readonly number[] | undefined;
}

/** How the state of a kind is read. */
export interface KindQuery<Target = unknown, Facts = unknown> {
  /** Requests the state. It changes nothing on the instance. */
  request(target: Target, prefix: string): Request;
  read(target: Target, reply: ReplyList): TargetState<Facts>;
}

/** The part of the description of a detached lock that depends on its kind: the name of the kind, and fields of this kind only. */
type DescribedTarget = Readonly<Record<string, unknown>> & { readonly kind: string };

/** How a lock of a kind passes to another process. */
export interface KindTransfer<Target = unknown> {
  /** Describes a target, so that `attach` can make it again. `as`: the name of the kind, if the class of the lock has one. */
  describe(target: Target, as?: string): DescribedTarget;
  /**
   * Renews what `owner` holds, if it holds exactly this target. Unlike `extend` it takes no free key: another holder may have come and gone
   * since. Yes: the fencing counter, 1 if it is missing.
   */
  renew(target: Target, owner: Owner, ttlMs: number): Request;
}

/** A lock or an acquisition of this client that occupies a name in the local queue. */
export interface Occupant {
  readonly kind: LockKind;
  readonly target: unknown;
  /** Whether it is an acquisition that has a place in the lines of the instances, or waits for one. */
  readonly isInLine: boolean;
}

/** The yes of one member. */
export interface Vote {
  /** The member's bit. */
  readonly bit: number;
  readonly reply: Reply;
}

/** How a kind reads votes if members can vote for different things, such as different slots of a semaphore. */
export interface Choices<Target = unknown> {
  /** What a yes votes for. A round is won if a quorum chose the same. */
  of(reply: Reply): string;
  /** The target of a hold that a quorum has given this choice: exactly that. */
  chosen(target: Target, choice: string): Target;
  /**
   * The target of another round, if a quorum said yes and no choice has a quorum. The round has a new token, which replaces the
   * token of this one. `undefined` if the attempt should give up.
   */
  settle(
    target: Target,
    votes: readonly Vote[],
    hasQuorum: (mask: number) => boolean,
    random: () => number,
  ): Target | undefined;
}

/**
 * One kind of lock: which requests it sends, and how it reads a refusal. A constant without state. Rounds, waiting,
 * extension, hand-over and the local queue know nothing else about a kind.
 *
 * `Target` is the thing that one attempt locks. A held lock keeps it, so it should be small.
 */
export interface LockKind<Target = unknown> {
  /** What events call it. */
  readonly label: LockKindName;
  /** Whether others can hold the same names at the same time. Without this method: they cannot. */
  isShared?(target: Target): boolean;
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
   * The name of a caller in the lines, if each has a place of its own. Then the instances refuse callers whose turn has not come, so
   * a message that names waiters wakes only these, each as `waiter` or `waiter:hint`, and a little later their deputy, `~waiter`.
   * Without this method, the name is that of the client, and all its callers share one place. A message makes those that it does not
   * name defer to the others, and then try too.
   */
  waiterOf?(target: Target, clientId: string): string;
  /** Notes that `waiter` is there, although it does not try. Only for kinds with `waiterOf`. */
  stay?(target: Target, prefix: string, waiter: string): Request;
  /** Removes `waiter` from the line. One request for each hash slot. */
  leave(target: Target, prefix: string, waiter: string): readonly Request[];

  /** Without it, the state of this kind cannot be read. */
  readonly query?: KindQuery<Target>;
  /** Without it, a lock of this kind cannot pass to another process. */
  readonly transfer?: KindTransfer<Target>;
  /** Reads a refusal. */
  obstacle(refusal: ReplyList): Obstacle;
  /** Another target to try at once, chosen by the refusals. `undefined` if the attempt should wait. */
  alternative?(target: Target, refusals: readonly ReplyList[], random: () => number): Target | undefined;
  /** How the waiters of an enforced line are ordered. Only for kinds that have one. */
  readonly tickets?: Tickets<Target>;
  /**
   * Whether a waiter leaves the line as soon as it is granted the lock, because its place would keep others out. Otherwise the
   * release of the lock removes it from the line.
   */
  readonly leavesLineWhenServed?: boolean;
  /** The maximum number of places of one client in the line of a name. Only for kinds with `waiterOf`. Without it, there is none. */
  readonly maxPlaces?: number;
  /** The target of an attempt that wake messages caused. `hints`: what they say to this waiter, the lowest member's first. */
  withHints?(target: Target, hints: readonly string[]): Target;
  /** Set if votes can be for different things. After a win, the members that have not voted for the result get it by `extend`. */
  readonly choices?: Choices<Target>;
  /** Notes what instances report besides their votes. Called with the replies of every vote round. */
  learn?(target: Target, replies: readonly Reply[]): void;
  /**
   * What the key of a lock has while holders of this kind share the name. Kinds with different values must not have a name in
   * common. Without it, the key has the holder's token.
   */
  readonly gate?: string;
  /**
   * The error that ends an acquisition, if no quorum is left without the instances that failed its request with this message.
   * `undefined` if another attempt could succeed.
   */
  rejection?(target: Target, message: string): Error | undefined;
  /**
   * The error of an acquisition whose wait is over, if the refusals of its latest attempt show that a limit kept it out, and no holder.
   * `undefined` if they do not.
   */
  limitError?(target: Target, refusals: readonly ReplyList[], waitedMs: number): LockError | undefined;
  /** The held slots, as in slot-runs.lua. Only for permits. */
  slots?(target: Target): string;
  /** The target of a hold that is converted to this mode. Only for kinds whose holds can be converted. */
  inMode?(target: Target, mode: "S" | "X"): Target;
  /** How long a waiter may pause between two attempts, in ms, because its place in line expires. Otherwise 10 to 15 s. */
  readonly renewMs?: number;
  /** Whether `next` may send attempts while the `others`, at least one, occupy `name` in this client. */
  admits(next: Target, name: string, others: Iterable<Occupant>): boolean;
  /**
   * Occupants of one kind and one group are alike for `admits`, also if they are in line, so one of them stands for all. It keeps its
   * group unless it is converted. Without this method, `admits` gets all occupants.
   */
  groupOf?(target: Target, name: string): string;
}

/** The tickets by which the waiters of an enforced line are ordered (protocol §8). */
export interface Tickets<Target = unknown> {
  /** What an instance knew when it refused. */
  in(refusal: ReplyList): KnownTickets;
  /**
   * The target with this ticket. A ticket below 0 is proposed: an instance that knows a ticket of this size or a larger one takes
   * another one instead.
   */
  assign(target: Target, ticket: number): Target;
  /** An attempt was refused by these instances, none if none has answered. */
  onRefused?(target: Target, refusals: readonly ReplyList[]): void;
}

/** What an instance knows about the tickets of a line. */
export interface KnownTickets {
  /** The latest ticket, at least `now`. */
  readonly latest: number;
  /** The time of the instance in ms. */
  readonly now: number;
  /** Whether it has accepted the ticket that was proposed. */
  accepts(ticket: number): boolean;
}

/** Whether others can hold the names of the target at the same time. */
export function sharingMode(kind: LockKind, target: unknown): SharingMode {
  return kind.isShared?.(target) === true ? "shared" : "exclusive";
}

/** The name of a caller in the lines of its target. */
export function waiterOf(kind: LockKind, target: unknown, clientId: string): string {
  return kind.waiterOf?.(target, clientId) ?? clientId;
}
