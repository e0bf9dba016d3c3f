import { assert } from "../base/assert.ts";
import { countBits } from "../members/voters.ts";
import { type KnownTickets, type Tickets, waiterOf } from "../operations/kind.ts";
import type { ReplyList, Request } from "../operations/request.ts";
import { Completion } from "./completion.ts";
import type { Hold, QuorumContext } from "./hold.ts";
import { Lease } from "./lease.ts";
import { isRefusedForGood, type Refusal, refusalOf, tooSlowRefusal } from "./refusal.ts";
import type { ReplyListener, Round, RoundListener } from "./round.ts";

export interface AttemptListener {
  /** Called once, unless the attempt was cancelled. `refusal`: why the attempt did not win; `undefined` if it won. */
  onAttemptEnded(refusal: Refusal | undefined): void;
}

/** What the members that have refused an attempt knew about tickets. */
export interface TicketSurvey {
  readonly known: readonly KnownTickets[];
  /** Whether they are a quorum. */
  readonly areQuorum: boolean;
}

export interface AttemptOptions {
  readonly ttlMs: number;
  /** The hold that the attempt takes over, if the previous holder of this client offered it. */
  readonly previous: Hold | undefined;
  /** Whether the caller joins the line if the attempt is refused. */
  readonly joinsLine: boolean;
  /** Whether its votes stay if it is refused: the caller converts them back, or asks again with the same token. */
  readonly keepsVotes?: boolean;
}

/**
 * One try to win a hold (protocol §§4, 6).
 *
 * - `voting`: a round requests votes. On a cluster, the hash slots have one vote round after another. If members voted for
 *   different things, another round with a new token settles that, as often as the kind wants.
 * - `committing`: no quorum gave the same fencing token, so a second round writes the largest one to a quorum.
 * - `won`: the hold belongs to this caller for as long as the lease lasts.
 * - `refused`: it did not win. Releases follow its requests on every connection, so that they also undo late grants.
 * - `cancelled`: as `refused`, but the caller gave up, so the listener is not called.
 */
export class Attempt implements RoundListener {
  readonly lease: Lease;
  #hold: Hold;
  readonly #context: QuorumContext;
  readonly #options: AttemptOptions;
  readonly #listener: AttemptListener;
  #state: "voting" | "committing" | "won" | "refused" | "cancelled" = "voting";
  #targets: readonly unknown[] = [];
  #latestRound: Round | undefined;
  #latestVote: Round | undefined;
  /** The vote rounds, one for each target. Made only for several targets. */
  #votes: Round[] | undefined;
  /** Number of commit rounds without an outcome. */
  #undecidedCommits = 0;
  /** The largest fencing token of all votes. */
  #fence = 0;
  /** Whether a quorum voted with `#fence` for every target. */
  #isAgreed = true;
  #rounds = 0;

  constructor(context: QuorumContext, hold: Hold, options: AttemptOptions, listener: AttemptListener) {
    this.#context = context;
    this.#options = options;
    this.#listener = listener;
    this.#hold = hold;
    this.lease = new Lease(context.clock, options.ttlMs, context.driftFactor);
  }

  /** The hold of the present token. */
  get hold(): Hold {
    return this.#hold;
  }

