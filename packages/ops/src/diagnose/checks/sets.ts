import { formatPlural } from "../../format/count.ts";
import type { ReportReading } from "../../monitor/reports/report-reading.ts";
import type { Facts } from "../facts.ts";
import type { Problem } from "../finding.ts";
import { groupBy, ownersOf } from "./owners.ts";

/** A server cuts its uptime to whole seconds. */
const UPTIME_ERROR_MS = 1_000;
const RUN_ID_LENGTH = 8;

const REMEDY =
  "List the same servers in every process and in this configuration. Change the list only with `reconfigure`.";

/** Two clients whose majorities need not have a server in common can hold one lock at the same time. */
export function differentSets(facts: Facts): readonly Problem[] {
  return [...betweenReports(facts), ...inNotes(facts)];
}

function betweenReports(facts: Facts): readonly Problem[] {
  const { reports, servers } = facts;
  const uptimes = servers.flatMap(({ nodes }) => nodes.flatMap(({ info }) => info?.uptimeMs ?? []));
  const startedMs = Math.min(...uptimes) - UPTIME_ERROR_MS;
  // A process that does not know all its servers cannot be compared. A report that is older than a server names the one before it.
  const known = reports.locks.readings.filter(
    ({ report, ageMs }) => report.client.fingerprint !== undefined && ageMs < startedMs,
  );
  const groups = groupBy(known, ({ report }) => report.client.fingerprint ?? "");
  const sorted = [...groups.values()].toSorted((a, b) => b.length - a.length);
  if (sorted.length > 1)
    return [
      {
        subject: "clients",
        cause: `Processes use different sets of servers, so two of them can hold one lock: ${sorted.map(describeGroup).join("; ")}.`,
        remedy: REMEDY,
      },
    ];
  const [only] = sorted;
  const own = ownRunIds(facts);
  if (only === undefined || own === undefined) return [];
  const theirs = new Set(only[0]?.report.client.servers.map(({ runId }) => runId));
  if (theirs.size === own.size && [...own].every((runId) => theirs.has(runId))) return [];
  return [
    {
      subject: "configuration",
      cause: `This configuration has other servers (${servers.map(({ label }) => label).join(", ")}) than ${formatPlural(only.length, "process", "processes")}: ${describeGroup(only)}.`,
      remedy: REMEDY,
    },
  ];
}

/** `undefined` if a server is not known, or is a cluster, which has no run id. */
function ownRunIds({ servers }: Facts): ReadonlySet<string> | undefined {
  const runIds = servers.map(({ isCluster, nodes }) => (isCluster ? undefined : nodes[0]?.info?.runId));
  if (runIds.includes(undefined)) return undefined;
  return new Set(runIds.map((runId) => runId?.slice(0, RUN_ID_LENGTH) ?? ""));
}

function describeGroup(group: readonly ReportReading[]): string {
  const labels = group[0]?.report.client.servers.map(({ label }) => label).join(", ") ?? "";
  return `${ownersOf(group)} ${group.length === 1 ? "uses" : "use"} ${labels}`;
}

/** The notes also know clients that do not report. */
function inNotes({ sets, reports }: Facts): readonly Problem[] {
  const owners = new Set(reports.locks.readings.map(({ report }) => report.process.owner));
  return sets.conflicting.flatMap(({ owner, sizes, runIds, instances }) => {
    // The reports have said it already, with names.
    if (owners.has(owner)) return [];
    const known = runIds.map((runId) => `${runId.slice(0, RUN_ID_LENGTH)}…`).join(", ");
    return [
      {
        subject: owner,
        cause: `A client of ${owner} uses another set of ${sizes.join(" and next ")} servers (run ids ${known}) than this configuration, as ${instances.join(", ")} ${instances.length === 1 ? "says" : "say"}. Both can hold one lock.`,
        remedy: REMEDY,
      },
    ];
  });
}
