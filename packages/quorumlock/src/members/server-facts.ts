import { assert } from "../base/assert.ts";
import type { UnsafeCause } from "../base/events.ts";
import type { ServerReport } from "../operations/identify.ts";

/**
 * Since when a server keeps the locks that it granted, and how that is known.
 *
 * - `started`: the first server at this address, as far as this client knows. It reported its uptime.
 * - `restarted`: another process than before, which started after the connection broke.
 * - `replaced`: another server, which ran before the connection broke. It never knew the former server's locks.
 * - `undisclosed`: the server refused to report its uptime. It counts as just started.
 */
export type ServerStart =
  | { readonly kind: "started" | "restarted"; readonly startedAt: number }
  | { readonly kind: "replaced"; readonly startedAt: number; readonly runId: string }
  | { readonly kind: "undisclosed"; readonly startedAt: number; readonly error: Error };

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
  const isSameProcess = report.runId !== "" && facts.report?.runId === report.runId;
  assert(!isSameProcess || facts.start !== undefined, "a server that reported before has a start");
  const start = isSameProcess ? facts.start : startOf(facts, report, now);
  return {
    ...facts,
    requestedAt,
    report,
    start,
    mayHaveRestored: isSameProcess ? facts.mayHaveRestored : mayHaveRestored(facts, start),
    durability: durabilityOf(facts, report, isSameProcess),
  };
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
    start: { kind: "undisclosed", startedAt: now, error },
    mayHaveRestored: false,
    durability: "volatile",
  };
}

function startOf(
  { report: before, disconnectedAt }: ServerFacts,
  report: ServerReport,
  now: number,
): ServerStart {
  const { runId, uptimeMs } = report;
  if (before === undefined || before.runId === "") return { kind: "started", startedAt: now - uptimeMs };
  const wasRunning = uptimeMs > 0 && uptimeMs >= now - (disconnectedAt ?? -Infinity);
  if (wasRunning) return { kind: "replaced", startedAt: now, runId };
  return { kind: "restarted", startedAt: now - uptimeMs };
}

/**
 * The new process cannot read what the former one did not write. If this client never identified the former one, it may
 * have written everything.
 */
function mayHaveRestored(facts: ServerFacts, start: ServerStart | undefined): boolean {
  const hasWrittenAll = facts.start === undefined || facts.durability === "durable";
  return hasWrittenAll && start?.kind !== "replaced";
}

/** After each report the setting is requested again, unless this process is known to be durable: a reply may have been lost. */
function durabilityOf(facts: ServerFacts, report: ServerReport, isSameProcess: boolean): Durability {
  if (!report.appendOnly) return "volatile";
  return isSameProcess && facts.durability === "durable" ? "durable" : "unknown";
}
