import { assert } from "../base/assert.ts";
import type { Clock } from "../base/clock.ts";
import { InstanceError } from "../base/errors.ts";
import { makeToken } from "../base/token.ts";
import type { Members } from "../members/members.ts";
import type { Voters } from "../members/voters.ts";
import { type LockKind, type Owner, waiterOf } from "../operations/kind.ts";
import { isYes, type Request } from "../operations/request.ts";
import { Lease } from "./lease.ts";
import { noQuorumRefusal, type Refusal, refusalOf, tooSlowRefusal } from "./refusal.ts";
import { NOTHING_HELD, type ReleaseResult, ReleaseRounds } from "./release.ts";
import { type CommittedVotes, Round } from "./round.ts";

/** The parts of a client that all its holds share. */
export interface QuorumContext {
  readonly clock: Clock;
  readonly members: Members;
  readonly driftFactor: number;
  /** The start of every key. */
  readonly prefix: string;
  /** The name of this client in the lines of waiters. */
  readonly clientId: string;
}

/** An offer to the next waiter of this process. `round`: the round that replaces the token, once it was sent. */
interface Offer {
  readonly onEnd: (result: ReleaseResult) => void;
  round: Round | undefined;
}

/** The maximum number of tokens before the present one that requests still name. Instances that hold older ones let them expire. */
const MAX_FORMER = 8;
const ONE_SERVER_TWICE =
  "two instances led to the same server during the request, so it may have voted twice; try again";
const NO_TOKENS: readonly string[] = [];

/** The length of the random part of a token. */
const RANDOM_LENGTH = 32;

/** `counter`: the largest fencing counter in the replies, for a hold that is attached. */
export type ExtendResult =
  | { readonly lease: Lease; readonly counter: number }
  | { readonly refusal: Refusal };

/**
 * The members that may hold one token, from its first request on, and the rounds that extend and end the hold. If a voter is a
 * cluster, each hash slot has a round of its own. Vote rounds run one after another, in the order of the slots. All other rounds
 * are sent together.
 *
 * A hold lives as long as its lock, so it is small: each request makes its keys from the target.
 *
 * A hold ends in one of two ways. `release` deletes the token. `offer` lets the next waiter of this client replace the token in
 * one round (protocol §8). The attempt of that waiter calls `onReplacementSent`, and then `onReplaced` or `onNotReplaced`.
 *
 * A conversion to another mode replaces a hold by one with a new token (protocol §7). A token keeps one mode for its whole life, so
 * a late message cannot weaken what a later one did.
 */
export class Hold implements Owner {
  readonly kind: LockKind;
  readonly token: string;
  readonly prefix: string;
  readonly context: QuorumContext;
  /** The tokens that instances may still hold for this one, because it is the result of a conversion. */
  #former = NO_TOKENS;
  #target: unknown;
  /** The voters that granted it, or that decide its attempt. */
  #voters: Voters;
  #fence = 0;
  #mayHoldMask = 0;
  #isSplit = false;
  #isWithdrawn = false;
  #offer: Offer | undefined;

  constructor(context: QuorumContext, kind: LockKind, target: unknown, token: string) {
    this.context = context;
    this.kind = kind;
    this.#target = target;
    this.token = token;
    this.prefix = context.prefix;
    this.#voters = context.members.voters;
  }

  get target(): unknown {
    return this.#target;
  }

