import type { HolderEntry } from "../../monitor/locks/lock-entry.ts";
import { quorumRemainingMs } from "../../monitor/locks/lock-entry.ts";
import { tokenId } from "../../monitor/locks/token-id.ts";
import type { LockReading } from "../locks/lock-reading.ts";

/** A holder that can be released. */
export interface Candidate {
  /** The whole token, which is never shown. */
  readonly token: string;
  /** What is shown of it. */
  readonly id: string;
  readonly owner: string | undefined;
  /** The largest time that is left on a server. `Infinity` without an expiry. */
  readonly remainingMs: number;
  /** How many servers have it. */
  readonly votes: number;
  /** Whether it can take the place of the holder. Shared holds, permits and keys without an expiry can only end at once. */
  readonly canDrain: boolean;
  readonly slots: readonly number[] | undefined;
  /** What the servers say about the id. */
  readonly entry: HolderEntry;
}

/**
 * The holders of a name: each token on a quorum. A key without an expiry counts on any server, because it never ends by itself.
 */
export function candidatesIn({ inspection, entry }: LockReading, quorum: number): readonly Candidate[] {
  const byToken = new Map<
    string,
    { isShared: boolean; remainingMs: number; votes: number; slots: Set<number> }
  >();
  for (const { holds } of inspection.instances) {
    const counted = new Set<string>();
    for (const { token, isShared, remainingMs, slots } of holds) {
      const known = byToken.get(token) ?? { isShared: false, remainingMs: 0, votes: 0, slots: new Set() };
      byToken.set(token, known);
      known.isShared ||= isShared;
      known.remainingMs = Math.max(known.remainingMs, remainingMs);
      for (const slot of slots ?? []) known.slots.add(slot);
      if (!counted.has(token)) known.votes += 1;
      counted.add(token);
    }
  }
  return [...byToken].flatMap(([token, { isShared, remainingMs, votes, slots }]): readonly Candidate[] => {
    const id = tokenId(token);
    const holder = entry.holders.find((each) => each.id === id);
    if (holder === undefined) return [];
    const isHeld = votes >= quorum && quorumRemainingMs(holder, quorum) !== undefined;
    if (!isHeld && remainingMs !== Infinity) return [];
    return [
      {
        token,
        id,
        owner: holder.owner,
        remainingMs,
        votes,
        canDrain: !isShared && remainingMs !== Infinity,
        slots: slots.size === 0 ? undefined : [...slots].toSorted((a, b) => a - b),
        entry: holder,
      },
    ];
  });
}

/** The candidates that the option means: by the id as `inspect` shows it, or by the whole token. */
export function chosenBy(wanted: string | undefined, candidates: readonly Candidate[]): readonly Candidate[] {
  if (wanted === undefined) return candidates;
  return candidates.filter(({ id, token }) => id === wanted || token === wanted);
}
