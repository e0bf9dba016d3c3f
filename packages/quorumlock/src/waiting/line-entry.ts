import type { Voters } from "../members/voters.ts";
import type { LockKind } from "../operations/kind.ts";
import type { QuorumContext } from "../quorum/hold.ts";
import { Round } from "../quorum/round.ts";

/** This client's places in the lines of waiters on the members, for one acquisition (protocol §8). */
export class LineEntry {
  readonly #context: QuorumContext;
  readonly #kind: LockKind;
  readonly #target: unknown;
  #voters: Voters | undefined;
  /** Bits of the members that may have this client in line. */
  #mask = 0;

  constructor(context: QuorumContext, kind: LockKind, target: unknown) {
    this.#context = context;
    this.#kind = kind;
    this.#target = target;
  }

  /** An attempt that joins the line was sent to the members in `mask`. */
  joined(voters: Voters, mask: number): void {
    this.#voters = voters;
    this.#mask |= mask;
  }

  /** Leaves the line on the members in `mask`, also on slow ones, whenever they get to it. */
  leave(mask = ~0): void {
    const onlyMask = this.#mask & mask;
    this.#mask = 0;
    if (onlyMask === 0 || this.#voters === undefined) return;
    const { prefix, clientId } = this.#context;
    const scope = { members: this.#voters.members, onlyMask, givenMask: ~0 };
    for (const request of this.#kind.leave(this.#target, prefix, clientId))
      new Round(this.#voters, scope).send(request);
  }
}
