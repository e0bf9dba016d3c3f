import type { LockInspection } from "quorumlock/operator";
import type { VoteMark } from "../api.ts";
import { tokenId } from "./token-id.ts";

/** A list of a semaphore can have thousands of holders. The pages show so many. */
const MAX_HOLDERS = 200;

/** One token of a name, as the servers have it. */
export interface HolderEntry {
  /** The first 8 characters of the token. The token itself is not kept. */
  readonly id: string;
  readonly owner: string | undefined;
  readonly slots: readonly number[] | undefined;
  /** For each server the time until the key expires, at the moment of the reading. `undefined`: it has no key with this token. */
  readonly remainingMs: readonly (number | undefined)[];
  /** When the monitor first saw the token. Monotonic. */
  readonly firstSeenAt: number;
  /** The largest remaining time that was seen, which is about the ttl. `undefined` for keys without an expiry. */
  readonly largestMs: number | undefined;
  /** Whether its end has moved since the monitor first saw it. */
  readonly wasExtended: boolean;
}

/** What a server said. */
type AnswerState = "answered" | "no-answer" | "abstains";

/** A name that is held somewhere, as the latest reading found it. */
export interface LockEntry {
  readonly name: string;
  readonly kind: "mutex" | "shared" | "semaphore";
  /** The holders, in the order in which the monitor saw them. */
  readonly holders: readonly HolderEntry[];
  /** How many tokens there are, also those that are not kept. */
  readonly holderCount: number;
  /** One for each server, in the order of the configuration. */
  readonly answers: readonly AnswerState[];
  /** The clients in line, in order. */
  readonly line: readonly string[];
  /** Monotonic. */
  readonly readAt: number;
}

/** An end that moved by less is no extension, because replies take different times. */
const MIN_EXTENSION_MS = 50;

/** Reads what the servers say about a name. `before`: the former reading, which knows since when each token is there. */
export function lockEntryOf(
  inspection: LockInspection,
  before: LockEntry | undefined,
  now: number,
): LockEntry {
  const { name, instances } = inspection;
  const known = new Map(before?.holders.map((holder) => [holder.id, holder]));
  const found = new Map<
    string,
    { owner: string | undefined; slots: Set<number>; left: (number | undefined)[] }
  >();
  let kind: LockEntry["kind"] = "mutex";
  instances.forEach(({ holds }, index) => {
    for (const { token, owner, remainingMs, isShared, slots } of holds) {
      if (slots !== undefined) kind = "semaphore";
      else if (isShared && kind === "mutex") kind = "shared";
      const id = tokenId(token);
      let holder = found.get(id);
      if (holder === undefined)
        found.set(
          id,
          (holder = {
            owner,
            slots: new Set(),
            left: Array(instances.length).fill(undefined) as undefined[],
          }),
        );
      holder.left[index] = remainingMs;
      for (const slot of slots ?? []) holder.slots.add(slot);
    }
  });
  const holders = [...found].map(([id, { owner, slots, left }]) =>
    holderEntry({ id, owner, slots, left, isSemaphore: kind === "semaphore" }, known.get(id), before, now),
  );
  return {
    name,
    kind,
    holders: holders.toSorted((a, b) => a.firstSeenAt - b.firstSeenAt).slice(0, MAX_HOLDERS),
    holderCount: holders.length,
    answers: instances.map(({ state }) => state),
    line: [...new Set(instances.flatMap(({ waiting }) => waiting))],
    readAt: now,
  };
}

interface FoundHolder {
  readonly id: string;
  readonly owner: string | undefined;
  readonly slots: ReadonlySet<number>;
  readonly left: readonly (number | undefined)[];
  readonly isSemaphore: boolean;
}

