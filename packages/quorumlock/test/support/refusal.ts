import type { Refusal } from "../../src/quorum/refusal.ts";

/** A refusal with these parts. */
export function refusal(parts: Partial<Refusal>): Refusal {
  return {
    kind: "contended",
    at: 0,
    votes: 0,
    replies: [],
    holder: undefined,
    isHeld: false,
    isBehind: false,
    isLost: false,
    isPermanent: false,
    quorumPossibleAt: 0,
    failures: [],
    ...parts,
  };
}
