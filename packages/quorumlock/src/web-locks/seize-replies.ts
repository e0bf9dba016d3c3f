import { InstanceError } from "../base/errors.ts";
import type { Reply } from "../operations/request.ts";
import { formerIn } from "../operations/seize.ts";
import type { Round } from "../quorum/round.ts";
import type { FormerHolders } from "./former-holders.ts";

/** Reads the replies to the requests of one theft: who held the name before, and where the token must not be deleted. */
export class SeizeReplies {
  readonly #former: FormerHolders;
  readonly #learnsHere: (token: string) => boolean;
  /** Called with the bit of a member that has answered a request, also if the answer came late. */
  onAnswer: (bit: number) => void = () => undefined;
  /** The tokens whose holders learn of the theft in this process. Their locks may have ended when a late reply names them. */
  readonly #learning = new Set<string>();
  /** Bits of the members whose latest vote that was no repetition is known. */
  #knownMask = 0;
  #seizedMask = 0;
  /** Bits of the members with an error since their latest vote. They may have carried out the request that failed. */
  #doubtMask = 0;
  /** How many requests each member has not answered, with a vote, or with an error for the request before the theft was won. */
  readonly #unanswered: number[] = [];
  #isOver = false;

  /** `learnsHere`: whether the holder of a token will learn of the theft in this process, if the theft is won. */
  constructor(former: FormerHolders, learnsHere: (token: string) => boolean) {
    this.#former = former;
    this.#learnsHere = learnsHere;
  }

  /** Bits of the members that have deleted the token of a holder, or may have. */
  get seizedMask(): number {
    return this.#seizedMask | this.#doubtMask;
  }

  /**
   * Bits of the members with a request that has no answer. Such a request can still arrive, also after the theft has ended, and then
   * take the name from its next holder. An answer to a later request settles nothing: on another connection it can come first.
   */
  get unansweredMask(): number {
    return this.#unanswered.reduce((mask, count, member) => (count > 0 ? mask | (1 << member) : mask), 0);
  }

  /** The theft was won. A token that only later replies name can be that of a holder that came after it, and learns of nothing. */
  onWon(): void {
    this.#isOver = true;
  }

  /** A round of requests for votes was sent. */
  onSent(round: Round): void {
    let missing = round.sentMask;
    /** Bits of the members whose connection was lost. A client library can send the request again, so an answer can be that of a copy. */
    let lostMask = 0;
    for (let member = 0; missing >>> member !== 0; member += 1)
      this.#unanswered[member] = (this.#unanswered[member] ?? 0) + ((missing >>> member) & 1);
    round.listen((member, reply, isAnswered) => {
      const bit = 1 << member;
      // An error that stands for a request which was not sent says nothing about the name.
      if ((round.sentMask & bit) === 0) return;
      this.#readReply(member, reply);
      if (!isAnswered && isLost(reply)) lostMask |= bit;
      if (!isAnswered || (missing & ~lostMask & bit) === 0) return;
      // The request may have taken the name from a later holder, and an error does not name that holder.
      if (this.#isOver && reply instanceof InstanceError) return;
      missing &= ~bit;
      this.#unanswered[member]! -= 1;
      this.onAnswer(bit);
    });
  }

  #readReply(member: number, reply: Reply | InstanceError): void {
    const bit = 1 << member;
    const vote = reply instanceof Error ? undefined : formerIn(reply);
    if (vote === undefined) {
      // The instance may have carried the request out, and its next vote would be a repetition. The error of a call can come from
      // another request in it.
      this.#knownMask &= ~bit;
      this.#doubtMask |= bit;
      return;
    }
    this.#doubtMask &= ~bit;
    const { tokens, leftMs } = vote;
    const isRepeated = tokens.length === 0 && leftMs > 0;
    if (isRepeated && (this.#knownMask & bit) !== 0) return;
    this.#knownMask |= bit;
    if (isRepeated || tokens.length > 0) this.#seizedMask |= bit;
    if (isRepeated) this.#former.add([], leftMs);
    if (!this.#isOver) for (const token of tokens) if (this.#learnsHere(token)) this.#learning.add(token);
    const unaware = tokens.filter((token) => !this.#learning.has(token));
    if (unaware.length > 0) this.#former.add(unaware, leftMs);
  }
}

/** Whether the connection of the request was lost. After a time limit without an answer, the answer can still come on it. */
function isLost(reply: Reply | InstanceError): boolean {
  return reply instanceof InstanceError && reply.code !== "INSTANCE_TIMEOUT";
}