  get names(): readonly string[] {
    return this.kind.names(this.#target);
  }

  /** The fencing token; 0 until it is committed. */
  get fence(): number {
    return this.#fence;
  }

  get former(): readonly string[] {
    return this.#former;
  }

  /** Whether the hold was released, offered or converted. From then on, no instance may carry out its earlier requests. */
  get isWithdrawn(): boolean {
    return this.#isWithdrawn;
  }

  get voters(): Voters {
    return this.#voters;
  }

  /** Whether the voters have changed, so that the hold does not exclude all other holders any more (protocol §10). */
  get isOutdated(): boolean {
    const { voters } = this.context.members;
    return this.#voters !== voters && !this.#voters.covers(voters);
  }

  /** Bits of the members that may hold the token. */
  get mayHoldMask(): number {
    return this.#mayHoldMask;
  }

  /**
   * Bits of the members that get no release now. If the hold has ended and a member is not kept any more, `releaseLate` sends it the
   * release. Otherwise the token expires there by itself. For subclasses.
   */
  protected get keptMask(): number {
    return 0;
  }

  /** Makes the present voters decide the attempt that begins now. Returns its targets, one for each vote round. */
  beginAttempt(): readonly unknown[] {
    this.#voters = this.context.members.voters;
    return this.#targets();
  }

  /** Notes that every voter may hold the token, because another process or another attempt may have set it there. */
  assumeHeldEverywhere(): void {
    this.#mayHoldMask = this.context.members.voters.allMask;
  }

  /** Called for each round that asks members to grant, commit or renew the token. For subclasses that report the votes. */
  protected onSent(_round: Round): void {}

  /** Sends a request of the attempt to all voters. */
  send(request: Request, committed?: CommittedVotes): Round {
    return this.#send(new Round(this.#voters, undefined, committed), request);
  }

  /** Sends a request for votes of the attempt to all voters. */
  requestVotes(request: Request): Round {
    return this.#send(new Round(this.#voters, undefined, undefined, this.kind.choices), request);
  }

  /** A quorum has granted exactly this target. */
  narrow(target: unknown): void {
    this.#target = target;
  }

  /** Sends an extension to some members only. The lease stays as it is. */
  extendAt(targetMask: number, ttlMs: number): Round {
    const { members } = this.context;
    const scope = { members: members.all, targetMask, knownYesMask: ~targetMask };
    return this.#send(new Round(members.voters, scope), this.kind.extend(this.#target, this, ttlMs));
  }

  /** Notes that these members refused, so they do not hold the token. They may hold a token before it. */
  recordRefusals(noMask: number): void {
    if (this.#former.length === 0) this.#mayHoldMask &= ~noMask;
  }

  /**
   * Makes the hold of a new token, which replaces this one. No instance may carry out earlier requests of this one. `voters`: the
   * voters that granted the result.
   */
  convertTo(target: unknown, voters = this.#voters): Hold {
    assert(!this.#isWithdrawn, "a hold that has ended is not converted");
    const token = makeToken(this.context.clock.randomToken(), this.token.slice(RANDOM_LENGTH));
    const next = new Hold(this.context, this.kind, target, token);
    next.#former = [this.token, ...this.#former].slice(0, MAX_FORMER);
    next.#voters = voters;
    next.#fence = this.#fence;
    next.#mayHoldMask = this.#mayHoldMask;
    next.#isSplit = this.#isSplit;
    this.#isWithdrawn = true;
    return next;
  }

  /** Makes `next` stand for what this hold has, with the same token. No instance may carry out earlier requests of this one. */
  passTo(next: Hold): void {
    assert(
      next.token === this.token && !this.#isWithdrawn,
      "only a hold that has not ended passes on, with its token",
    );
    next.#voters = this.#voters;
    next.#fence = this.#fence;
    next.#mayHoldMask = this.#mayHoldMask;
    next.#isSplit = this.#isSplit;
    this.#isWithdrawn = true;
  }

  /** Notes the committed fencing token. */
  recordFence(fence: number): void {
    this.#fence = fence;
  }

  /** Renews the token on every voter, and sets it on voters that do not have it (protocol §5). Never rejects. */
  extend(ttlMs: number): Promise<ExtendResult> {
    return this.#renew(this.context.members.voters, ttlMs, (target) => this.kind.extend(target, this, ttlMs));
  }

  /**
   * Takes up a hold that another process has detached, with its token and its fencing token: renews it on members that have the
   * token. `voters` decide. Never rejects.
   */
  attach(
    transfer: NonNullable<LockKind["transfer"]>,
    fence: number,
    ttlMs: number,
    voters: Voters,
  ): Promise<ExtendResult> {
    this.#fence = fence;
    this.assumeHeldEverywhere();
    this.#voters = voters;
    return this.#renew(voters, ttlMs, (target) => transfer.renew(target, this, ttlMs));
  }

  /** Gives the hold up to another process. `sharesPlace`: other callers of this client wait, and have one place with this one. */
  detach(sharesPlace: boolean): void {
    this.#isWithdrawn = true;
    const hasOwnPlace = this.kind.waiterOf !== undefined;
    // Nobody else removes it from the line.
    if (this.kind.leavesLineWhenServed !== true && (hasOwnPlace || !sharesPlace))
      this.#leaveLine(this.#mayHoldMask);
  }

  #renew(voters: Voters, ttlMs: number, requestFor: (target: unknown) => Request): Promise<ExtendResult> {
    const { clock, members, driftFactor } = this.context;
    const lease = new Lease(clock, ttlMs, driftFactor);
    const targets = this.#targets();
    const { separations } = members;
    return new Promise((resolve) => {
      let undecided = targets.length;
      let counter = Infinity;
      let isRefused = false;
      const refuse = (refusal: Refusal): void => {
        isRefused = true;
        resolve({ refusal });
      };
      const onDecided = (round: Round): void => {
        if (isRefused) return;
        if (!round.isWon) return refuse(refusalOf(round, this.kind, this.#voters, clock));
        undecided -= 1;
        counter = Math.min(counter, round.highest);
        if (undecided > 0) return;
        if (members.conflict !== undefined)
          return refuse(noQuorumRefusal("members", members.conflict, clock));
        if (members.separations !== separations || members.haveDuplicates)
          return refuse(
            noQuorumRefusal("members", new InstanceError("INSTANCE_UNSAFE", ONE_SERVER_TWICE), clock),
          );
        if (lease.remainingMs(clock) <= 0) return refuse(tooSlowRefusal(lease, ttlMs, driftFactor, clock));
        this.#voters = voters;
        resolve({ lease, counter });
      };
      const rounds = targets.map((target) => this.#send(new Round(voters), requestFor(target)));
      if (this.#former.length > 0) this.#forgetFormer(rounds);
      for (const round of rounds) round.whenDecided({ onDecided });
    });
  }

  /** Forgets the tokens before this one as soon as every member that may hold one of them has this one. */
  #forgetFormer(rounds: readonly Round[]): void {
    const missing = rounds.map(() => this.#mayHoldMask);
    rounds.forEach((round, index) =>
      round.listen((member, reply) => {
        if (reply instanceof InstanceError || !isYes(reply)) return;
        missing[index]! &= ~(1 << member);
        if (missing.every((mask) => mask === 0)) this.#former = NO_TOKENS;
      }),
    );
  }

  /**
   * Deletes the token on every member that may hold it, and leaves the line. The requests are sent when this returns. `onEnd`
   * is called once, possibly before that. `onSent`: receives each round that was sent.
   */
  release(onEnd?: (result: ReleaseResult) => void, onSent?: (round: Round) => void): void {
    this.#end(waiterOf(this.kind, this.target, this.context.clientId), onEnd, onSent);
  }

  /** Asks for the confirmation of a release that was sent before. Other acquisitions of the client may be in line by now. */
  releaseAgain(onEnd: (result: ReleaseResult) => void): void {
    this.#end("", onEnd);
  }

  /** Undoes what it holds without a release by its holder. The place in line stays: it belongs to a later attempt. */
  withdraw(onEnd?: (result: ReleaseResult) => void): void {
    if (!this.#isWithdrawn) this.#end("", onEnd);
  }

  /** Offers the hold to the next waiter of this client. `onEnd` is called when the token was replaced or released. */
  offer(onEnd: (result: ReleaseResult) => void): void {
    this.#isWithdrawn = true;
    this.#offer = { onEnd, round: undefined };
  }

  /**
   * The round that replaces the token was sent. Members that did not get the round, or do not confirm it, get a release of the
   * old token. Members that did not get it also remove this client from the line, because no later release reaches them.
   */
  onReplacementSent(round: Round): void {
    assert(this.#offer !== undefined, "only an offered hold is replaced");
    this.#offer.round = round;
    this.#releaseAt(~round.sentMask, true);
    round.listen((member, reply) => {
      const bit = 1 << member;
      if (reply instanceof InstanceError && (round.sentMask & bit) !== 0) this.#releaseAt(bit, false);
    });
  }

  /** A quorum has replaced the token. */
  onReplaced(round: Round): void {
    const offer = this.#offer;
    this.#offer = undefined;
    offer?.onEnd({ ...NOTHING_HELD, wasHeld: round.hasNegative });
  }

  /** No waiter replaces the token, so it is released. Does nothing after `onReplaced`. */
  onNotReplaced(): void {
    const offer = this.#offer;
    if (offer === undefined) return;
    this.#offer = undefined;
    this.release((result) => {
      // The release finds no token on members where the lost round had already replaced it.
      const wasHeld = result.wasHeld || offer.round?.hasNegative === true;
      offer.onEnd({ ...result, wasHeld });
    });
  }

  /** If the hold has ended, deletes the token on members that were kept then, and are not any more. */
  protected releaseLate(mask: number): void {
    if (this.#isWithdrawn) this.#releaseAt(mask, false);
  }

  #end(
    waiter: string,
    onEnd: ((result: ReleaseResult) => void) | undefined,
    onSent?: (round: Round) => void,
  ): void {
    this.#isWithdrawn = true;
    const targetMask = this.#mayHoldMask & ~this.keptMask;
    if (this.#mayHoldMask === 0) {
      onEnd?.(NOTHING_HELD);
      return;
    }
    const { members } = this.context;
    // A member that never got a request holds nothing, so it need not confirm. A kept one may hold the token, and confirms nothing.
    const scope = { members: members.all, targetMask, knownYesMask: ~this.#mayHoldMask };
    const targets = this.#targets();
    const rounds = onEnd && new ReleaseRounds(targets.length, onEnd);
    for (const target of targets) {
      const round = new Round(members.voters, scope);
      round.send(this.kind.release(target, this, waiter));
      onSent?.(round);
      if (rounds !== undefined) round.whenDecided(rounds);
    }
  }

  /** Deletes the token on some members, without waiting for a confirmation. */
  #releaseAt(mask: number, leavesLine: boolean): void {
    const targetMask = this.#mayHoldMask & mask & ~this.keptMask;
    if (targetMask === 0) return;
    for (const target of this.#targets()) this.#sendUndo(targetMask, this.kind.release(target, this, ""));
    if (leavesLine) this.#leaveLine(targetMask);
  }

  #leaveLine(targetMask: number): void {
    const waiter = waiterOf(this.kind, this.target, this.context.clientId);
    for (const target of this.#targets())
      for (const request of this.kind.leave(target, this.prefix, waiter)) this.#sendUndo(targetMask, request);
  }

  /** Sends a request to some members, without waiting for the replies. */
  #sendUndo(targetMask: number, request: Request): void {
    const { members } = this.context;
    new Round(members.voters, { members: members.all, targetMask, knownYesMask: ~0 }).send(request);
  }

  #send(round: Round, request: Request): Round {
    this.#mayHoldMask |= round.send(request).sentMask;
    this.onSent(round);
    return round;
  }

  /** One target for each round. A hold that was split once stays split, because a cluster may hold its keys until the end. */
  #targets(): readonly unknown[] {
    if (!this.#isSplit && this.context.members.hasCluster) this.#isSplit = this.names.length > 1;
    return this.#isSplit ? this.kind.split(this.target, this.prefix) : [this.target];
  }
}
