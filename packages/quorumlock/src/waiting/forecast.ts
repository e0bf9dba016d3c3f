import { InstanceError } from "../base/errors.ts";
import type { Voters } from "../members/voters.ts";
import { isYes, NO, type Reply } from "../operations/request.ts";
import type { ReplyListener } from "../quorum/round.ts";

/**
 * When each member could grant, by the monotonic clock: 0 if the member is free, `Infinity` if that is unknown. Replies, also late
 * ones, and wake messages update it. A waiter reads it to decide how long to sleep.
 */
export class Forecast {
  /** When each member is free, by its index. */
  readonly #freeAt: number[];
  readonly #voters: Voters;
  /** Bits of the members that sent a wake message since the attempt began. Their refusals are older than the message. */
  #wokenMask = 0;
  /** Bits of the members that did not vote in the attempt, for a reason other than quarantine. */
  #failedMask = 0;
  #attempt = 0;
  /** Called after every change. */
  onChange: (() => void) | undefined;

  constructor(voters: Voters) {
    this.#voters = voters;
    this.#freeAt = Array.from({ length: voters.size }, () => Infinity);
  }

  /** Forgets everything. Call it when an attempt begins. Replies to earlier attempts are ignored from then on. */
  beginAttempt(): void {
    this.#attempt += 1;
    this.#wokenMask = 0;
    this.#failedMask = 0;
    this.#freeAt.fill(Infinity);
  }

  /** Makes a listener for the replies of the latest attempt. It does nothing after the next attempt begins. */
  newListener(now: () => number): ReplyListener {
    const attempt = this.#attempt;
    return (member, reply) => {
      if (attempt !== this.#attempt) return;
      const bit = 1 << member;
      const isWoken = (this.#wokenMask & bit) !== 0;
      const hasFailed = reply instanceof InstanceError && reply.abstainsUntil === undefined;
      this.#failedMask = hasFailed ? this.#failedMask | bit : this.#failedMask & ~bit;
      if (!isWoken) this.#freeAt[member] = freeAt(reply, now());
      this.onChange?.();
    };
  }

  /** The member announced a release, so it is free. `at`: when this waiter may use that, if others come first. */
  onWake(member: number, at = 0): void {
    this.#wokenMask |= 1 << member;
    this.#freeAt[member] = at;
    this.onChange?.();
  }

  /**
   * Whether a quorum has not failed. Otherwise the forecast is worth nothing: the members that failed can grant as soon as they
   * answer again, and nothing announces that.
   */
  get isReliable(): boolean {
    return this.#voters.hasQuorum(this.#voters.allMask & ~this.#failedMask);
  }

  /** The earliest moment at which a quorum could grant. */
  get quorumFreeAt(): number {
    return this.#voters.quorumReadyAt(this.#freeAt);
  }
}

function freeAt(reply: Reply | InstanceError, now: number): number {
  if (reply instanceof InstanceError) return reply.abstainsUntil ?? Infinity;
  if (isYes(reply)) return 0;
  const remainingMs = typeof reply !== "number" && reply[0] === NO ? Number(reply[1] ?? -1) : -1;
  // Servers report whole milliseconds. One more prevents an attempt just before the expiry.
  return remainingMs < 0 ? Infinity : now + remainingMs + 1;
}
