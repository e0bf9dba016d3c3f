import { formatPlural } from "../../format/count.ts";
import { formatDuration, formatSeconds } from "../../format/duration.ts";
import { displayName } from "../../format/name.ts";
import type { ReportedHolder } from "../../monitor/reports/report-reading.ts";
import { NOT_FOR_GOOD } from "../../release/release-texts.ts";
import type { LockReading } from "../locks/lock-reading.ts";
import type { Candidate } from "./candidates.ts";

/** "billing-7:3121 (id 9f3c11ab)" */
export function describeHolder({ owner, id }: Pick<Candidate, "owner" | "id">): string {
  return owner === undefined ? `a client of another library (id ${id})` : `${displayName(owner)} (id ${id})`;
}

/** The lock, as it was read from all servers just now. */
export function describeLock(
  { name, view, figures }: LockReading,
  chosen: Candidate,
  report: ReportedHolder | undefined,
  oldestWaitMs: number | undefined,
): readonly string[] {
  const age = report === undefined ? "age unknown" : `for ${formatDuration(report.heldMs)} (reported)`;
  const fence = report === undefined ? "fence unknown" : `fence ${report.fence}`;
  const why = report === undefined ? " (its process does not report)" : "";
  const isShort = figures.health === "not-extended" && figures.holder?.id === chosen.id;
  const ttlMs = figures.ttlMs ?? 0;
  const silent = isShort ? `, not extended for ${formatSeconds(ttlMs - chosen.remainingMs)}` : "";
  const left =
    chosen.remainingMs === Infinity
      ? "the key has no expiry, so it never ends by itself"
      : `${formatSeconds(chosen.remainingMs)} left${silent}`;
  const permits = chosen.slots === undefined ? "" : `, ${formatPlural(chosen.slots.length, "permit")}`;
  const oldest = oldestWaitMs === undefined ? "" : `, oldest ${formatSeconds(oldestWaitMs)}`;
  return [
    `${displayName(name)}   ${view.kind}`,
    `holder     ${describeHolder(chosen)}${permits}, ${age}, ${fence}${why}`,
    `lease      ${left}; votes ${chosen.votes} of ${view.of}`,
    `waiting    ${view.waiters} in line, ${formatPlural(view.callers, "caller")}${oldest}`,
  ];
}

/** What the release will do, and what it will not. */
export function describeMode(isNow: boolean, chosen: Candidate): readonly string[] {
  const { remainingMs, owner, id } = chosen;
  const who = owner === undefined ? `the holder (id ${id})` : displayName(owner);
  const longest = remainingMs === Infinity ? "an unknown time" : `up to ${formatSeconds(remainingMs)}`;
  const effect = isNow
    ? `Now: the holder may still be working. Two can work at the same time for ${longest}. ${NOT_FOR_GOOD}`
    : `When its lease ends, in ${formatSeconds(remainingMs)}: the operator's token replaces the holder's and keeps the remaining time. No other holder enters before.`;
  return [
    effect,
    `The release does not stop ${who}. A store refuses its writes only once the store has seen a larger fence${
      chosen.canDrain
        ? ", so record the fence that is shown after the release there."
        : ". This release makes no new fence."
    }`,
  ];
}

/** "▲ This process reported 3 s ago. It is probably still working." */
export function describeActivity(report: ReportedHolder): string {
  const seconds = Math.round(report.ageMs / 1_000);
  return `▲ This process reported ${seconds} s ago. It is probably still working.`;
}

/** One line for each holder, so that one can be chosen. */
export function listHolders(candidates: readonly Candidate[]): string {
  return candidates
    .map((each) => {
      const left = each.remainingMs === Infinity ? "no expiry" : `${formatSeconds(each.remainingMs)} left`;
      const permits = each.slots === undefined ? "" : `, permits ${each.slots.join(", ")}`;
      return `  --token ${each.id}   ${describeHolder(each)}, ${left}${permits}`;
    })
    .join("\n");
}
