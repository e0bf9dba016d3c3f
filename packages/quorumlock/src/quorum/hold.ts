import { assert } from "../base/assert.ts";
import type { Clock } from "../base/clock.ts";
import { InstanceError } from "../base/errors.ts";
import type { Members } from "../members/members.ts";
import type { Voters } from "../members/voters.ts";
import type { LockKind, Owner } from "../operations/kind.ts";
import type { Request } from "../operations/request.ts";
import { Lease } from "./lease.ts";
import { type Refusal, refusalOf, tooSlow, withoutQuorum } from "./refusal.ts";
import { NOTHING_HELD, type ReleaseResult, ReleaseRounds } from "./release.ts";
import { type CommittedVotes, Round } from "./round.ts";

/** What all holds of one client share. */
export interface QuorumContext {
  readonly clock: Clock;
  readonly members: Members;
  readonly driftFactor: number;
  /** What every key begins with. */
  readonly prefix: string;
  /** The name of this client in the lines of waiters. */
  readonly clientId: string;
}

/** An offer to the next waiter of this process. `round`: the round that replaces the token, once it was sent. */
interface Offer {
  readonly onEnd: (result: ReleaseResult) => void;
  round: Round | undefined;
}

export type ExtendResult = { readonly lease: Lease } | { readonly refusal: Refusal };

/**
 * What one token holds on the members, from its first request on, and the rounds that extend and end it. If an instance is
 * a cluster, names of different hash slots are asked for one slot after the other, in order.
 *
 * It lives as long as the lock, so it is small: the requests make their keys from the target.
 *
 * A hold ends in one of two ways. `release` deletes the token. `offer` lets the next waiter of this process replace it in
 * one round (protocol §8): that waiter calls `replacementSent` and `replaced`, or `notReplaced`, which releases.
 */
export class Hold implements Owner {
  readonly kind: LockKind;
  readonly target: unknown;
  readonly token: string;
  readonly prefix: string;
  readonly #context: QuorumContext;
  /** The voters that granted it, or that decide its attempt. */
  #voters: Voters;
  #fence = 0;
  #mayHoldMask = 0;
  #isSplit = false;
  #isWithdrawn = false;
  #offer: Offer | undefined;

  constructor(context: QuorumContext, kind: LockKind, target: unknown, token: string) {
    this.#context = context;
    this.kind = kind;
    this.target = target;
    this.token = token;
    this.prefix = context.prefix;
    this.#voters = context.members.voters;
  }

  get names(): readonly string[] {
    return this.kind.names(this.target);
  }

  /** The fencing token; 0 until it is committed. */
  get fence(): number {
    return this.#fence;
  }

  /** Whether it was given up. From then on, none of its requests may be carried out any more. */
  get withdrawn(): boolean {
    return this.#isWithdrawn;
  }

  get voters(): Voters {
    return this.#voters;
  }

  /** Whether the voters have changed, so that it does not exclude everybody any more (protocol §10). */
  get isOutdated(): boolean {
    const { voters } = this.#context.members;
    return this.#voters !== voters && !this.#voters.covers(voters);
  }

  /** Bits of the members that may hold the token. */
  get mayHoldMask(): number {
    return this.#mayHoldMask;
  }

  /** The present voters decide the attempt that begins now. Returns what to ask for, one target for each round. */
  beginAttempt(): readonly unknown[] {
    this.#voters = this.#context.members.voters;
    return this.#targets();
  }

  /** Sends a request of its attempt to all voters. */
  send(request: Request, committed?: CommittedVotes): Round {
    return this.#send(new Round(this.#voters, undefined, committed), request);
  }

  /** The members in `mask` refused: they do not hold the token. */
  refusedBy(mask: number): void {
    this.#mayHoldMask &= ~mask;
  }

  commit(fence: number): void {
    this.#fence = fence;
  }