function holderEntry(
  { id, owner, slots, left, isSemaphore }: FoundHolder,
  known: HolderEntry | undefined,
  before: LockEntry | undefined,
  now: number,
): HolderEntry {
  const longest = longestOf(left);
  const formerEnd = known === undefined ? undefined : longestOf(known.remainingMs);
  const elapsed = before === undefined ? 0 : now - before.readAt;
  const hasMoved =
    longest !== undefined && formerEnd !== undefined && longest > formerEnd - elapsed + MIN_EXTENSION_MS;
  return {
    id,
    owner,
    slots: isSemaphore ? [...slots].toSorted((a, b) => a - b) : undefined,
    remainingMs: left,
    firstSeenAt: known?.firstSeenAt ?? now,
    largestMs: longest === undefined ? known?.largestMs : Math.max(longest, known?.largestMs ?? 0),
    wasExtended: known?.wasExtended === true || hasMoved,
  };
}

/** The largest finite time. */
function longestOf(remainingMs: readonly (number | undefined)[]): number | undefined {
  const finite = remainingMs.filter((each): each is number => each !== undefined && Number.isFinite(each));
  return finite.length === 0 ? undefined : Math.max(...finite);
}

/** When the holder loses the quorum: the quorum-th largest of its remaining times. `undefined` if it has no quorum. */
export function quorumRemainingMs({ remainingMs }: HolderEntry, quorum: number): number | undefined {
  const held = remainingMs.filter((each) => each !== undefined).toSorted((a, b) => b - a);
  return held[quorum - 1];
}

/**
 * When enough servers are free of the holder for another one: so few have its key then that the others are a quorum. `undefined` if
 * fewer servers than a quorum answer.
 */
export function freeInMs(entry: LockEntry, { remainingMs }: HolderEntry, quorum: number): number | undefined {
  const answering = answerCount(entry);
  if (answering < quorum) return undefined;
  const held = remainingMs
    .filter((each, index): each is number => each !== undefined && entry.answers[index] === "answered")
    .toSorted((a, b) => b - a);
  return held[answering - quorum] ?? 0;
}

/** How many servers answered. A server that abstains is not asked, so it gave no answer. */
export function answerCount({ answers }: LockEntry): number {
  return answers.filter((state) => state === "answered").length;
}

/** How many servers say that they have a key of this holder. A holder of a former reading can have keys on servers without an answer. */
export function voteCount({ answers }: LockEntry, { remainingMs }: HolderEntry): number {
  return remainingMs.filter((each, index) => each !== undefined && answers[index] === "answered").length;
}

/** Whether the servers that gave no answer can complete the quorum of a holder, also of one that no server has named. */
export function canBeHeld(entry: LockEntry, quorum: number): boolean {
  const votes = Math.max(0, ...entry.holders.map((holder) => voteCount(entry, holder)));
  return votes + entry.answers.length - answerCount(entry) >= quorum;
}

/**
 * The entry of a name of which too few servers say that it is gone: the former reading, without the keys that the servers that answer
 * now do not have.
 */
export function keptEntry(before: LockEntry, { answers }: LockEntry): LockEntry {
  const holders = before.holders.map((holder) => ({
    ...holder,
    remainingMs: holder.remainingMs.map((each, index) => (answers[index] === "answered" ? undefined : each)),
  }));
  return { ...before, answers, holders };
}

/** What each server says about one holder. */
export function votesOf(entry: LockEntry, holder: HolderEntry | undefined): readonly VoteMark[] {
  return entry.answers.map((state, index) => {
    if (state !== "answered") return state;
    if (holder?.remainingMs[index] !== undefined) return "holder";
    const hasOther = entry.holders.some(({ remainingMs }) => remainingMs[index] !== undefined);
    return hasOther && entry.kind === "mutex" ? "other" : "none";
  });
}

/** The holder that the pages name: the oldest one on a quorum. */
export function mainHolder(entry: LockEntry, quorum: number): HolderEntry | undefined {
  return entry.holders.find((holder) => quorumRemainingMs(holder, quorum) !== undefined);
}
