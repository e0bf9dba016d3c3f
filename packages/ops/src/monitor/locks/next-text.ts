import { formatSeconds } from "../format/format-numbers.ts";
import { answerCount, freeInMs, type LockEntry } from "./lock-entry.ts";
import type { LockFigures } from "./lock-rows.ts";

/** What happens next with a lock: whether it ends by itself, and when. */
export function describeNext(entry: LockEntry, figures: LockFigures, quorum: number): string {
  const { holder, health, remainingMs, ttlMs } = figures;
  if (health === "no-expiry") return "The key has no expiry. It never ends by itself.";
  if (health === "uncertain") return describeUncertain(entry);
  if (holder === undefined || remainingMs === undefined) return describeMinority(entry, quorum);
  if (health === "held") return "The holder extends it. It stays held.";
  const free = freeInMs(entry, holder, quorum);
  const end =
    free === undefined
      ? "Too few servers answer to grant it again."
      : `If nothing changes, it is free in ${formatSeconds(Math.max(free, remainingMs))}.`;
  return `Not extended for ${formatSeconds((ttlMs ?? remainingMs) - remainingMs)}. ${end}`;
}

/** The servers that gave no answer can have the keys that are missing for a quorum. */
function describeUncertain(entry: LockEntry): string {
  const servers = entry.answers.length;
  const silent = `${servers - answerCount(entry)} of ${servers} servers gave no answer`;
  const found = serversWithKeys(entry);
  if (found === 0) return `It may be held: ${silent}.`;
  return `It may be held: it is on ${found} of ${servers} servers, and ${silent}.`;
}

function describeMinority(entry: LockEntry, quorum: number): string {
  const found = serversWithKeys(entry);
  if (found === 0)
    return answerCount(entry) < quorum
      ? "Nobody holds it. Too few servers answer to grant it."
      : "It is free.";
  const times = entry.holders.flatMap(({ remainingMs }) => remainingMs.filter((each) => each !== undefined));
  const rest = Math.max(...times);
  const end =
    rest === Infinity ? "the rest never ends by itself." : `the rest ends in ${formatSeconds(rest)}.`;
  return `It is on ${found} of ${entry.answers.length} servers. Nobody holds it; ${end}`;
}

/** How many servers say that they have a key of the name. */
function serversWithKeys({ holders, answers }: LockEntry): number {
  return answers.filter(
    (state, index) =>
      state === "answered" && holders.some(({ remainingMs }) => remainingMs[index] !== undefined),
  ).length;
}
