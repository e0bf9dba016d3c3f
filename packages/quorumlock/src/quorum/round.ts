import { InstanceError, type InstanceFailure } from "../base/errors.ts";
import type { ReplyHandler } from "../members/batch.ts";
import type { Member } from "../members/member.ts";
import type { Voters } from "../members/voters.ts";
import type { Choices, Vote } from "../operations/kind.ts";
import { isYes, type Reply, type ReplyList, type Request } from "../operations/request.ts";
import { Ballot } from "./ballot.ts";

export interface RoundListener {
  /** Called once, as soon as the outcome of the round is certain. */
  onDecided(round: Round): void;
}

/** The votes that a commit round commits. Its yes counts only from a member that voted in `votes` with at most `fence`. */
export interface CommittedVotes {
  readonly votes: Round;
  readonly fence: number;
}

/** `isAnswered`: as in `ReplyHandler`. Of replies before the listener: false. */
export type ReplyListener = (member: number, reply: Reply | InstanceError, isAnswered: boolean) => void;

/** The members of a round, if they are not exactly the voters. */
export interface RoundScope {
  /** All members that can be targets: the voters, and members that have no vote any more. */
  readonly members: readonly Member[];
  /** Bits of the members that get the request. */
  readonly targetMask: number;
  /** Bits of the members that count as a yes without a request. */
  readonly knownYesMask: number;
}

/**
 * One request to all members at once (protocol §4). It is decided as soon as a majority of each set said yes, or as soon as
 * that became impossible. It never waits for the slowest member. If a quorum has replied, it does not wait for silent members
 * either. A mask has one bit for each member's index.
 *
 * - `sending`: the request goes to one member after another.
 * - `pending`: the replies that are missing can still decide it.
 * - `won`: a quorum said yes. If members can vote for different things, it chose the same.
 * - `lost`: no quorum is possible any more.
 */
export class Round implements ReplyHandler {
  readonly voters: Voters;
  readonly #members: readonly Member[];
  readonly #committed: CommittedVotes | undefined;
  readonly #replies: (Reply | InstanceError | undefined)[];
  /** Most rounds have none. */
  #replyListeners: ReplyListener[] | undefined;
  #listener: RoundListener | undefined;
  #state: "sending" | "pending" | "won" | "lost" = "sending";
  #sentMask = 0;
  /** Bits of the members that have not replied. Before `send`: of the members that get the request. */
  #pendingMask = 0;
  #yesMask = 0;
  #noMask = 0;
  #highest = 0;
  #highestMask = 0;
  #hasNegative = false;
  readonly #choices: Choices | undefined;
  readonly #ballot: Ballot | undefined;
  #choice: string | undefined;

  /** `choices`: set if members can vote for different things. */
  constructor(voters: Voters, scope?: RoundScope, committed?: CommittedVotes, choices?: Choices) {
    this.voters = voters;
    this.#members = scope?.members ?? voters.members;
    this.#yesMask = scope?.knownYesMask ?? 0;
    this.#pendingMask = scope?.targetMask ?? ~0;
    this.#committed = committed;
    this.#replies = voters.emptyReplies();
    this.#choices = choices;
    if (choices !== undefined) this.#ballot = new Ballot();
  }

