import type { AlertFigures, LossFigures, ServerFigures } from "../../alerts/figures/alert-figures.ts";
import type { MonitorEvent, QuorumView, ServerView } from "../api.ts";
import type { ClassOf } from "../locks/class-rules.ts";
import { type ReportedParts, reportedClasses } from "./reported-classes.ts";

/** What the monitor knows, as far as rules of alerts need it. */
export interface MonitorParts extends ReportedParts {
  readonly servers: readonly ServerView[];
  readonly quorum: QuorumView;
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
    classes: isReported ? reportedClasses(parts) : undefined,
    losses: parts.losses.flatMap((event) => lossOf(event, parts.classOf)),
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

function lossOf({ name, owner, at }: MonitorEvent, classOf: ClassOf): readonly LossFigures[] {
  if (name === undefined) return [];
  return [{ name, owner, at, resource: classOf(name), fence: undefined }];
}
