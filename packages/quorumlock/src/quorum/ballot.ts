import type { Voters } from "../members/voters.ts";

/** The yes votes of a round by what they are for, if members can vote for different things. */
export class Ballot {
  /** Bits of the members that voted for each choice. */
  readonly #masks = new Map<string, number>();

  count(bit: number, choice: string): void {
    this.#masks.set(choice, this.votersFor(choice) | bit);
  }

  votersFor(choice: string): number {
    return this.#masks.get(choice) ?? 0;
  }

  /** Whether two members voted for different things. */
  get isSplit(): boolean {
    return this.#masks.size > 1;
  }

  /** The choice of a quorum. `undefined` if there is none. */
  winner(voters: Voters): string | undefined {
    for (const [choice, mask] of this.#masks) if (voters.hasQuorum(mask)) return choice;
    return undefined;
  }

  /** Whether a choice can still get a quorum with the votes of these members. */
  canHaveWinner(voters: Voters, pendingMask: number): boolean {
    if (voters.hasQuorum(pendingMask)) return true;
    for (const mask of this.#masks.values()) if (voters.hasQuorum(mask | pendingMask)) return true;
    return false;
  }
}