  /** Sends the first vote round. The listener may be called before this returns. */
  start(): void {
    this.#targets = this.hold.beginAttempt();
    if (this.#targets.length > 1) this.#votes = [];
    this.#requestVotes(this.#targets[0]);
  }

  /** The refusal that the replies so far would give. `undefined` if no round was sent. */
  get partialRefusal(): Refusal | undefined {
    return this.#latestRound && this.#refusalOf(this.#latestRound);
  }

  /** Whether a majority refuses this client for good. Replies that came after the outcome count as well. */
  get isRefusedForGood(): boolean {
    return this.#latestRound !== undefined && isRefusedForGood(this.#latestRound);
  }

  /** The target whose vote round refused, if there are several: the others are no obstacle. */
  get refusedTarget(): unknown {
    return this.#votes === undefined || this.#undecidedCommits > 0
      ? undefined
      : this.#targets[this.#votes.length - 1];
  }

  /** How many rounds it has had. Rounds that are sent together count once. */
  get rounds(): number {
    return this.#rounds;
  }

  /** How many members have voted for the hold. If it has several targets: for the latest one. */
  get votes(): number {
    return countBits(this.#latestVote?.yesMask ?? 0);
  }

  /** Whether a member has replaced the token of another holder by that of this attempt. */
  get hasReplaced(): boolean {
    return this.#latestVote?.hasNegative === true;
  }

  /** The token of the holder that offered its hold, if a member has replaced it. */
  get replacedToken(): string | undefined {
    return this.hasReplaced ? this.#options.previous?.token : undefined;
  }

  /** The refusals of the latest vote round. */
  get refusals(): readonly ReplyList[] {
    return this.#latestVote?.refusals ?? [];
  }

  /**
   * What the members knew about tickets when they refused. It waits until a quorum has refused, because a proposed ticket counts only
   * if a quorum has accepted it. If that is not possible, those that have replied must at least have one in common with every quorum, so
   * that one of them knows the ticket of every place that a quorum has confirmed. `undefined` if too few reply in time. Never rejects.
   */
  async knownTickets(tickets: Tickets): Promise<TicketSurvey | undefined> {
    const round = this.#latestVote;
    if (round === undefined) return undefined;
    const hasQuorum = (): boolean => round.voters.hasQuorum(round.noMask);
    const isSplit = (): boolean => round.hasRepliesOfEveryQuorum && round.yesMask !== 0;
    await new Promise<void>((resolve) => {
      const check = (): void => {
        if (hasQuorum() || isSplit() || !round.isAwaitingReplies) resolve();
      };
      round.listen(check);
      check();
    });
    const { refusals } = round;
    if (!round.hasRepliesOfEveryQuorum || refusals.length === 0) return undefined;
    return { known: refusals.map((refusal) => tickets.in(refusal)), areQuorum: hasQuorum() };
  }

  /** Passes the replies of the latest vote round on, also those that come after its outcome. */
  listen(listener: ReplyListener): void {
    this.#latestVote?.listen(listener);
  }

  /** Gives up. Does nothing after the attempt has ended. */
  cancel(): void {
    if (this.#state !== "voting" && this.#state !== "committing") return;
    this.#state = "cancelled";
    this.#withdraw();
  }

  onDecided(round: Round): void {
    if (this.#state === "voting") this.#countVotes(round);
    else if (this.#state === "committing") this.#countCommit(round);
  }

  #requestVotes(target: unknown): void {
    const round = this.hold.requestVotes(this.#voteRequest(target));
    this.#rounds += 1;
    this.#latestRound = round;
    this.#latestVote = round;
    this.#votes?.push(round);
    this.#options.previous?.onReplacementSent(round);
    round.whenDecided(this);
  }

  #voteRequest(target: unknown): Request {
    const { hold } = this;
    const { ttlMs, previous, joinsLine } = this.#options;
    const waiter = joinsLine ? waiterOf(hold.kind, target, this.#context.clientId) : undefined;
    return previous !== undefined && hold.kind.takeOver !== undefined
      ? hold.kind.takeOver(target, hold, previous.token, ttlMs, waiter)
      : hold.kind.acquire(target, hold, ttlMs, waiter);
  }

  #countVotes(round: Round): void {
    const { kind } = this.hold;
    if (kind.learn !== undefined) kind.learn(this.hold.target, round.replies);
    if (round.isSplit && this.#settle(round)) return;
    if (!round.isWon) {
      // A member that refused the only target holds nothing. With several targets it may hold an earlier one.
      if (this.#votes === undefined) this.hold.recordRefusals(round.noMask);
      this.#refuse(this.#refusalOf(round));
      return;
    }
    this.#options.previous?.onReplaced(round);
    if (kind.choices !== undefined && round.choice !== undefined) {
      this.hold.narrow(kind.choices.chosen(this.hold.target, round.choice));
      this.#targets = [this.hold.target];
    }
    const { highest, highestMask } = round;
    const isFirst = this.#fence === 0;
    // All that voted yes are a quorum.
    const hasQuorum = highestMask === round.yesMask || this.hold.voters.hasQuorum(highestMask);
    this.#isAgreed &&= hasQuorum && (isFirst || highest === this.#fence);
    this.#fence = Math.max(this.#fence, highest);
    const votes = this.#votes?.length ?? 1;
    if (votes < this.#targets.length) this.#requestVotes(this.#targets[votes]);
    else if (this.#isAgreed) this.#win();
    else this.#commit(this.#votes ?? [round]);
  }

  /** Sends another vote round, with a new token. Returns `false` if the kind gives up. */
  #settle(round: Round): boolean {
    assert(
      this.#options.keepsVotes !== true,
      "an attempt that keeps its votes asks for one thing, so they are not split",
    );
    const { hold } = this;
    const { voters } = hold;
    const target = hold.kind.choices?.settle(
      hold.target,
      round.votes,
      (mask) => voters.hasQuorum(mask),
      () => this.#context.clock.random(),
    );
    if (target === undefined) return false;
    this.#hold = hold.convertTo(target);
    this.#targets = [target];
    this.#requestVotes(target);
    return true;
  }

  /** Writes the fencing token to a quorum, for every target. */
  #commit(votes: readonly Round[]): void {
    const { hold } = this;
    const fence = this.#fence;
    this.#state = "committing";
    this.#undecidedCommits = votes.length;
    this.#rounds += 1;
    const rounds = this.#targets.map((target, index) =>
      hold.send(hold.kind.commit(target, hold, fence), { votes: votes[index]!, fence }),
    );
    for (const round of rounds) {
      this.#latestRound = round;
      round.whenDecided(this);
    }
  }

  #countCommit(round: Round): void {
    if (!round.isWon) return this.#refuse(this.#refusalOf(round));
    this.#undecidedCommits -= 1;
    if (this.#undecidedCommits === 0) this.#win();
  }

  #win(): void {
    const { clock, driftFactor } = this.#context;
    assert(this.#fence > 0, "a lock is won without a fencing token");
    if (this.lease.remainingMs(clock) <= 0)
      return this.#refuse(tooSlowRefusal(this.lease, this.#options.ttlMs, driftFactor, clock));
    this.#state = "won";
    this.hold.recordFence(this.#fence);
    const { choices } = this.hold.kind;
    if (choices !== undefined && this.#latestVote !== undefined)
      new Completion(this.hold, this.lease, this.#options.ttlMs, choices).start(this.#latestVote);
    this.#listener.onAttemptEnded(undefined);
  }

  #refuse(refusal: Refusal): void {
    this.#state = "refused";
    this.#withdraw();
    this.#listener.onAttemptEnded(refusal);
  }

  /** Undoes the votes. An offered hold that no quorum replaced is released. */
  #withdraw(): void {
    if (this.#options.keepsVotes === true) return;
    this.hold.withdraw();
    this.#options.previous?.onNotReplaced();
  }

  #refusalOf(round: Round): Refusal {
    return refusalOf(round, this.hold.kind, this.hold.voters, this.#context.clock);
  }
}
