import type { InstanceFailure } from "../errors.ts";
import type { Round } from "./round.ts";

/** What came of a release. */
export interface ReleaseVerdict {
  /** Whether a quorum is known not to hold it any more. */
  readonly confirmed: boolean;
  /** Whether any member still held it until now. */
  readonly held: boolean;
  /** Connections that were told by the member that told the most: who waits, at least. */
  readonly told: number;
  readonly failures: readonly InstanceFailure[];
}

/** Of the rounds that ask for it, one for each slot of a cluster. Resolves, never rejects. */
export function settleRelease(rounds: readonly Round[]): Promise<ReleaseVerdict> {
  return new Promise((resolve) => {
    let open = rounds.length;
    const decided = (): void => {
      open -= 1;
      if (open === 0) resolve(verdictOf(rounds));
    };
    for (const round of rounds) round.whenDecided(decided);
  });
}

function verdictOf(rounds: readonly Round[]): ReleaseVerdict {
  let [confirmed, held, told] = [true, false, 0];
  for (const round of rounds) {
    confirmed &&= round.won;
    const { value } = round.highest;
    held ||= value > 0;
    told += Math.max(0, value - 1);
  }
  const failures = confirmed ? [] : rounds.flatMap((round) => [...round.failures, ...round.silent]);
  return { confirmed, held, told, failures };
}
