import { resourceClassOf } from "quorumlock/observe";
import type { LastRunView, LockDetail, ServerVote, WaiterView } from "../../monitor/api.ts";
import type { ClassOf } from "../../monitor/locks/class-rules.ts";
import { readLastRun } from "../../monitor/locks/last-runs.ts";
import { heldBy } from "../../monitor/locks/held-by.ts";
import { answerCount } from "../../monitor/locks/lock-entry.ts";
import { describeNext } from "../../monitor/locks/next-text.ts";
import { serverVotes } from "../../monitor/locks/server-votes.ts";
import { SimilarNames } from "../../monitor/locks/similar-names.ts";
import { waitingLine } from "../../monitor/locks/waiting-line.ts";
import type { Connection } from "../connect.ts";
import { FleetReports } from "../locks/fleet-reports.ts";
import { type LockReading, readLock } from "../locks/lock-reading.ts";
import { LockScan } from "../locks/lock-scan.ts";

/** A search for similar names may take no longer. */
const SEARCH_MS = 2_000;

/** Everything that `inspect` knows about one name. */
export interface Inspected {
  readonly name: string;
  readonly class: string;
  readonly reading: LockReading;
  readonly heldBy: LockDetail["holders"];
  readonly servers: readonly ServerVote[];
  readonly line: readonly WaiterView[];
  /** "Not extended for 7.1 s. If nothing changes, it is free in 2.9 s." */
  readonly next: string;
  readonly lastRun: LastRunView | undefined;
  /** How long ago the holder's process reported. */
  readonly reportedMsAgo: number | undefined;
  /** Names in use that look alike, if no server has this one. */
  readonly similar: readonly string[];
  /** Whether so many servers answered that nobody else can hold it. */
  readonly hasQuorum: boolean;
  readonly unanswered: readonly { readonly label: string; readonly failure: string }[];
}

/** Reads one name from all servers, and who waits for it. */
export async function inspectName(
  connection: Connection,
  name: string,
  prefix: string,
  classOf: ClassOf = resourceClassOf,
): Promise<Inspected> {
  const { redlock, servers, quorum } = connection;
  const [reports, lastRun] = await Promise.all([FleetReports.read(redlock), readLastRun(redlock, name)]);
  const reading = await readLock(connection, name, reports);
  const { entry, figures, inspection, report } = reading;
  const context = reports.context(quorum);
  return {
    name,
    class: classOf(name),
    reading,
    heldBy: entry.holders.map((holder) => heldBy(entry, holder, context)),
    servers: serverVotes(
      entry,
      figures.holder,
      servers.map(({ label }) => label),
      context.reported,
    ),
    line: waitingLine(entry, reports.locks, reports.readMsAgo),
    next: describeNext(entry, figures, quorum),
    lastRun,
    reportedMsAgo: report === undefined ? undefined : Math.round(report.ageMs + reports.readMsAgo),
    similar: entry.holderCount > 0 ? [] : await findSimilar(connection, name, prefix),
    hasQuorum: answerCount(entry) >= quorum,
    unanswered: servers.flatMap((server, index) => {
      const { state, error = "" } = inspection.instances[index] ?? {};
      if (state === undefined || state === "answered") return [];
      return { label: server.label, failure: server.failure() ?? error };
    }),
  };
}

/** What `inspect --json` prints. */
export function inspectedJson(inspected: Inspected): Readonly<Record<string, unknown>> {
  const { reading, class: resource, heldBy: list, servers, line, next } = inspected;
  const { lastRun, reportedMsAgo, similar, unanswered } = inspected;
  return {
    ...reading.view,
    class: resource,
    isHeld: reading.figures.holder !== undefined,
    reportedMsAgo,
    heldBy: list,
    servers,
    line,
    next,
    lastRun: lastRun ?? null,
    similar,
    unanswered: unanswered.map(({ label }) => label),
  };
}

/** Looks at the names in use until one scan has ended or the time is over. */
async function findSimilar(connection: Connection, name: string, prefix: string): Promise<readonly string[]> {
  const similar = new SimilarNames(name);
  const signal = AbortSignal.timeout(SEARCH_MS);
  try {
    for await (const names of new LockScan(connection, { prefix, signal }).names())
      for (const each of names) similar.add(each);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  return similar.names;
}
