import { lockInMode } from "../operations/modes.ts";
import type { Request } from "../operations/request.ts";
import { seizeKind } from "../operations/seize.ts";
import { Hold, type QuorumContext } from "../quorum/hold.ts";
import type { Round } from "../quorum/round.ts";
import type { SeizeReplies } from "./seize-replies.ts";

/**
 * The token of a theft, from its first request on. It is deleted only on members that have answered all requests and were free.
 * Elsewhere a former holder may still work, and would lose the only thing that keeps others out. So whatever ends the attempts, the
 * keys there expire by themselves, and no earlier than those of the former holder would have.
 */
export class SeizingHold extends Hold {
  readonly replies: SeizeReplies;

  constructor(context: QuorumContext, name: string, token: string, replies: SeizeReplies) {
    super(context, seizeKind, lockInMode([name], "X"), token);
    this.replies = replies;
    replies.onAnswer = (bit) => this.releaseLate(bit);
  }

  override requestVotes(request: Request): Round {
    const round = super.requestVotes(request);
    this.replies.onSent(round);
    return round;
  }

  protected override get keptMask(): number {
    return this.replies.seizedMask | this.replies.unansweredMask;
  }
}
