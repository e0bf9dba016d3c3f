import type { InstanceFailure } from "../base/errors.ts";
import type { Round } from "./round.ts";

/** What came of a release. */
export interface ReleaseResult {
  /** Whether a quorum is known not to hold it any more. */
  readonly confirmed: boolean;
  /** Whether any member still held it until now. */
  readonly held: boolean;
  /** Whether another client was next in line on any member. */
  readonly rivals: boolean;
  readonly failures: readonly InstanceFailure[];
}

/** Of the rounds that ask for it, one for each slot of a cluster. Resolves, never rejects. */
export function settleRelease(rounds: readonly Round[]): Promise<ReleaseResult> {
  return new Promise((resolve) => {
    let open = rounds.length;
    const decided = (): void => {
      open -= 1;
      if (open === 0) resolve(verdictOf(rounds));
    };
    for (const round of rounds) round.whenDecided(decided);
  });
}

function verdictOf(rounds: readonly Round[]): ReleaseResult {
  let [confirmed, held, rivals] = [true, false, false];
  for (const round of rounds) {
    confirmed &&= round.won;
    const { value, negative } = round.highest;
    held ||= value > 0;
    rivals ||= negative;
  }
  const failures = confirmed ? [] : rounds.flatMap((round) => [...round.failures, ...round.silent]);
  return { confirmed, held, rivals, failures };
}
