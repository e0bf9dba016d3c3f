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

/** "Released. It cannot be extended any more; free at 14:03:30 UTC. New fence 1764107001282562." */
export function describeReleased(
  mode: "drain" | "now",
  { newFence, freeInMs }: OperatorReleaseResult,
  freeAt: number,
): string {
  const fence = newFence === undefined ? "" : ` New fence ${newFence}.`;
  if (mode === "now" || freeInMs === 0) return `Released. It is free now.${fence}`;
  const time = new Date(freeAt).toISOString().slice(11, 19);
  return `Released. It cannot be extended any more; free at ${time} UTC.${fence}`;
}
