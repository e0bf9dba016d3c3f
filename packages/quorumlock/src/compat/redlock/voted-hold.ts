import { mutexKind } from "../../operations/mutex.ts";
import { Hold, type QuorumContext } from "../../quorum/hold.ts";
import type { Lease } from "../../quorum/lease.ts";
import type { Round } from "../../quorum/round.ts";
import type { VoteCount } from "./vote-count.ts";

/** The hold of a lock of the drop-in. It reports the votes of the operation that runs. */
export class VotedHold extends Hold {
  /** The votes of the latest operation. */
  votes: VoteCount | undefined;
  /** The latest lease that it was granted here. `undefined` if it was granted to another process, and not extended here. */
  lease: Lease | undefined;

  /** The context of this hold alone, because an extension can have another drift factor. */
  readonly #ownContext: { driftFactor: number };

  constructor(context: QuorumContext, names: readonly string[], token: string) {
    const ownContext = { ...context };
    super(ownContext, mutexKind, names, token);
    this.#ownContext = ownContext;
  }

  set driftFactor(factor: number) {
    this.#ownContext.driftFactor = factor;
  }

  protected override onSent(round: Round): void {
    this.votes?.add(round);
  }
}
