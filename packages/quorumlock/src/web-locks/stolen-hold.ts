import { lockInMode, modesKind } from "../operations/modes.ts";
import { Hold } from "../quorum/hold.ts";
import type { ReleaseResult } from "../quorum/release.ts";
import type { Round } from "../quorum/round.ts";
import type { FormerHolders } from "./former-holders.ts";

/**
 * What a theft has won: the lock on one name in mode X. While a former holder could extend a free key, its end deletes nothing, for
 * example when the client closes or the lock is lost. Then the keys expire by themselves, and no earlier than those of the former
 * holders would have.
 */
export class StolenHold extends Hold {
  readonly #former: FormerHolders;

  /** Takes over what `seized` has. */
  constructor(seized: Hold, former: FormerHolders) {
    super(seized.context, modesKind, lockInMode(seized.names, "X"), seized.token);
    this.#former = former;
    seized.passTo(this);
  }

  override release(onEnd?: (result: ReleaseResult) => void, onSent?: (round: Round) => void): void {
    if (this.#former.leftMs > 0) this.leaveToExpire(onEnd);
    else super.release(onEnd, onSent);
  }

  override withdraw(onEnd?: (result: ReleaseResult) => void): void {
    if (this.#former.leftMs > 0) this.leaveToExpire(onEnd);
    else super.withdraw(onEnd);
  }
}
