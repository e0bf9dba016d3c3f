import type { Voters } from "../members/voters.ts";
import { type LockKind, waiterOf } from "../operations/kind.ts";
import type { QuorumContext } from "../quorum/hold.ts";
import { Round } from "../quorum/round.ts";

/** The place of one acquisition, or of its client, in the line of each member (protocol §8). */
export class LineEntry {
  readonly #context: QuorumContext;
  readonly #kind: LockKind;
  readonly #target: unknown;
  #voters: Voters | undefined;
  /** Bits of the members that may have it in line. */
  #lineMask = 0;

  constructor(context: QuorumContext, kind: LockKind, target: unknown) {
    this.#context = context;
    this.#kind = kind;
    this.#target = target;
  }

  /** Notes that an attempt that joins the line was sent to these members. */
  recordJoin(voters: Voters, sentMask: number): void {
    this.#voters = voters;
    this.#lineMask |= sentMask;
  }

  /** Tells the members in `namedMask` that it is there, because they have named it and it does not try. */
  stay(namedMask: number): void {
    const targetMask = this.#lineMask & namedMask;
    if (targetMask === 0 || this.#voters === undefined || this.#kind.stay === undefined) return;
    const { prefix, clientId } = this.#context;
    const request = this.#kind.stay(this.#target, prefix, waiterOf(this.#kind, this.#target, clientId));
    new Round(this.#voters, { members: this.#voters.members, targetMask, knownYesMask: ~0 }).send(request);
  }

  /**
   * Leaves the line on the members in `leaveMask`. A slow member carries the request out later. The other members remove this
   * client with the release of the lock, so their places are not tracked any more.
   */
  leave(leaveMask = ~0): void {
    const targetMask = this.#lineMask & leaveMask;
    this.#lineMask = 0;
    if (targetMask === 0 || this.#voters === undefined) return;
    const { prefix, clientId } = this.#context;
    const waiter = waiterOf(this.#kind, this.#target, clientId);
    const scope = { members: this.#voters.members, targetMask, knownYesMask: ~0 };
    for (const request of this.#kind.leave(this.#target, prefix, waiter))
      new Round(this.#voters, scope).send(request);
  }
}
