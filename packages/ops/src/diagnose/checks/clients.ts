import { formatPlural } from "../../format/count.ts";
import { formatDuration } from "../../format/duration.ts";
import type { ReportReading } from "../../monitor/reports/report-reading.ts";
import type { Check } from "../check.ts";
import type { Facts } from "../facts.ts";
import type { Problem } from "../finding.ts";
import { groupBy, ownersOf } from "./owners.ts";
import { differentSets } from "./sets.ts";

/** The processes, as they report themselves. */
export const CLIENT_CHECKS: readonly Check[] = [
  { code: "QL301", find: differentSets },
  { code: "QL302", find: ifReported(shortWindows) },
  { code: "QL303", find: ifReported(differentSettings) },
  { code: "QL304", find: ifReported(mixedVersions) },
  { code: "QL305", find: noReports },
  { code: "QL306", find: ifReported(manyClasses) },
  { code: "QL307", find: ifReported(cutReports) },
];

const MAX_CLASSES = 200;
function ifReported(
  find: (readings: readonly ReportReading[], facts: Facts) => readonly Problem[],
): Check["find"] {
  return (facts) => {
    const { readings } = facts.reports.locks;
    return readings.length === 0 ? { unchecked: "no process reports" } : find(readings, facts);
  };
}

/** A server that has forgotten a lock may vote again while the lock is valid. */
function shortWindows(readings: readonly ReportReading[]): readonly Problem[] {
  const longestMs = Math.max(
    ...readings.flatMap(({ report }) => [report.client.ttlMs, ...report.holds.map(({ ttlMs }) => ttlMs)]),
  );
  // A client of one or two servers has no guard by default: its locks do not survive a restart anyhow.
  const short = readings.filter(
    ({ report: { client } }) => client.servers.length >= 3 && client.restartWindowMs < longestMs,
  );
  if (short.length === 0) return [];
  const windows = short.map(({ report }) => report.client.restartWindowMs);
  const shortestMs = Math.min(...windows);
  const what = shortestMs === 0 ? "no restart window" : `a restart window of ${formatDuration(shortestMs)}`;
  return [
    {
      subject: ownersOf(short),
      cause: `${ownersOf(short)} ${short.length === 1 ? "has" : "have"} ${what}, but locks with a ttl of ${formatDuration(longestMs)} are in use. After a restart a server can grant a lock that is still held.`,
      remedy: `Set \`restartGuard\` of every client to ${longestMs} or more, or to the largest ttl in use.`,
    },
  ];
}

/** Reports are read by their prefix, so processes with another one are not among them. */
function differentSettings(readings: readonly ReportReading[]): readonly Problem[] {
  const drifts = groupBy(readings, ({ report }) => String(report.client.driftFactor));
  const problems: Problem[] = [];
  if (drifts.size > 1)
    problems.push({
      subject: "driftFactor",
      cause: `Processes have different values of driftFactor: ${describe(drifts)}. The smallest one decides how much the clocks may differ.`,
      remedy: "Use the same value in every process.",
    });
  return problems;
}

function mixedVersions(readings: readonly ReportReading[]): readonly Problem[] {
  const versions = groupBy(readings, ({ report }) => report.process.version);
  if (versions.size < 2) return [];
  return [
    {
      subject: "versions",
      cause: `Processes have different versions of the library: ${describe(versions)}.`,
      remedy: "Nothing during an upgrade. Otherwise finish the upgrade.",
    },
  ];
}

function describe(groups: ReadonlyMap<string, readonly ReportReading[]>): string {
  return [...groups].map(([value, group]) => `${value || '""'} (${ownersOf(group)})`).join("; ");
}

function noReports({ reports }: Facts): readonly Problem[] {
  if (reports.locks.readings.length > 0) return [];
  return [
    {
      subject: "reports",
      cause:
        "No process reports its locks and waits, so the age of locks and most checks of clients are missing.",
      remedy: "Call `report(redlock, stats)` in your processes (docs/observability.md#reports).",
    },
  ];
}

function manyClasses(readings: readonly ReportReading[]): readonly Problem[] {
  const many = readings.filter(({ report }) => report.classes.length + report.omitted.classes > MAX_CLASSES);
  if (many.length === 0) return [];
  return [
    {
      subject: ownersOf(many),
      cause: `${ownersOf(many)}: there are more than ${MAX_CLASSES} classes of names. The others count together as “other”.`,
      remedy: "Give `LockStats` a `classOf` function that maps names to fewer classes.",
    },
  ];
}

function cutReports(readings: readonly ReportReading[], { reports }: Facts): readonly Problem[] {
  const problems: Problem[] = [];
  if (reports.processes > readings.length)
    problems.push({
      subject: "reports",
      cause: `${readings.length} of ${reports.processes} processes are read: there are more than the servers keep reports of, or reports of another version.`,
      remedy: "Nothing. What these processes hold and wait for is missing here.",
    });
  const cut = readings.filter(
    ({ report: { omitted } }) => omitted.holds + omitted.waits + omitted.classes > 0,
  );
  if (cut.length > 0) {
    const count = (what: "classes" | "holds" | "waits"): number =>
      cut.reduce((sum, { report }) => sum + report.omitted[what], 0);
    const parts = [
      { count: count("classes"), one: "class", many: "classes" },
      { count: count("holds"), one: "held lock", many: "held locks" },
      { count: count("waits"), one: "wait", many: "waits" },
    ].flatMap((each) => (each.count === 0 ? [] : [formatPlural(each.count, each.one, each.many)]));
    problems.push({
      subject: ownersOf(cut),
      cause: `The reports of ${ownersOf(cut)} are cut: ${parts.join(" and ")} did not fit.`,
      remedy: "Nothing. The oldest ones are reported, and counts are exact.",
    });
  }
  return problems;
}
