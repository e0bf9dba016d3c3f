import { lockInMode, modesKind } from "../operations/modes.ts";
import { Hold } from "../quorum/hold.ts";
import type { FormerHolders } from "./former-holders.ts";
import type { SeizeReplies } from "./seize-replies.ts";
import type { SeizingHold } from "./seizing-hold.ts";

/**
 * What a theft has won: the lock on one name in mode X. While a former holder could extend a free key, its end deletes nothing, for
 * example when the client closes or the lock is lost. Then the keys expire by themselves, and no earlier than those of the former
 * holders would have. Members that have not answered a request of the theft are left out by every release: the request may still
 * arrive, and take the name from its next holder.
 */
export class StolenHold extends Hold {
  readonly #former: FormerHolders;
  readonly #replies: SeizeReplies;

  /** Takes over what `seized` has. */
  constructor(seized: SeizingHold, former: FormerHolders) {
    super(seized.context, modesKind, lockInMode(seized.names, "X"), seized.token);
    this.#former = former;
    this.#replies = seized.replies;
    seized.passTo(this);
    seized.replies.onWon();
    seized.replies.onAnswer = (bit) => this.releaseLate(bit);
  }

  protected override get keptMask(): number {
    return this.#former.leftMs > 0 ? ~0 : this.#replies.unansweredMask;
  }
}
