import type { InstanceError } from "../base/errors.ts";
import type { Reply } from "../operations/request.ts";
import { formerIn } from "../operations/seize.ts";
import type { Round } from "../quorum/round.ts";
import type { FormerHolders } from "./former-holders.ts";

/** Reads the replies to the requests of one theft: who held the name before, and where the token must not be deleted. */
export class SeizeReplies {
  readonly #former: FormerHolders;
  readonly #learnsHere: (token: string) => boolean;
  /** Called with the bit of a member that has voted, also if its vote came late. */
  onVote: (bit: number) => void = () => undefined;
  /** The tokens whose holders learn of the theft in this process. Their locks may have ended when a late reply names them. */
  readonly #learning = new Set<string>();
  /** Bits of the members whose latest vote that was no repetition is known. */
  #knownMask = 0;
  #seizedMask = 0;
  /** How many requests each member has not answered with a vote. */
  readonly #unanswered: number[] = [];

  /** `learnsHere`: whether the holder of a token will learn of the theft in this process, if the theft is won. */
  constructor(former: FormerHolders, learnsHere: (token: string) => boolean) {
    this.#former = former;
    this.#learnsHere = learnsHere;
  }

  /** Bits of the members that have deleted the token of a holder, or may have. */
  get seizedMask(): number {
    return this.#seizedMask;
  }

  /**
   * Bits of the members with a request that no vote has answered. Such a request can still arrive, also after the theft has ended, and
   * then take the name from its next holder.
   */
  get unansweredMask(): number {
    return this.#unanswered.reduce((mask, count, member) => (count > 0 ? mask | (1 << member) : mask), 0);
  }

  /** A round of requests for votes was sent. */
  onSent(round: Round): void {
    let missing = round.sentMask;
    for (let member = 0; missing >>> member !== 0; member += 1)
      this.#unanswered[member] = (this.#unanswered[member] ?? 0) + ((missing >>> member) & 1);
    round.listen((member, reply) => {
      const bit = 1 << member;
      const isVote = this.#readReply(member, reply);
      if (!isVote || (missing & bit) === 0) return;
      missing &= ~bit;
      this.#unanswered[member]! -= 1;
      this.onVote(bit);
    });
  }

  /** Returns whether the reply is a vote. */
  #readReply(member: number, reply: Reply | InstanceError): boolean {
    const bit = 1 << member;
    const vote = reply instanceof Error ? undefined : formerIn(reply);
    if (vote === undefined) {
      // The instance may have carried the request out, and its next vote would be a repetition.
      this.#knownMask &= ~bit;
      return false;
    }
    const { tokens, leftMs } = vote;
    const isRepeated = tokens.length === 0 && leftMs > 0;
    if (isRepeated && (this.#knownMask & bit) !== 0) return true;
    this.#knownMask |= bit;
    if (isRepeated || tokens.length > 0) this.#seizedMask |= bit;
    if (isRepeated) this.#former.add([], leftMs);
    for (const token of tokens) if (this.#learnsHere(token)) this.#learning.add(token);
    const unaware = tokens.filter((token) => !this.#learning.has(token));
    if (unaware.length > 0) this.#former.add(unaware, leftMs);
    return true;
  }
}
