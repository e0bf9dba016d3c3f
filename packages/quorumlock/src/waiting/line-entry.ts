import type { Voters } from "../members/voters.ts";
import { type LockKind, waiterOf } from "../operations/kind.ts";
import type { QuorumContext } from "../quorum/hold.ts";
import { Round } from "../quorum/round.ts";
import type { LinePlaces } from "./line-places.ts";

/** The place of one acquisition, or of its client, in the line of each member (protocol §8). */
export class LineEntry {
  readonly #context: QuorumContext;
  readonly #kind: LockKind;
  readonly #target: unknown;
  /** Its name in the lines. */
  readonly #waiter: string;
  readonly #places: LinePlaces;
  /** Gives up its place among those of this client. Set once it has one, or waits for one. */
  #leavePlace: (() => void) | undefined;
  #voters: Voters | undefined;
  /** Bits of the members that may have it in line. */
  #lineMask = 0;

  constructor(context: QuorumContext, kind: LockKind, target: unknown, places: LinePlaces) {
    this.#context = context;
    this.#kind = kind;
    this.#target = target;
    this.#waiter = waiterOf(kind, target, context.clientId);
    this.#places = places;
  }

  /** Resolves when this client may have one more waiter in the line. `undefined` if its kind does not limit that. */
  enterLocally(): Promise<void> | undefined {
    const { maxPlaces } = this.#kind;
    if (maxPlaces === undefined || this.#leavePlace !== undefined) return undefined;
    const [name = ""] = this.#kind.names(this.#target);
    return new Promise((resolve) => {
      this.#leavePlace = this.#places.take(name, maxPlaces, resolve);
    });
  }

  /** Lets another waiter of this client into the line. */
  leaveLocally(): void {
    this.#leavePlace?.();
    this.#leavePlace = undefined;
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
    const request = this.#kind.stay(this.#target, this.#context.prefix, this.#waiter);
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
    const { prefix } = this.#context;
    const scope = { members: this.#voters.members, targetMask, knownYesMask: ~0 };
    for (const request of this.#kind.leave(this.#target, prefix, this.#waiter))
      new Round(this.#voters, scope).send(request);
  }
}
