import type { LockHealth, LockRow } from "../api.ts";
import type { Blocked } from "../reports/blocked-behind.ts";
import type { ReportedHolder } from "../reports/report-reading.ts";
import {
  canBeHeld,
  type HolderEntry,
  type LockEntry,
  mainHolder,
  quorumRemainingMs,
  voteCount,
  votesOf,
} from "./lock-entry.ts";

/** Below this part of the ttl, two extensions were missed, or none is wanted. */
const SHORT_PART = 1 / 3;

/** A lock that a report called lost a short while ago. */
export interface LostLock {
  readonly name: string;
  readonly at: number;
  readonly owner: string | undefined;
}

/** What a row needs besides the reading. */
export interface RowContext {
  readonly quorum: number;
  /** Monotonic. */
  readonly now: number;
  readonly classOf: (name: string) => string;
  readonly reported: (id: string) => ReportedHolder | undefined;
  readonly blocked: (name: string) => Blocked | undefined;
}

/** The figures of a lock by which lists are sorted. */
export interface LockFigures {
  readonly holder: HolderEntry | undefined;
  readonly health: LockHealth;
  /** At the moment of the reading. */
  readonly remainingMs: number | undefined;
  readonly ageMs: number;
  readonly ageSource: "report" | "seen";
  readonly ttlMs: number | undefined;
}

export function figuresOf(entry: LockEntry, context: RowContext): LockFigures {
  const { quorum, now, reported } = context;
  const holder = mainHolder(entry, quorum);
  const shown = holder ?? entry.holders[0];
  const report = shown === undefined ? undefined : reported(shown.id);
  const remainingMs = holder === undefined ? undefined : quorumRemainingMs(holder, quorum);
  const ttlMs = report?.ttlMs ?? shown?.largestMs;
  const seenMs = shown === undefined ? 0 : now - shown.firstSeenAt;
  const ageMs = report?.heldMs ?? seenMs;
  return {
    holder,
    health: healthOf(entry, { holder, remainingMs, ttlMs, ageMs }, quorum),
    remainingMs: remainingMs === Infinity ? undefined : remainingMs,
    ageMs,
    ageSource: report === undefined ? "seen" : "report",
    ttlMs,
  };
}

function healthOf(
  entry: LockEntry,
  { holder, remainingMs, ttlMs, ageMs }: Pick<LockFigures, "holder" | "remainingMs" | "ttlMs" | "ageMs">,
  quorum: number,
): LockHealth {
  // While too few servers answer, the holder is that of a former reading.
  if (holder === undefined || remainingMs === undefined || voteCount(entry, holder) < quorum)
    return canBeHeld(entry, quorum) ? "uncertain" : "minority";
  if (remainingMs === Infinity) return "no-expiry";
  if (ttlMs === undefined || remainingMs >= ttlMs * SHORT_PART) return "held";
  // A lock that is older than its ttl was extended. Now its process does not extend it any more.
  return holder.wasExtended || ageMs > ttlMs ? "not-extended" : "short";
}

/** The row of a lock, with its remaining time as of now. */
export function rowOf(entry: LockEntry, context: RowContext, figures = figuresOf(entry, context)): LockRow {
  const { holder, health, ageMs, ageSource, ttlMs, remainingMs } = figures;
  const { now, reported, blocked, classOf } = context;
  const waits = blocked(entry.name);
  const report = holder === undefined ? undefined : reported(holder.id);
  const readMsAgo = now - entry.readAt;
  return {
    name: entry.name,
    class: classOf(entry.name),
    kind: entry.kind,
    health,
    holder: holder === undefined ? undefined : { owner: holder.owner ?? report?.owner, id: holder.id },
    holders: entry.holderCount,
    ageMs: Math.round(ageMs),
    ageSource,
    remainingMs: remainingMs === undefined ? undefined : Math.max(0, Math.round(remainingMs - readMsAgo)),
    ttlMs,
    votes: votesOf(entry, holder),
    fence: report?.fence,
    waiting: entry.line.length,
    callers: waits?.callers ?? 0,
    oldestWaitMs: waits === undefined || waits.callers === 0 ? undefined : Math.round(waits.oldestWaitMs),
    blocked: waits?.blocked ?? 0,
    deadlock: waits?.deadlock,
    readMsAgo: Math.round(readMsAgo),
  };
}

/** The row of a lock that was lost and is not held again. */
export function lostRow(
  { name, owner, at }: LostLock,
  servers: number,
  classOf: (name: string) => string,
): LockRow {
  return {
    name,
    class: classOf(name),
    kind: "mutex",
    health: "lost",
    holder: owner === undefined ? undefined : { owner, id: "" },
    holders: 0,
    ageMs: 0,
    ageSource: "seen",
    remainingMs: undefined,
    ttlMs: undefined,
    votes: Array(servers).fill("none") as "none"[],
    fence: undefined,
    waiting: 0,
    callers: 0,
    oldestWaitMs: undefined,
    blocked: 0,
    deadlock: undefined,
    readMsAgo: 0,
    lostMsAgo: Date.now() - at,
  };
}
