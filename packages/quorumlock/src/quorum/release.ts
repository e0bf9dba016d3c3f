import type { InstanceFailure } from "../base/errors.ts";
import type { Round, RoundListener } from "./round.ts";

/** The outcome of a release. */
export interface ReleaseResult {
  /** Whether a quorum confirmed that it does not hold the lock any more. */
  readonly isConfirmed: boolean;
  /** Whether any member held it until now. */
  readonly wasHeld: boolean;
  /** Whether another client is next in line on any member. */
  readonly hasRemoteWaiters: boolean;
  readonly failures: readonly InstanceFailure[];
}

/** Gathers the rounds of one release, one for each hash slot. */
export class ReleaseRounds implements RoundListener {
  readonly #onEnd: (result: ReleaseResult) => void;
  #undecided: number;
  #isConfirmed = true;
  #wasHeld = false;
  #hasRemoteWaiters = false;
  /** Made for the first round that is not confirmed. */
  #failures: InstanceFailure[] | undefined;

  /** Calls `onEnd` when all rounds are decided. */
  constructor(rounds: number, onEnd: (result: ReleaseResult) => void) {
    this.#undecided = rounds;
    this.#onEnd = onEnd;
  }

  onDecided(round: Round): void {
    this.#wasHeld ||= round.highest > 0;
    this.#hasRemoteWaiters ||= round.hasNegative;
    if (!round.isWon) {
      this.#isConfirmed = false;
      (this.#failures ??= []).push(...round.failures, ...round.unanswered);
    }
    this.#undecided -= 1;
    if (this.#undecided > 0) return;
    this.#onEnd({
      isConfirmed: this.#isConfirmed,
      wasHeld: this.#wasHeld,
      hasRemoteWaiters: this.#hasRemoteWaiters,
      failures: this.#failures ?? [],
    });
  }
}

/** The result of a release that no member needs. */
export const NOTHING_HELD: ReleaseResult = {
  isConfirmed: true,
  wasHeld: false,
  hasRemoteWaiters: false,
  failures: [],
};
