import { InstanceError } from "../base/errors.ts";
import type { Voters } from "../members/voters.ts";
import { isYes, NO, type Reply } from "../operations/request.ts";
import type { ReplyListener } from "../quorum/round.ts";

/**
 * What is known of when each member could grant, as a moment of the monotonic clock: 0 where nothing stands
 * in the way, `Infinity` where it is not known. Answers, late ones too, and wake messages write it; the
 * waiter reads it.
 */
export class Forecast {
  /** By the members' indexes. */
  readonly #freeAt: number[];
  readonly #electorate: Voters;
  /**
   * Members that were heard to be free since the attempt began: a refusal that crossed that message is out of
   * date.
   */
  #woken = 0;
  #attempt = 0;
  /** Called when something changed. */
  onChange: (() => void) | undefined;

  constructor(electorate: Voters) {
    this.#electorate = electorate;
    this.#freeAt = Array.from({ length: electorate.size }, () => Infinity);
  }

  /** An attempt begins: what was known is out of date, and answers to earlier attempts will be ignored. */
  begin(): void {
    this.#attempt += 1;
    this.#woken = 0;
    this.#freeAt.fill(Infinity);
  }

  /** Takes the answers of the attempt that was begun last, as long as it is the last. */
  listener(now: () => number): ReplyListener {
    const attempt = this.#attempt;
    return (member, answer) => {
      if (attempt === this.#attempt)
        this.#set(member, (this.#woken & (1 << member)) === 0 ? freeAt(answer, now()) : 0);
    };
  }

  /** A member was heard to be free. */
  wake(member: number): void {
    this.#woken |= 1 << member;
    this.#set(member, 0);
  }

  /** The earliest moment at which a quorum could grant. */
  get earliest(): number {
    return this.#electorate.earliest(this.#freeAt);
  }

  #set(member: number, at: number): void {
    this.#freeAt[member] = at;
    this.onChange?.();
  }
}

function freeAt(answer: Reply | InstanceError, now: number): number {
  if (answer instanceof InstanceError) return answer.abstainsUntil ?? Infinity;
  if (isYes(answer)) return 0;
  const remaining = typeof answer !== "number" && answer[0] === NO ? Number(answer[1] ?? -1) : -1;
  // Servers count whole milliseconds: one more, so as not to come just too early.
  return remaining < 0 ? Infinity : now + remaining + 1;
}
