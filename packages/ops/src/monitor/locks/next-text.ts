import { formatSeconds } from "../format/format-numbers.ts";
import { freeInMs, type LockEntry } from "./lock-entry.ts";
import type { LockFigures } from "./lock-rows.ts";

/** What happens next with a lock: whether it ends by itself, and when. */
export function describeNext(entry: LockEntry, figures: LockFigures, quorum: number): string {
  const { holder, health, remainingMs, ttlMs } = figures;
  if (health === "no-expiry") return "The key has no expiry. It never ends by itself.";
  if (holder === undefined || remainingMs === undefined) return describeMinority(entry);
  if (health === "held") return "The holder extends it. It stays held.";
  const free = freeInMs(entry, holder, quorum);
  const end =
    free === undefined
      ? "Too few servers answer to grant it again."
      : `If nothing changes, it is free in ${formatSeconds(Math.max(free, remainingMs))}.`;
  return `Not extended for ${formatSeconds((ttlMs ?? remainingMs) - remainingMs)}. ${end}`;
}

function describeMinority({ holders, answers }: LockEntry): string {
  const times = holders.flatMap(({ remainingMs }) => remainingMs.filter((each) => each !== undefined));
  if (times.length === 0) return "It is free.";
  const servers = answers.filter((_, index) =>
    holders.some(({ remainingMs }) => remainingMs[index] !== undefined),
  );
  const rest = Math.max(...times);
  const end =
    rest === Infinity ? "the rest never ends by itself." : `the rest ends in ${formatSeconds(rest)}.`;
  return `It is on ${servers.length} of ${answers.length} servers. Nobody holds it; ${end}`;
}
