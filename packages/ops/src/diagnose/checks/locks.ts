import { displayName } from "../../format/name.ts";
import { formatDuration, formatSeconds } from "../../format/duration.ts";
import type { LockReading } from "../../cli/locks/lock-reading.ts";
import type { Check } from "../check.ts";
import type { Facts } from "../facts.ts";
import type { FindingCode, Problem } from "../finding.ts";
import { nameArgument } from "../shell-quote.ts";
import { isUnreported, unreportedLocks } from "./unreported.ts";

/** What the checks of one lock need besides its reading. */
export interface LockContext {
  readonly quorum: number;
  readonly labels: readonly string[];
  /** How long most locks of the class of a name are held, ms. `undefined` if too few were released, or none is reported. */
  readonly usualHoldMs: (name: string) => number | undefined;
  /** The processes that report. `undefined` if not all reports could be read. */
  readonly reporting: ReadonlySet<string> | undefined;
}

type LockProblem = (reading: LockReading, context: LockContext) => Problem | undefined;

/** How many locks one check names. The others are only counted. */
const MAX_LOCKS = 20;
/** A lock that is held so much longer than usual is unusual. Locks of less than a second are no reason to look. */
const UNUSUAL_FACTOR = 10;
const MIN_UNUSUAL_MS = 1_000;
/** Processes report every 5 s. */
const MAX_REPORT_AGE_MS = 10_000;

const LOCK_PROBLEMS: Readonly<Partial<Record<FindingCode, LockProblem>>> = {
  QL201: onMinority,
  QL202: withoutExpiry,
  QL203: notExtended,
  QL204: heldLong,
  QL205: missingVotes,
  QL206: silentHolder,
  QL207: foreignValue,
  QL209: twoKinds,
};
const NEEDS_REPORTS: readonly FindingCode[] = ["QL203", "QL204", "QL206"];

/** Whether a check has something to say about this lock alone. */
export function hasProblem(reading: LockReading, context: LockContext): boolean {
  return Object.values(LOCK_PROBLEMS).some((find) => find(reading, context) !== undefined);
}

/** Whether a check has something to say about the lock, alone or together with others. */
export function isSuspicious(reading: LockReading, context: LockContext): boolean {
  return hasProblem(reading, context) || isUnreported(reading, context);
}

/** Each lock by itself. */
export function lockChecks(contextOf: (facts: Facts) => LockContext): readonly Check[] {
  return Object.entries(LOCK_PROBLEMS).map(([code, find]) => ({
    code: code as FindingCode,
    find: (facts) => {
      if (facts.reports.locks.readings.length === 0 && NEEDS_REPORTS.includes(code as FindingCode))
        return { unchecked: "no process reports" };
      const context = contextOf(facts);
      const found = limited(facts.locks.suspicious.flatMap((reading) => find(reading, context) ?? []));
      if (code === "QL206") found.push(...unreportedLocks(facts.locks, context));
      if (found.length === 0 && !facts.locks.hasAllHeld) return { unchecked: "not all locks were read" };
      return found;
    },
  }));
}

function limited(found: readonly Problem[]): Problem[] {
  if (found.length <= MAX_LOCKS) return [...found];
  const rest = found.length - MAX_LOCKS;
  const first = found.slice(0, MAX_LOCKS);
  const { remedy } = found[0] as Problem;
  return [...first, { subject: `${rest} more`, cause: `${rest} more locks are like these.`, remedy }];
}

function onMinority(
  { name, entry, figures }: LockReading,
  { quorum, labels }: LockContext,
): Problem | undefined {
  if (figures.health !== "minority" || entry.holders.length === 0) return undefined;
  const times = entry.holders.flatMap(({ remainingMs }) => remainingMs.filter((each) => each !== undefined));
  const longestMs = Math.max(...times);
  // Another check says what is to be done about a key that never ends.
  if (longestMs === Infinity) return undefined;
  const where = labels.filter((_, index) =>
    entry.holders.some(({ remainingMs }) => remainingMs[index] !== undefined),
  );
  return {
    subject: name,
    cause: `${displayName(name)} is on ${where.join(", ")} only; ${quorum} servers are needed. Nobody holds it, and the rest ends in ${formatSeconds(longestMs)}.`,
    remedy: "Wait: it ends by itself.",
  };
}

function withoutExpiry({ name, entry }: LockReading, { labels }: LockContext): Problem | undefined {
  const where = labels.filter((_, index) =>
    entry.holders.some(({ remainingMs }) => remainingMs[index] === Infinity),
  );
  if (where.length === 0) return undefined;
  return {
    subject: name,
    cause: `${displayName(name)} has no expiry on ${where.join(", ")}: it never ends by itself.`,
    remedy: "Find out who set it: this library never does that. Then release it.",
    commands: [`quorumlock unlock --now ${nameArgument(name)}`],
  };
}