  /** Renews it on every member, and takes it on members that did not grant it at first (protocol §5). Never rejects. */
  extend(ttlMs: number): Promise<ExtendResult> {
    const { clock, members, driftFactor } = this.#context;
    const lease = new Lease(clock, ttlMs, driftFactor);
    const { voters } = members;
    const targets = this.#targets();
    return new Promise((resolve) => {
      let missing = targets.length;
      const refuse = (refusal: Refusal): void => {
        missing = -1;
        resolve({ refusal });
      };
      const onDecided = (round: Round): void => {
        if (missing < 0) return;
        if (!round.isWon) return refuse(refusalOf(round, this.kind, this.#voters, clock));
        missing -= 1;
        if (missing > 0) return;
        if (members.conflict !== undefined) return refuse(withoutQuorum("members", members.conflict, clock));
        if (lease.remainingMs(clock) <= 0) return refuse(tooSlow(lease, ttlMs, driftFactor, clock));
        this.#voters = voters;
        resolve({ lease });
      };
      const rounds = targets.map((target) =>
        this.#send(new Round(voters), this.kind.extend(target, this, ttlMs)),
      );
      for (const round of rounds) round.whenDecided({ onDecided });
    });
  }

  /**
   * Ends it on every member that may hold it, and leaves the line. The requests are sent when this returns. `onEnd` is called
   * once, maybe before that.
   */
  release(onEnd?: (result: ReleaseResult) => void): void {
    this.#end(this.#context.clientId, onEnd);
  }

  /** Undoes what it holds without a release by its holder. The place in line stays: it belongs to a later attempt. */
  withdraw(onEnd?: (result: ReleaseResult) => void): void {
    if (!this.#isWithdrawn) this.#end("", onEnd);
  }

  /** Offers it to the next waiter of this process. `onEnd` is called once it was replaced or released. */
  offer(onEnd: (result: ReleaseResult) => void): void {
    this.#isWithdrawn = true;
    this.#offer = { onEnd, round: undefined };
  }

  /**
   * The round that replaces the token was sent. Members that did not get it, or fail to confirm it, are asked to delete the
   * old token. Members that did not get it also remove this client from the line, as no later release does so there.
   */
  replacementSent(round: Round): void {
    assert(this.#offer !== undefined, "a hold is replaced that was not offered");
    this.#offer.round = round;
    this.#releaseAt(~round.sentMask, true);
    round.listen((member, reply) => {
      const bit = 1 << member;
      if (reply instanceof InstanceError && (round.sentMask & bit) !== 0) this.#releaseAt(bit, false);
    });
  }

  /** A quorum has replaced the token. */
  replaced(round: Round): void {
    const offer = this.#offer;
    this.#offer = undefined;
    offer?.onEnd({ ...NOTHING_HELD, wasHeld: round.hasNegative });
  }

  /** Nobody replaces the token, so it is released. */
  notReplaced(): void {
    const offer = this.#offer;
    if (offer === undefined) return;
    this.#offer = undefined;
    this.release((result) => {
      // A release does not find what the round replaced before it was lost.
      const wasHeld = result.wasHeld || offer.round?.hasNegative === true;
      offer.onEnd({ ...result, wasHeld });
    });
  }

  #end(waiter: string, onEnd: ((result: ReleaseResult) => void) | undefined): void {
    this.#isWithdrawn = true;
    const onlyMask = this.#mayHoldMask;
    if (onlyMask === 0) {
      onEnd?.(NOTHING_HELD);
      return;
    }
    const { members } = this.#context;
    // A member that was never asked holds nothing, so it need not confirm.
    const scope = { members: members.all, onlyMask, givenMask: ~onlyMask };
    const targets = this.#targets();
    const rounds = onEnd && new ReleaseRounds(targets.length, onEnd);
    for (const target of targets) {
      const round = new Round(members.voters, scope);
      round.send(this.kind.release(target, this, waiter));
      if (rounds !== undefined) round.whenDecided(rounds);
    }
  }

  /** Deletes the token on some members, without waiting for a confirmation. */
  #releaseAt(mask: number, leavesLine: boolean): void {
    const onlyMask = this.#mayHoldMask & mask;
    if (onlyMask === 0) return;
    const { members, clientId } = this.#context;
    const scope = { members: members.all, onlyMask, givenMask: ~0 };
    for (const target of this.#targets()) {
      const requests = [this.kind.release(target, this, "")];
      if (leavesLine) requests.push(...this.kind.leave(target, this.prefix, clientId));
      for (const request of requests) new Round(members.voters, scope).send(request);
    }
  }

  #send(round: Round, request: Request): Round {
    this.#mayHoldMask |= round.send(request).sentMask;
    return round;
  }

  #targets(): readonly unknown[] {
    if (!this.#isSplit && this.#context.members.hasCluster) this.#isSplit = this.names.length > 1;
    return this.#isSplit ? this.kind.split(this.target, this.prefix) : [this.target];
  }
}
