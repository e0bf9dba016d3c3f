import type { Redlock } from "quorumlock";
import { inspectLocks } from "quorumlock/operator";
import type { OuterLock } from "./environment.ts";

/**
 * - `held`: a quorum reports it.
 * - `ended`: a quorum denies it. A process that has left its tree can have the environment of a lock that ended long ago.
 * - `unknown`: too few servers answered.
 */
export type OuterState = "held" | "ended" | "unknown";

/** Reads whether a lock of an `exec` around this one is still held. */
export async function stateOfOuter(
  redlock: Redlock,
  { name, id }: OuterLock,
  quorum: number,
): Promise<OuterState> {
  const [inspection] = await inspectLocks(redlock, [name]);
  const answered = (inspection?.instances ?? []).filter(({ state }) => state === "answered");
  const votes = answered.filter(({ holds }) => holds.some((hold) => hold.id === id)).length;
  if (votes >= quorum) return "held";
  return answered.length - votes >= quorum ? "ended" : "unknown";
}
