import type { Health, InstanceHealth } from "quorumlock";
import type { ServerState, ServerView } from "../api.ts";
import type { ServerProbe } from "./server-probe.ts";

/** A server is slow if at least two of its last 60 probes took longer. A single one can be the fault of this process. */
const SLOW_MS = 50;
const MIN_SLOW_PROBES = 2;

/** The latest result of the library's own check. */
export interface ReadHealth {
  readonly health: Health;
  readonly ageMs: number;
}

/** How many processes say that a server is down for them. */
export type UnreachableFrom = (server: Pick<ServerView, "label" | "runId">) => ServerView["unreachableFrom"];

/** Joins what the probes found with what the library says about each server. `sinceAt` is filled in by the caller. */
export function serverViews(
  probes: readonly ServerProbe[],
  read: ReadHealth | undefined,
  unreachableFrom: UnreachableFrom,
): readonly Omit<ServerView, "sinceAt">[] {
  const medianLead = medianOf(probes.flatMap(({ timeLeadMs }) => timeLeadMs ?? []));
  return probes.map((probe, index) => {
    const known = read?.health.instances[index];
    const state = stateOf(probe, known);
    const isAnswering = probe.state === "answered";
    const { info, latencies, timeLeadMs } = probe;
    const abstainsMs = isAnswering ? known?.abstainsMs : undefined;
    return {
      label: probe.label,
      state,
      votes: isAnswering && known?.isVoting === true,
      message: messageOf(probe, known),
      abstainsMs: abstainsMs === undefined ? undefined : Math.max(0, abstainsMs - (read?.ageMs ?? 0)),
      latencyMs: latencies.median,
      latencyP99Ms: latencies.quantile(0.99),
      clockOffsetMs:
        timeLeadMs === undefined || medianLead === undefined ? undefined : timeLeadMs - medianLead,
      usedBytes: info?.usedBytes,
      limitBytes: info?.limitBytes,
      version: info?.version,
      role: info?.role,
      evictionPolicy: info?.evictionPolicy,
      runId: info?.runId,
      restarts: Math.max(probe.restarts, known?.restarts ?? 0),
      unsafe: isAnswering ? known?.unsafe : undefined,
      unreachableFrom: unreachableFrom({ label: probe.label, runId: info?.runId }),
    };
  });
}

function stateOf(probe: ServerProbe, known: InstanceHealth | undefined): ServerState {
  if (probe.state !== "answered") return probe.state;
  if (known === undefined) return "unknown";
  if (known.state !== "up") return known.state;
  return probe.latencies.countAbove(SLOW_MS) >= MIN_SLOW_PROBES ? "slow" : "up";
}

function messageOf(probe: ServerProbe, known: InstanceHealth | undefined): string | undefined {
  if (probe.state !== "answered") return probe.message;
  return known?.error?.message.replace(/\s+/g, " ");
}

function medianOf(values: readonly number[]): number | undefined {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)];
}
