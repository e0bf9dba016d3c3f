import { assert } from "../base/assert.ts";
import type { UnsafeCause } from "../base/events.ts";
import type { ServerReport } from "../operations/identify.ts";
import { lossAgeMs, memoryOf, type ServerMemory, UNTRACKED } from "./server-memory.ts";

/**
 * Since when a server keeps the locks that it granted, and how that is known.
 *
 * - `started`: the first server at this address, as far as this client knows. It reported its uptime.
 * - `restarted`: another process than before, which started after the connection broke.
 * - `replaced`: another server, which ran before the connection broke. It never knew the former server's locks.
 * - `undisclosed`: the server refused to report its uptime and its run id, or does not have them. It counts as just started.
 */
type ServerStart =
  | { readonly kind: "started" | "restarted"; readonly startedAt: number }
  | { readonly kind: "replaced"; readonly startedAt: number; readonly runId: string }
  | { readonly kind: "undisclosed"; readonly startedAt: number; readonly error: Error };

/**
 * A moment at which a server may have lost locks: its start, or `emptied`, at which it had no data although other servers of the
 * set had. It lost everything without a restart, or it is new in the set.
 */
export type ServerLoss = ServerStart | { readonly kind: "emptied"; readonly startedAt: number };

/**
 * Whether the server writes each change to disk before it answers.
 *
 * - `unknown`: it keeps an append-only file; how often it writes is not known.
 * - `requested`: as `unknown`, and the request for the setting is in flight.
 * - `durable`: `appendonly yes` and `appendfsync always`.
 * - `volatile`: any other setting, or no answer.
 */
export type Durability = "unknown" | "requested" | "durable" | "volatile";

/** The known facts about the server behind a member. Immutable: each change makes a new object. */
export interface ServerFacts {
  /**
   * When the server of the current connection got its identity request, by the monotonic clock. Every later request
   * reached the same server. `undefined` until it has reported its identity, or refused to.
   */
  readonly requestedAt: number | undefined;
  /** The latest report; `undefined` if the latest server refused to report. */
  readonly report: ServerReport | undefined;
  /** `undefined` until the first server was identified. */
  readonly start: ServerStart | undefined;
  /** Whether the server may have read all locks of the process before it from disk. */
  readonly mayHaveRestored: boolean;
  readonly durability: Durability;
  /** `undefined` until the first server was identified. */
  readonly memory: ServerMemory | undefined;
  /** When the server last was without any data, by the monotonic clock; `undefined` if that is not known, or before a first use. */
  readonly emptiedAt: number | undefined;
  /** When the latest connection broke, by the monotonic clock. */
  readonly disconnectedAt: number | undefined;
  /** The problems of the server's configuration, in the order in which they were found. */
  readonly misconfigurations: ReadonlyMap<UnsafeCause, string>;
}

export const NO_FACTS: ServerFacts = {
  requestedAt: undefined,
  report: undefined,
  start: undefined,
  mayHaveRestored: true,
  durability: "unknown",
  memory: undefined,
  emptiedAt: undefined,
  disconnectedAt: undefined,
  misconfigurations: new Map(),
};

/** The connection broke. The next one may lead to another server. */
export function afterDisconnect(facts: ServerFacts, now: number): ServerFacts {
  return { ...facts, requestedAt: undefined, disconnectedAt: now };
}

/** The server reported its identity; the request was sent at `requestedAt`. */
export function afterReport(
  facts: ServerFacts,
  report: ServerReport,
  requestedAt: number,
  now: number,
): ServerFacts {
  const isSameProcess = report.runId === "" ? isUndisclosed(facts) : facts.report?.runId === report.runId;
  assert(!isSameProcess || facts.start !== undefined, "a server that reported before has a start");
  const start = isSameProcess ? facts.start : startOf(facts, report, now);
  const identified: ServerFacts = {
    ...facts,
    requestedAt,
    report,
    start,
    mayHaveRestored: isSameProcess ? facts.mayHaveRestored : mayHaveRestored(facts, start),
    durability: durabilityOf(facts, report, isSameProcess),
    memory: isSameProcess ? facts.memory : undefined,
    emptiedAt: isSameProcess ? facts.emptiedAt : undefined,
  };
  if (report.marker === undefined) return { ...identified, memory: UNTRACKED };
  const { marker, timeMs } = report;
  const known = afterMarker(identified, marker, timeMs, requestedAt, now);
  // The marker cannot be compared with the process, except that it is still the process of an earlier report.
  return report.runId === "" && !isSameProcess && known.memory?.state === "complete"
    ? { ...known, memory: { state: "older", marker } }
    : known;
}

