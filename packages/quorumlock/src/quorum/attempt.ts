import { assert } from "../base/assert.ts";
import type { Request } from "../operations/request.ts";
import type { Hold, QuorumContext } from "./hold.ts";
import { Lease } from "./lease.ts";
import { type Refusal, refusalOf, tooSlow } from "./refusal.ts";
import type { ReplyListener, Round, RoundListener } from "./round.ts";

export interface AttemptListener {
  /** Called once, unless the attempt was cancelled. `refusal`: why it did not win. */
  onAttemptEnded(refusal: Refusal | undefined): void;
}

export interface AttemptOptions {
  readonly ttlMs: number;
  /** The hold that it replaces: an offer of the former holder in this process. */
  readonly previous: Hold | undefined;
  /** Whether this client joins the line of waiters if it is refused. */
  readonly joinsLine: boolean;
}

/**
 * One try to win a hold (protocol §§4, 6).
 *
 * - `voting`: a round asks for votes. For a cluster, one hash slot after the other.
 * - `committing`: no quorum gave the same fencing token, so a second round writes the largest one to a quorum.
 * - `won`: the hold belongs to this caller for as long as the lease lasts.
 * - `refused`: it did not win. Its votes are withdrawn, behind the requests, so that a late grant is undone.
 * - `cancelled`: the caller gave up. As `refused`, but the listener is not called.
 */
export class Attempt implements RoundListener {
  readonly hold: Hold;
  readonly lease: Lease;
  readonly #context: QuorumContext;
  readonly #options: AttemptOptions;
  readonly #listener: AttemptListener;
  #state: "voting" | "committing" | "won" | "refused" | "cancelled" = "voting";
  #targets: readonly unknown[] = [];
  /** The latest round, and the latest one that asked for votes. */
  #round: Round | undefined;
  #vote: Round | undefined;
  /** The rounds that asked for votes, one for each target; made only for several targets. */
  #votes: Round[] | undefined;
  /** How many commit rounds are not decided. */
  #uncommitted = 0;
  /** The largest fencing token that any member gave, and whether a quorum gave it for every target. */
  #fence = 0;
  #isAgreed = true;

  constructor(context: QuorumContext, hold: Hold, options: AttemptOptions, listener: AttemptListener) {
    this.#context = context;
    this.#options = options;
    this.#listener = listener;
    this.hold = hold;
    this.lease = new Lease(context.clock, options.ttlMs, context.driftFactor);
  }

  /** Asks for the first votes. The listener may be called before this returns. */
  start(): void {
    this.#targets = this.hold.beginAttempt();
    if (this.#targets.length > 1) this.#votes = [];
    this.#askForVotes(this.#targets[0]);
  }

  /** What the replies so far say about the reason why it is not won. */
  get partialRefusal(): Refusal | undefined {
    return this.#round && this.#refusal(this.#round);
  }

  /** Passes on the votes of the latest round that asked for some. */
  listen(listener: ReplyListener): void {
    this.#vote?.listen(listener);
  }

  /** Gives up. After the end it does nothing. */
  cancel(): void {
    if (this.#state !== "voting" && this.#state !== "committing") return;
    this.#state = "cancelled";
    this.#withdraw();
  }

  onDecided(round: Round): void {
    if (this.#state === "voting") this.#countVotes(round);
    else if (this.#state === "committing") this.#countCommit(round);
  }

  #askForVotes(target: unknown): void {
    const round = this.hold.send(this.#voteRequest(target));
    this.#round = round;
    this.#vote = round;
    this.#votes?.push(round);
    this.#options.previous?.replacementSent(round);
    round.whenDecided(this);
  }

  #voteRequest(target: unknown): Request {
    const { hold } = this;
    const { ttlMs, previous, joinsLine } = this.#options;
    const waiter = joinsLine ? this.#context.clientId : undefined;
    return previous !== undefined && hold.kind.takeOver !== undefined
      ? hold.kind.takeOver(target, hold, previous.token, ttlMs, waiter)
      : hold.kind.acquire(target, hold, ttlMs, waiter);
  }

  #countVotes(round: Round): void {
    if (!round.isWon) {
      // A member that refused holds nothing; of several targets it may hold an earlier one.
      if (this.#votes === undefined) this.hold.refusedBy(round.noMask);
      this.#refuse(this.#refusal(round));
      return;
    }
    this.#options.previous?.replaced(round);
    const { highest, highestMask } = round;
    const isFirst = this.#fence === 0;
    // All that voted yes are a quorum.
    const hasQuorum = highestMask === round.yesMask || this.hold.voters.hasQuorum(highestMask);
    this.#isAgreed &&= hasQuorum && (isFirst || highest === this.#fence);
    this.#fence = Math.max(this.#fence, highest);
    const votes = this.#votes?.length ?? 1;
    if (votes < this.#targets.length) this.#askForVotes(this.#targets[votes]);
    else if (this.#isAgreed) this.#win();
    else this.#commit(this.#votes ?? [round]);
  }

  /** Writes the fencing token to a quorum, for every target. */
  #commit(votes: readonly Round[]): void {
    const { hold } = this;
    const fence = this.#fence;
    this.#state = "committing";
    this.#uncommitted = votes.length;
    const rounds = this.#targets.map((target, index) =>
      hold.send(hold.kind.commit(target, hold, fence), { votes: votes[index]!, fence }),
    );
    for (const round of rounds) {
      this.#round = round;
      round.whenDecided(this);
    }
  }

  #countCommit(round: Round): void {
    if (!round.isWon) return this.#refuse(this.#refusal(round));
    this.#uncommitted -= 1;
    if (this.#uncommitted === 0) this.#win();
  }

  #win(): void {
    const { clock, driftFactor } = this.#context;
    assert(this.#fence > 0, "a lock is won without a fencing token");
    if (this.lease.remainingMs(clock) <= 0)
      return this.#refuse(tooSlow(this.lease, this.#options.ttlMs, driftFactor, clock));
    this.#state = "won";
    this.hold.commit(this.#fence);
    this.#listener.onAttemptEnded(undefined);
  }

  #refuse(refusal: Refusal): void {
    this.#state = "refused";
    this.#withdraw();
    this.#listener.onAttemptEnded(refusal);
  }

  /** Behind the own requests the former holder's token goes as well, if nobody replaced it. */
  #withdraw(): void {
    this.hold.withdraw();
    this.#options.previous?.notReplaced();
  }

  #refusal(round: Round): Refusal {
    return refusalOf(round, this.hold.kind, this.hold.voters, this.#context.clock);
  }
}