function notExtended(reading: LockReading): Problem | undefined {
  const { name, figures, report } = reading;
  const { health, ttlMs, remainingMs } = figures;
  if (health !== "not-extended" || isSilent(reading) || ttlMs === undefined || remainingMs === undefined)
    return undefined;
  const owner = ownerOf(reading);
  return {
    subject: name,
    cause: `${displayName(name)} was not extended for ${formatSeconds(ttlMs - remainingMs)} by ${owner}, whose last report is ${formatSeconds(report?.ageMs ?? 0)} old. It is free in ${formatSeconds(remainingMs)}.`,
    remedy: `Look at the process ${owner}: it is paused or overloaded, or cannot reach the servers.`,
  };
}

function heldLong(reading: LockReading, { usualHoldMs }: LockContext): Problem | undefined {
  const { name, report } = reading;
  const usualMs = usualHoldMs(name);
  if (report === undefined || usualMs === undefined) return undefined;
  if (report.heldMs <= Math.max(MIN_UNUSUAL_MS, UNUSUAL_FACTOR * usualMs)) return undefined;
  const owner = ownerOf(reading);
  return {
    subject: name,
    cause: `${displayName(name)} has been held for ${formatDuration(report.heldMs)} by ${owner}; 99 % of its class are released within ${formatDuration(usualMs)}.`,
    remedy: `Look at what ${owner} does. If the process is stuck, end it, or release the lock.`,
    commands: [`quorumlock inspect ${nameArgument(name)}`, `quorumlock unlock ${nameArgument(name)}`],
  };
}

function missingVotes({ name, entry, figures }: LockReading, { labels }: LockContext): Problem | undefined {
  const { holder, health } = figures;
  if (holder === undefined || health === "uncertain") return undefined;
  const without = labels.filter(
    (_, index) => entry.answers[index] === "answered" && holder.remainingMs[index] === undefined,
  );
  if (without.length === 0) return undefined;
  return {
    subject: name,
    cause: `${displayName(name)} is held, but ${without.join(", ")} ${without.length === 1 ? "does" : "do"} not have it.`,
    remedy: "Nothing: the next extension adds the votes. If it stays, look at that server.",
  };
}

function silentHolder(reading: LockReading): Problem | undefined {
  const { name, figures, report } = reading;
  const { remainingMs } = figures;
  if (report === undefined || remainingMs === undefined || remainingMs === Infinity) return undefined;
  if (!isSilent(reading)) return undefined;
  return {
    subject: name,
    cause: `${ownerOf(reading)}, the holder of ${displayName(name)}, last reported ${formatSeconds(report.ageMs)} ago. The lock is free in ${formatSeconds(remainingMs)}, if it is not extended.`,
    remedy: "Look whether the process still runs. If it has ended, wait.",
  };
}

function foreignValue({ name, entry, report }: LockReading): Problem | undefined {
  // Another check says what is to be done about a key that never ends.
  const isForeign = entry.holders.some(
    ({ owner, remainingMs }) => owner === undefined && !remainingMs.includes(Infinity),
  );
  if (report !== undefined || !isForeign) return undefined;
  return {
    subject: name,
    cause: `${displayName(name)} has a value that this library did not write. Its owner is unknown.`,
    remedy: "Nothing, if another Redlock client uses this name. Otherwise use another prefix.",
  };
}

function twoKinds({ name, inspection }: LockReading, { labels }: LockContext): Problem | undefined {
  const wrong = inspection.instances.flatMap(({ error }, index) =>
    error !== undefined && error.includes("WRONGTYPE") ? [labels[index]] : [],
  );
  if (wrong.length > 0)
    return {
      subject: name,
      cause: `The key of ${displayName(name)} on ${wrong.join(", ")} is no string, so it is no lock. Every attempt to acquire it fails there.`,
      remedy: "Find out which program uses that key, and use another name or prefix.",
    };
  const holds = inspection.instances.flatMap((instance) => instance.holds);
  const permits = holds.filter(({ slots }) => slots !== undefined).length;
  if (permits === 0 || permits === holds.length) return undefined;
  return {
    subject: name,
    cause: `${displayName(name)} is a semaphore on some servers, and a lock of another kind on others.`,
    remedy: "Use one name for one kind of lock: the two keep each other out.",
  };
}

function isSilent({ report, figures }: LockReading): boolean {
  return figures.health !== "uncertain" && (report?.ageMs ?? 0) > MAX_REPORT_AGE_MS;
}

function ownerOf({ figures, report }: LockReading): string {
  return figures.holder?.owner ?? report?.owner ?? "an unknown holder";
}
