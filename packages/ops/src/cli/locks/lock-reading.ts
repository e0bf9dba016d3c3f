import { performance } from "node:perf_hooks";
import { inspectLocks, type LockInspection } from "quorumlock/operator";
import type { LockHealth } from "../../monitor/api.ts";
import { type LockEntry, lockEntryOf, voteCount } from "../../monitor/locks/lock-entry.ts";
import { figuresOf, type LockFigures } from "../../monitor/locks/lock-rows.ts";
import type { ReportedHolder } from "../../monitor/reports/report-reading.ts";
import type { Connection } from "../connect.ts";
import type { FleetReports } from "./fleet-reports.ts";
import { type LockKind, lockKindOf } from "./lock-kind.ts";

/** A lock as commands show it. It is the object that `list --json` and `inspect --json` print, so fields are only ever added. */
export interface LockView {
  readonly name: string;
  readonly kind: LockKind;
  readonly state: Exclude<LockHealth, "lost">;
  /** The oldest holder. `undefined` if no quorum has one. */
  readonly holder: { readonly owner: string | undefined; readonly id: string } | undefined;
  /** How many tokens hold it. */
  readonly holders: number;
  /** How many permits are held. Only of a semaphore. */
  readonly permits: number | undefined;
  /** Of the report of the holder's process; the servers do not keep it for each lock. */
  readonly fence: number | undefined;
  /** `undefined` without a report. */
  readonly ageMs: number | undefined;
  readonly ageSource: "report" | "unknown";
  readonly ttlMs: number | undefined;
  /** `undefined` for a key without an expiry, and if nobody holds it. */
  readonly remainingMs: number | undefined;
  /** How many servers say that they have it. */
  readonly votes: number;
  readonly of: number;
  /** Clients in line, and the callers that their reports name. */
  readonly waiters: number;
  readonly callers: number;
  /** Callers that wait for it, or for a lock whose holder waits for it, and so on. */
  readonly blocked: number;
  /** "A → B → A" */
  readonly deadlock: string | undefined;
  /** The names of that circle, each once. */
  readonly circle: readonly string[] | undefined;
}

/** What one reading of all servers says about a name. */
export interface LockReading {
  readonly name: string;
  /** With whole tokens, which are never shown. */
  readonly inspection: LockInspection;
  readonly entry: LockEntry;
  readonly figures: LockFigures;
  /** The report of the process that holds it. */
  readonly report: ReportedHolder | undefined;
  readonly view: LockView;
}

/** Reads up to 1,000 names from all servers. Servers that do not answer in time are marked as such. */
export async function readLocks(
  { redlock, quorum }: Connection,
  names: readonly string[],
  reports: FleetReports,
): Promise<readonly LockReading[]> {
  const inspections = await inspectLocks(redlock, names);
  return inspections.map((inspection) => readingOf(inspection, reports, quorum));
}

/** Reads one name from all servers. */
export async function readLock(
  connection: Connection,
  name: string,
  reports: FleetReports,
): Promise<LockReading> {
  const [reading] = await readLocks(connection, [name], reports);
  if (reading === undefined) throw new Error("a reading has one entry for each name");
  return reading;
}

function readingOf(inspection: LockInspection, reports: FleetReports, quorum: number): LockReading {
  const entry = lockEntryOf(inspection, undefined, performance.now());
  const context = reports.context(quorum);
  const figures = figuresOf(entry, context);
  const { holder } = figures;
  const report = holder === undefined ? undefined : context.reported(holder.id);
  return {
    name: inspection.name,
    inspection,
    entry,
    figures,
    report,
    view: viewOf(entry, figures, report, reports),
  };
}

function viewOf(
  entry: LockEntry,
  { holder, health, remainingMs, ttlMs }: LockFigures,
  report: ReportedHolder | undefined,
  reports: FleetReports,
): LockView {
  const waits = reports.blocked(entry.name);
  const permits = new Set(entry.holders.flatMap(({ slots }) => slots ?? []));
  return {
    name: entry.name,
    kind: lockKindOf(entry, report),
    state: health === "lost" ? "minority" : health,
    holder: holder && { owner: holder.owner ?? report?.owner, id: holder.id },
    holders: entry.holderCount,
    permits: entry.kind === "semaphore" ? permits.size : undefined,
    fence: report?.fence,
    ageMs: report && Math.round(report.heldMs),
    ageSource: report === undefined ? "unknown" : "report",
    ttlMs,
    remainingMs: remainingMs === undefined ? undefined : Math.max(0, Math.round(remainingMs)),
    votes: holder === undefined ? serversWithKeys(entry) : voteCount(entry, holder),
    of: entry.answers.length,
    waiters: entry.line.length,
    callers: waits?.callers ?? 0,
    blocked: waits?.blocked ?? 0,
    deadlock: waits?.deadlock,
    circle: waits?.circle,
  };
}

/** Without a holder on a quorum: on how many servers anybody has the name. */
function serversWithKeys({ answers, holders }: LockEntry): number {
  return answers.filter((_, index) => holders.some(({ remainingMs }) => remainingMs[index] !== undefined))
    .length;
}
