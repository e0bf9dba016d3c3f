import { formatCount, formatPlural } from "../../format/count.ts";
import { formatSeconds } from "../../format/duration.ts";
import { formatList } from "../../format/list.ts";
import { displayName } from "../../format/name.ts";
import type { LockReading } from "../../cli/locks/lock-reading.ts";
import type { LockFacts } from "../facts.ts";
import type { Problem } from "../finding.ts";
import type { LockContext } from "./locks.ts";
import { MAX_OWNERS } from "./owners.ts";

/** How many locks the finding names. The others are only counted. */
const MAX_NAMES = 10;

/**
 * Whether the holder's process does not report, while others do. Reports expire soon after their process has ended. An operator reports
 * nothing.
 */
export function isUnreported(
  { figures, report }: LockReading,
  { reporting }: Pick<LockContext, "reporting">,
): boolean {
  const { holder, health, remainingMs } = figures;
  const owner = holder?.owner;
  if (report !== undefined || owner === undefined || owner.startsWith("operator:")) return false;
  if (remainingMs === undefined || remainingMs === Infinity || health === "uncertain") return false;
  return reporting !== undefined && reporting.size > 0 && !reporting.has(owner);
}

/** One problem for all these locks: a part of the fleet that never reports has many of them. */
export function unreportedLocks(
  { suspicious, moreUnreported }: LockFacts,
  context: LockContext,
): readonly Problem[] {
  const found = suspicious.filter((reading) => isUnreported(reading, context));
  const [first] = found;
  if (first === undefined) return [];
  const count = found.length + moreUnreported;
  const others = context.reporting?.size ?? 0;
  const reporting = `while ${formatPlural(others, "other")} ${others === 1 ? "does" : "do"}`;
  const owners = [...new Set(found.map(({ figures }) => displayName(figures.holder?.owner ?? "")))];
  if (count === 1)
    return [
      {
        subject: first.name,
        cause: `${displayName(first.name)} is held by ${owners.join()}, which does not report, ${reporting}. It may have ended without releasing it. The lock is free in ${formatSeconds(first.figures.remainingMs ?? 0)}, if it is not extended.`,
        remedy: "Look whether the process still runs. If it has ended, wait. If it runs, let it report.",
      },
    ];
  const names = formatList(
    found.map(({ name }) => displayName(name)),
    MAX_NAMES,
    count,
  );
  const longestMs = Math.max(...found.map(({ figures }) => figures.remainingMs ?? 0));
  return [
    {
      subject: `${count} locks`,
      cause: `${formatCount(count)} locks are held by processes that do not report (${formatList(owners, MAX_OWNERS)}), ${reporting}: ${names}. These processes may have ended without releasing them. A lock that is not extended is free in ${formatSeconds(longestMs)} at the latest.`,
      remedy: "Look whether the processes still run. If they have ended, wait. If they run, let them report.",
    },
  ];
}
