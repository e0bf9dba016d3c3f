import { answerCount, canBeHeld } from "../../monitor/locks/lock-entry.ts";
import { describeNext } from "../../monitor/locks/next-text.ts";
import { describeTooFew } from "../../release/release-texts.ts";
import { EXIT } from "../command-error.ts";
import type { LockReading } from "../locks/lock-reading.ts";
import { type Candidate, candidatesIn, chosenBy } from "./candidates.ts";
import { listHolders } from "./describe.ts";
import { NOT_HELD, type Refusal } from "./refusal.ts";

/** The holder to release: the only one, or the one that `--token` names. */
export function choose(reading: LockReading, token: string | undefined, quorum: number): Candidate | Refusal {
  const { entry, figures } = reading;
  const answered = answerCount(entry);
  const of = entry.answers.length;
  if (answered < quorum) {
    const message = describeTooFew(`${answered} of ${of} servers answered`, quorum, "Nothing was changed.");
    return { exitCode: EXIT.noQuorum, why: "no-quorum", message };
  }
  const candidates = candidatesIn(reading, quorum);
  if (candidates.length === 0) {
    const next = describeNext(entry, figures, quorum);
    const message = `Not released: ${next.charAt(0).toLowerCase()}${next.slice(1)}`;
    return canBeHeld(entry, quorum)
      ? { exitCode: EXIT.noQuorum, why: "no-quorum", message }
      : { exitCode: NOT_HELD, why: "free", message };
  }
  const chosen = chosenBy(token, candidates);
  const [first] = chosen;
  if (first === undefined) {
    const message = `Not released: no holder has the token that --token names. The holders are:\n${listHolders(candidates)}`;
    return { exitCode: EXIT.refused, why: "holder-changed", message };
  }
  if (chosen.length === 1) return first;
  const message =
    token === undefined
      ? `Not released: ${candidates.length} tokens hold it. Choose one:\n${listHolders(chosen)}`
      : "Not released: two holders have this id. Give the whole token.";
  return { exitCode: EXIT.refused, why: "ambiguous", message };
}
