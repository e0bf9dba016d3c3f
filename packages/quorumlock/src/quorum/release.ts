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

/** Of the rounds that ask for it, one for each slot of a cluster. */
export async function settleRelease(rounds: readonly Round[]): Promise<ReleaseVerdict> {
  let [confirmed, held, told] = [true, false, 0];
  for (const round of rounds) {
    await round.decided;
    confirmed &&= round.won;
    let heard = 0;
    for (const [, freed] of round.granted) {
      held ||= Number(freed) > 0;
      heard = Math.max(heard, Number(freed) - 1);
    }
    told += heard;
  }
  const failures = confirmed ? [] : rounds.flatMap((round) => [...round.failures, ...round.silent]);
  return { confirmed, held, told, failures };
}
