import { InstanceError } from "../base/errors.ts";
import type { Voters } from "../members/voters.ts";
import { isYes, NO, type Reply } from "../operations/request.ts";
import type { ReplyListener } from "../quorum/round.ts";

/**
 * When each member could grant, as a moment of the monotonic clock: 0 if the member is free, `Infinity` if it is unknown.
 * Replies, also late ones, and wake messages write it. The waiter reads it.
 */
export class Forecast {
  /** By the members' indexes. */
  readonly #freeAt: number[];
  readonly #voters: Voters;
  /** Bits of the members that sent a wake message since the attempt began: a refusal that crossed it is out of date. */
  #wokenMask = 0;
  #attempt = 0;
  /** Called after every change. */
  onChange: (() => void) | undefined;

  constructor(voters: Voters) {
    this.#voters = voters;
    this.#freeAt = Array.from({ length: voters.size }, () => Infinity);
  }

  /** An attempt begins: what is known is out of date, and replies to earlier attempts are ignored. */
  beginAttempt(): void {
    this.#attempt += 1;
    this.#wokenMask = 0;
    this.#freeAt.fill(Infinity);
  }

  /** Takes the replies of the attempt that began last, until the next one begins. */
  listener(now: () => number): ReplyListener {
    const attempt = this.#attempt;
    return (member, reply) => {
      if (attempt !== this.#attempt) return;
      const isWoken = (this.#wokenMask & (1 << member)) !== 0;
      this.#set(member, isWoken ? 0 : freeAt(reply, now()));
    };
  }

  /** A wake message of the member arrived: it is free. */
  wake(member: number): void {
    this.#wokenMask |= 1 << member;
    this.#set(member, 0);
  }

  /** The earliest moment at which a quorum could grant. */
  get quorumFreeAt(): number {
    return this.#voters.earliest(this.#freeAt);
  }

  #set(member: number, at: number): void {
    this.#freeAt[member] = at;
    this.onChange?.();
  }
}

function freeAt(reply: Reply | InstanceError, now: number): number {
  if (reply instanceof InstanceError) return reply.abstainsUntil ?? Infinity;
  if (isYes(reply)) return 0;
  const remainingMs = typeof reply !== "number" && reply[0] === NO ? Number(reply[1] ?? -1) : -1;
  // Servers count whole milliseconds: one more, so that the attempt does not come just too early.
  return remainingMs < 0 ? Infinity : now + remainingMs + 1;
}