/** The server has this marker; the request for it was sent at `requestedAt`, and it was read at `serverTimeMs` of its own clock. */
export function afterMarker(
  facts: ServerFacts,
  marker: string,
  serverTimeMs: number,
  requestedAt: number,
  now: number,
): ServerFacts {
  const { report, memory: before } = facts;
  assert(report !== undefined, "a server with a marker has reported its identity");
  const memory = memoryOf(marker, report, requestedAt);
  if (before?.state === "older" && before.marker === marker) return facts;
  const isUnchanged = before?.state === "complete" && memory.state === "complete" && before.marker === marker;
  if (isUnchanged) return facts;
  const hasVanished = memory.state === "missing" && before !== undefined && before.state !== "missing";
  const ageMs = hasVanished ? 0 : lossAgeMs(marker, serverTimeMs);
  const emptiedAt =
    ageMs === undefined ? facts.emptiedAt : Math.max(facts.emptiedAt ?? -Infinity, now - ageMs);
  // A step towards a complete memory goes on as long as the memory is the same object.
  const isSame = before?.state === memory.state && "marker" in before && before.marker === marker;
  return { ...facts, memory: isSame ? before : memory, emptiedAt };
}

/** The server has neither a counter nor a marker any more, so it lost everything without a restart, not later than `now`. */
export function afterLoss(facts: ServerFacts, now: number): ServerFacts {
  return { ...facts, memory: { state: "missing", marker: "" }, emptiedAt: now };
}

/** The server refused to report its identity; the request was sent at `requestedAt`. */
export function afterRefusal(
  facts: ServerFacts,
  error: Error,
  requestedAt: number,
  now: number,
): ServerFacts {
  return {
    ...facts,
    requestedAt,
    report: undefined,
    start: isUndisclosed(facts) ? facts.start : { kind: "undisclosed", startedAt: now, error },
    mayHaveRestored: false,
    durability: "volatile",
    memory: UNTRACKED,
  };
}

/**
 * What an error says about the latest moment at which the server may have lost locks: its start, or a later loss of all data. The
 * quarantine follows the exact moments.
 */
export function latestLoss(facts: ServerFacts): ServerLoss | undefined {
  const { start, emptiedAt } = facts;
  if (start === undefined || emptiedAt === undefined) return start;
  const emptied = { kind: "emptied", startedAt: emptiedAt } as const;
  if (hasRestored(facts)) return emptied;
  // A client that finds a server empty after its restart notes that with an error of its own.
  return emptiedAt > start.startedAt + MAX_NOTE_DELAY_MS ? emptied : start;
}

/** Whether the server has read everything that the process before it had. */
export function hasRestored(facts: ServerFacts): boolean {
  return facts.mayHaveRestored && facts.durability === "durable";
}

/**
 * When a server without its marker lost it, by the monotonic clock. `undefined` if that is not known: the server has run for longer
 * than the window, so it may have been emptied at any moment since.
 */
export function lossOfMarkerAt(facts: ServerFacts, windowMs: number, now: number): number | undefined {
  const { start, emptiedAt } = facts;
  if (emptiedAt !== undefined) return emptiedAt;
  if (start === undefined) return undefined;
  return start.kind !== "started" || now - start.startedAt < windowMs ? start.startedAt : undefined;
}

/** Whether the server of this connection has refused to report itself before. On one connection, it is still the same process. */
function isUndisclosed({ requestedAt, start }: ServerFacts): boolean {
  return requestedAt !== undefined && start?.kind === "undisclosed";
}

/** The largest error of the age of a loss by a restart, in ms: uptimes are whole seconds. */
const MAX_NOTE_DELAY_MS = 2_000;

function startOf(
  { report: before, disconnectedAt }: ServerFacts,
  report: ServerReport,
  now: number,
): ServerStart {
  const { runId, uptimeMs, refusal } = report;
  // Some managed services answer INFO without a run id.
  if (runId === "")
    return { kind: "undisclosed", startedAt: now, error: new Error(refusal || "INFO has no run_id") };
  if (before === undefined || before.runId === "") return { kind: "started", startedAt: now - uptimeMs };
  const wasRunning = uptimeMs > 0 && uptimeMs >= now - (disconnectedAt ?? -Infinity);
  if (wasRunning) return { kind: "replaced", startedAt: now, runId };
  return { kind: "restarted", startedAt: now - uptimeMs };
}

/**
 * The new process cannot read what the former one did not write. If this client never identified the former one, it may
 * have written everything. A server that does not say which process it is can be another one, without the data of the former one.
 */
function mayHaveRestored(facts: ServerFacts, start: ServerStart | undefined): boolean {
  const hasWrittenAll = facts.start === undefined || facts.durability === "durable";
  return hasWrittenAll && start?.kind !== "replaced" && start?.kind !== "undisclosed";
}

/** After each report the setting is requested again, unless this process is known to be durable: a reply may have been lost. */
function durabilityOf(facts: ServerFacts, report: ServerReport, isSameProcess: boolean): Durability {
  if (!report.appendOnly) return "volatile";
  return isSameProcess && facts.durability === "durable" ? "durable" : "unknown";
}
