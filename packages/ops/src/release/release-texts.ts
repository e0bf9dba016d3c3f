import type { OperatorReleaseResult } from "quorumlock/operator";

/** What the browser and the command say about a release. */

export const NOT_RELEASED_FREE = "Not released: it is free.";
export const NOT_RELEASED_ONLY_NOW =
  "Not released: a shared hold, and a key without an expiry, can only be released now.";

/** Why a release without a quorum has failed, and what is left of it. */
export function describeNoQuorum(
  { votes, failures }: Pick<OperatorReleaseResult, "votes" | "failures">,
  servers: number,
  quorum: number,
): string {
  return describeTooFew(
    `${servers - failures.length} of ${servers} servers answered`,
    quorum,
    votes > 0 ? `It has ended on ${votes} of them.` : "What was changed has been undone.",
  );
}

/** "Not released: 1 of 3 servers answered, 2 are needed. Nothing was changed." */
export function describeTooFew(count: string, quorum: number, end: string): string {
  return `Not released: ${count}, ${quorum} ${quorum === 1 ? "is" : "are"} needed. ${end}`;
}

/** What a release now does not prevent. */
export const NOT_FOR_GOOD =
  "A process that still works takes the lock again with its next extension, if nobody else has it by then. Only a release at the end of the lease prevents that.";

/** "Released. It cannot be extended any more; free at 14:03:30 UTC. New fence 1764107001282562." */
export function describeReleased(
  mode: "drain" | "now",
  { newFence, freeInMs }: OperatorReleaseResult,
  freeAt: number,
): string {
  const fence = newFence === undefined ? "" : ` New fence ${newFence}.`;
  if (freeInMs === 0) return `Released. It is free now.${fence}${mode === "now" ? ` ${NOT_FOR_GOOD}` : ""}`;
  const time = new Date(freeAt).toISOString().slice(11, 19);
  // Too few servers have confirmed the second step, so its end may have to come by itself.
  if (mode === "now") return `Released. Free at ${time} UTC at the latest.${fence} ${NOT_FOR_GOOD}`;
  return `Released. It cannot be extended any more; free at ${time} UTC.${fence}`;
}