  /** Sends the request. Call it once. */
  send(request: Request): this {
    const targetMask = this.#pendingMask;
    this.#pendingMask = 0;
    for (const member of this.#members) {
      const bit = 1 << member.index;
      if ((targetMask & bit) === 0) continue;
      this.#pendingMask |= bit;
      if (member.send(request, this)) this.#sentMask |= bit;
    }
    this.#state = "pending";
    // Most rounds cannot be decided before the first reply.
    if (this.#yesMask !== 0 || this.#pendingMask !== this.voters.allMask) this.#decide();
    return this;
  }

  onReply(member: number, received: Reply | InstanceError, isAnswered = false): void {
    let reply = received;
    // A member that abstained may still reply. Such a late reply changes no count.
    if (this.#replies[member] === undefined) {
      if (this.#committed !== undefined) reply = checkVote(this.#committed, member, reply);
      this.#replies[member] = reply;
      this.#count(1 << member, reply);
    }
    if (this.#replyListeners !== undefined)
      for (const listener of this.#replyListeners) listener(member, reply, isAnswered);
  }

  onSilence(): void {
    if (this.#state === "pending") this.#decide();
  }

  /** Calls the listener when the outcome is certain: at once if it is already. A round has one listener. */
  whenDecided(listener: RoundListener): void {
    if (this.#state === "won" || this.#state === "lost") listener.onDecided(this);
    else this.#listener = listener;
  }

  /** Calls the listener for every reply so far, and for every later reply, also after the outcome. */
  listen(listener: ReplyListener): void {
    this.#replies.forEach((reply, member) => reply !== undefined && listener(member, reply, false));
    (this.#replyListeners ??= []).push(listener);
  }

  get isWon(): boolean {
    return this.#state === "won";
  }

  /** Bits of the members that the request was sent to. */
  get sentMask(): number {
    return this.#sentMask;
  }

  /** Bits of the members that said yes, and of a round that was won: that voted for its choice. */
  get yesMask(): number {
    return this.#choice === undefined ? this.#yesMask : this.#ballot!.votersFor(this.#choice);
  }

  /** What a quorum voted for. `undefined` if the round was not won, or if there is no choice. */
  get choice(): string | undefined {
    return this.#choice;
  }

  /** Whether a quorum said yes, but not to the same. */
  get isSplit(): boolean {
    return this.#ballot !== undefined && !this.isWon && this.voters.hasQuorum(this.#yesMask);
  }

  /** The yes of each member, in the order of the members. */
  get votes(): readonly Vote[] {
    return this.#replies.flatMap((reply, member) =>
      reply === undefined || reply instanceof InstanceError || !isYes(reply)
        ? []
        : [{ bit: 1 << member, reply }],
    );
  }

  /** The replies that are not abstentions. */
  get replies(): readonly Reply[] {
    return this.#replies.filter(isReply);
  }

  get noMask(): number {
    return this.#noMask;
  }

  get abstainedMask(): number {
    return this.#failureMask(() => true);
  }

  /** Bits of the members that abstained for a reason that does not end by waiting. */
  get permanentMask(): number {
    return this.#failureMask((error) => error.isPermanent === true);
  }

  /** The largest number of all yes replies, whatever its sign; 0 if there is none. */
  get highest(): number {
    return this.#highest;
  }

  /** Bits of the members that replied with the largest number. */
  get highestMask(): number {
    return this.#highestMask;
  }

  /** Whether any member replied with a number below 0. */
  get hasNegative(): boolean {
    return this.#hasNegative;
  }

  /** Whether the members that have replied have one in common with every quorum, so that they know what any quorum knows. */
  get hasRepliesOfEveryQuorum(): boolean {
    return !this.voters.hasQuorum(this.voters.allMask & ~(this.#yesMask | this.#noMask));
  }

  /** Whether members may still reply. */
  get isAwaitingReplies(): boolean {
    return this.#pendingMask !== 0;
  }

  /** The replies of the members that said no. */
  get refusals(): readonly ReplyList[] {
    return this.#replies.filter(isRefusal);
  }

  /**
   * When enough members are out of quarantine for a quorum, by the monotonic clock. 0, which is in the past, if quarantine does
   * not prevent a quorum. `Infinity` if the end is not known.
   */
  get quorumPossibleAt(): number {
    const eligibleAt = this.#replies.map((reply) =>
      reply instanceof InstanceError ? (reply.abstainsUntil ?? 0) : 0,
    );
    return this.voters.quorumReadyAt(eligibleAt);
  }

  /** The members that abstained, and why. */
  get failures(): readonly InstanceFailure[] {
    return this.#members.flatMap(({ index, label }) => {
      const reply = this.#replies[index];
      return reply instanceof InstanceError ? [{ instance: label, error: reply }] : [];
    });
  }

  /** The members that the request was sent to and that have not replied. */
  get unanswered(): readonly InstanceFailure[] {
    const noReply = new InstanceError("INSTANCE_TIMEOUT", "did not answer before the round ended");
    return this.#members.flatMap(({ index, label, problem }) => {
      if (this.#replies[index] !== undefined || (this.#sentMask & (1 << index)) === 0) return [];
      // A member that refused the latest call for good will refuse this one.
      return [{ instance: label, error: problem?.isPermanent === true ? problem : noReply }];
    });
  }

  /** Whether the member granted what the round has won, with a number up to `limit`. */
  hasVoteUpTo(member: number, limit: number): boolean {
    const reply = this.#replies[member];
    if (reply === undefined || reply instanceof InstanceError || !isYes(reply)) return false;
    if (this.#choices === undefined) return typeof reply === "number" && Math.abs(reply) <= limit;
    return this.#choices.of(reply) === this.#choice && numberIn(reply) <= limit;
  }

  #count(bit: number, reply: Reply | InstanceError): void {
    this.#pendingMask &= ~bit;
    if (typeof reply === "number") {
      this.#yesMask |= bit;
      if (this.#ballot === undefined) this.#recordNumber(bit, reply);
    } else if (!(reply instanceof InstanceError)) {
      if (isYes(reply)) this.#yesMask |= bit;
      else this.#noMask |= bit;
    }
    if (this.#choices !== undefined && (this.#yesMask & bit) !== 0)
      this.#ballot?.count(bit, this.#choices.of(reply as Reply));
    if (this.#state === "pending") this.#decide();
  }

  #recordNumber(bit: number, reply: number): void {
    if (reply < 0) this.#hasNegative = true;
    const value = Math.abs(reply);
    if (value > this.#highest) {
      this.#highest = value;
      this.#highestMask = bit;
    } else if (value === this.#highest) {
      this.#highestMask |= bit;
    }
  }

  #decide(): void {
    if (this.#hasWon()) this.#state = "won";
    else if (this.#canWin(this.#pendingMask) && !this.#dependsOnSilentMembers) return;
    else this.#state = "lost";
    this.#listener?.onDecided(this);
  }

  #failureMask(matches: (error: InstanceError) => boolean): number {
    let mask = 0;
    for (const { index } of this.#members) {
      const reply = this.#replies[index];
      if (reply instanceof InstanceError && matches(reply)) mask |= 1 << index;
    }
    return mask;
  }

  #hasWon(): boolean {
    if (this.#ballot === undefined) return this.voters.hasQuorum(this.#yesMask);
    this.#choice = this.#ballot.winner(this.voters);
    if (this.#choice === undefined) return false;
    const mask = this.yesMask;
    this.#replies.forEach((reply, member) => {
      // The numbers of other choices belong to other things.
      if ((mask & (1 << member)) !== 0) this.#recordNumber(1 << member, numberIn(reply as Reply));
    });
    return true;
  }

  /** Whether the round can still be won with the votes of these members. */
  #canWin(pendingMask: number): boolean {
    return this.#ballot === undefined
      ? this.voters.hasQuorum(this.#yesMask | pendingMask)
      : this.#ballot.canHaveWinner(this.voters, pendingMask);
  }

  /**
   * Whether members that are silent prevent the outcome. If others have refused or disagree, and those that replied are a quorum,
   * waiting for them only keeps the lock from the other callers. Otherwise a quorum needs them.
   */
  get #dependsOnSilentMembers(): boolean {
    const isAgreed = this.#noMask === 0 && this.#ballot?.isSplit !== true;
    if (isAgreed || !this.voters.hasQuorum(this.#yesMask | this.#noMask)) return false;
    let hopefulMask = 0;
    for (const member of this.#members) {
      const bit = 1 << member.index;
      if ((this.#pendingMask & bit) === 0 || member.isSilent) continue;
      hopefulMask |= bit;
      member.watchSilence();
    }
    return !this.#canWin(hopefulMask);
  }
}

/**
 * Turns a yes into an abstention if the member did not vote, or voted with more than the committed number. Such a yes could let
 * two holders commit the same number (protocol §6).
 */
function checkVote(
  { votes, fence }: CommittedVotes,
  member: number,
  reply: Reply | InstanceError,
): Reply | InstanceError {
  if (reply instanceof InstanceError || !isYes(reply) || votes.hasVoteUpTo(member, fence)) return reply;
  return new InstanceError(
    "INSTANCE_REPLY",
    "its vote did not count, so its acknowledgement does not count either",
  );
}

/** The fencing token in a vote. */
function numberIn(reply: Reply): number {
  return Math.abs(Number(typeof reply === "number" ? reply : reply[1]));
}

function isReply(reply: Reply | InstanceError | undefined): reply is Reply {
  return typeof reply === "number" || Array.isArray(reply);
}

function isRefusal(reply: Reply | InstanceError | undefined): reply is ReplyList {
  return Array.isArray(reply) && !isYes(reply as ReplyList);
}
