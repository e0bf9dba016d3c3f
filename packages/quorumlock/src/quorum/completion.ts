import { InstanceError } from "../base/errors.ts";
import type { Choices } from "../operations/kind.ts";
import { isYes } from "../operations/request.ts";
import type { Hold } from "./hold.ts";
import type { Lease } from "./lease.ts";
import type { Round } from "./round.ts";

/** The pauses before a member that refused is asked again. After the last one, it waits for the next extension. */
const PAUSES_MS = [2, 8, 32, 128] as const;

/**
 * Brings all members to the result of an attempt, beside the caller (protocol §7): those that voted for something else, or refused.
 * Each gets an extension of exactly what was won. It gives up what the member granted beyond that, and takes what is free there.
 * Without it, a slot that is held on a majority and free elsewhere looks free to other clients.
 */
export class Completion {
  readonly #hold: Hold;
  readonly #lease: Lease;
  readonly #ttlMs: number;
  readonly #choices: Choices;
  /** Bits of the members that got an extension. */
  #sentMask = 0;

  constructor(hold: Hold, lease: Lease, ttlMs: number, choices: Choices) {
    this.#hold = hold;
    this.#lease = lease;
    this.#ttlMs = ttlMs;
    this.#choices = choices;
  }

  /** `round`: the vote round that was won. Its late replies count as well. */
  start(round: Round): void {
    const { choice } = round;
    round.listen((member, reply) => {
      const bit = 1 << member;
      if ((this.#sentMask & bit) !== 0 || (round.sentMask & bit) === 0) return;
      const hasFailed = reply instanceof InstanceError;
      if (!hasFailed && isYes(reply) && this.#choices.of(reply) === choice) return;
      this.#sentMask |= bit;
      // A member that failed may have granted something. It is not asked a second time.
      this.#send(bit, hasFailed ? PAUSES_MS.length : 0);
    });
  }

  #send(bit: number, attempts: number): void {
    const { context, isWithdrawn } = this.#hold;
    // Only a holder whose lease is valid may take what is free on a member.
    if (isWithdrawn || this.#lease.remainingMs(context.clock) <= 0) return;
    this.#hold.extendAt(bit, this.#ttlMs).listen((_, reply) => {
      const pauseMs = PAUSES_MS[attempts];
      if (pauseMs === undefined || reply instanceof InstanceError || isYes(reply)) return;
      context.clock.setTimer(pauseMs, () => this.#send(bit, attempts + 1), false);
    });
  }
}
