import type {
  AlertFigures,
  ClassFigures,
  LossFigures,
  NamedLock,
  ServerFigures,
} from "../../alerts/figures/alert-figures.ts";
import type { LockRow, MonitorEvent, QuorumView, ServerView } from "../api.ts";
import { resourceClassOf } from "../reports/class-of.ts";
import type { ReportReading } from "../reports/report-reading.ts";
import { type Counts, noCounts } from "../reports/sliding-counts.ts";

/** What the monitor knows, as far as rules of alerts need it. */
export interface MonitorParts {
  readonly servers: readonly ServerView[];
  readonly quorum: QuorumView;
  readonly readings: readonly ReportReading[];
  /** Counts of each class since the monitor started. */
  readonly totals: ReadonlyMap<string, Readonly<Counts>>;
  /** The locks that block most callers first. */
  readonly rows: readonly LockRow[];
  /** Events of lost locks of the last 15 minutes. */
  readonly losses: readonly MonitorEvent[];
  /** Whether a process has reported since the monitor started. */
  readonly hasReports: boolean;
}

/** The figures of all processes and of the servers, as the monitor sees them. */
export function monitorFigures(parts: MonitorParts): AlertFigures {
  const { servers, quorum, readings, hasReports } = parts;
  const isKnown = servers.every(({ state }) => state !== "unknown");
  const isReported = readings.length > 0;
  return {
    // Without any server there are no reports either, and `quorum_lost` says more.
    hasData: isReported || !hasReports || quorum.voting === 0,
    quorum: isKnown
      ? { voting: quorum.voting, configured: quorum.configured, required: quorum.quorum }
      : undefined,
    servers: isKnown ? servers.map(serverOf) : undefined,
    classes: isReported ? classesOf(parts) : undefined,
    losses: parts.losses.flatMap(lossOf),
  };
}

/** A server that most processes cannot reach counts as down. */
function serverOf(server: ServerView): ServerFigures {
  const { label, state, votes, sinceAt, abstainsMs, clockOffsetMs, usedBytes, limitBytes, unreachableFrom } =
    server;
  const isAnswering = state !== "no-answer" && state !== "refused";
  const isUnreachable = unreachableFrom !== undefined && unreachableFrom.processes > unreachableFrom.of / 2;
  const message = isUnreachable
    ? `${unreachableFrom.processes} of ${unreachableFrom.of} processes cannot reach it`
    : server.message;
  return {
    label,
    isAnswering: isAnswering && !isUnreachable,
    isVoting: votes,
    message,
    silentMs: isAnswering ? undefined : Date.now() - sinceAt,
    abstainsMs,
    unsafe: server.unsafe ?? [],
    clockOffsetMs,
    usedBytes,
    limitBytes,
  };
}

interface ClassState {
  active: number;
  waiters: number;
  oldestWaitMs: number;
  longestHoldMs: number;
}

function classesOf({ readings, totals, rows }: MonitorParts): readonly ClassFigures[] {
  const states = statesOf(readings);
  const longestHeld = longestHeldOf(readings);
  const blocking = new Map<string, NonNullable<ClassFigures["blocking"]>>();
  for (const { class: resource, name, holder, blocked } of rows)
    if (blocked > 0 && !blocking.has(resource))
      blocking.set(resource, { name, owner: holder?.owner, callers: blocked });
  return [...new Set([...states.keys(), ...totals.keys()])].map((resource) => {
    const state = states.get(resource);
    return {
      resource,
      counts: totals.get(resource) ?? noCounts(),
      active: state?.active ?? 0,
      waiters: state?.waiters ?? 0,
      oldestWaitMs: state?.oldestWaitMs ?? 0,
      longestHoldMs: state?.longestHoldMs ?? 0,
      blocking: blocking.get(resource),
      longestHeld: longestHeld.get(resource),
    };
  });
}

function statesOf(readings: readonly ReportReading[]): ReadonlyMap<string, ClassState> {
  const states = new Map<string, ClassState>();
  for (const { report, ageMs } of readings) {
    for (const { resource, active, waiters, oldestWaitMs, longestHoldMs } of report.classes) {
      const known = states.get(resource);
      const state = known ?? { active: 0, waiters: 0, oldestWaitMs: 0, longestHoldMs: 0 };
      state.active += active;
      state.waiters += waiters;
      // What lasted at the moment of the report is older now.
      if (oldestWaitMs > 0) state.oldestWaitMs = Math.max(state.oldestWaitMs, oldestWaitMs + ageMs);
      if (longestHoldMs > 0) state.longestHoldMs = Math.max(state.longestHoldMs, longestHoldMs + ageMs);
      if (known === undefined) states.set(resource, state);
    }
  }
  return states;
}

function longestHeldOf(readings: readonly ReportReading[]): ReadonlyMap<string, NamedLock> {
  const found = new Map<string, NamedLock & { readonly heldMs: number }>();
  for (const { report, ageMs } of readings) {
    for (const { names, durationMs } of report.holds) {
      const [name] = names;
      if (name === undefined) continue;
      const heldMs = durationMs + ageMs;
      const resource = resourceClassOf(name);
      if (heldMs > (found.get(resource)?.heldMs ?? 0))
        found.set(resource, { name, owner: report.process.owner, heldMs });
    }
  }
  return found;
}

function lossOf({ name, owner, at }: MonitorEvent): readonly LossFigures[] {
  if (name === undefined) return [];
  return [{ name, owner, at, resource: resourceClassOf(name), fence: undefined }];
}
