import { performance } from "node:perf_hooks";
import type { InstanceHealth } from "quorumlock";
import { formatSeconds } from "../../format/duration.ts";
import { safeMessage } from "../../format/safe-message.ts";
import { unreachableFrom } from "../../monitor/reports/unreachable-from.ts";
import type { ConnectedServer, Connection } from "../connect.ts";
import { FleetReports } from "../locks/fleet-reports.ts";
import { callNode, keyNodesOf } from "../server-call.ts";

/** One server as `health --json` prints it. Fields are only ever added. */
export interface ServerHealth {
  readonly label: string;
  readonly state: InstanceHealth["state"];
  /** Whether its grants count now. */
  readonly votes: boolean;
  readonly latencyMs: number | undefined;
  readonly usedBytes: number | undefined;
  /** `undefined` without a limit. */
  readonly limitBytes: number | undefined;
  readonly version: string | undefined;
  /** Its time less that of the median server. */
  readonly clockOffsetMs: number | undefined;
  /** How long it abstains, if that is known. */
  readonly abstainsMs: number | undefined;
  /** Why it is not up. */
  readonly error: string | undefined;
  /** How many processes report that they cannot reach it, and how many report. */
  readonly unreachableFrom: { readonly processes: number; readonly of: number } | undefined;
  /** Everything of this in one line for people. */
  readonly note: string | undefined;
}

/** How many times the latency is measured. */
const PINGS = 3;

/** Checks all servers at the same time. A server that is silent delays it by the time limit of a request. */
export async function readServerHealth(connection: Connection): Promise<readonly ServerHealth[]> {
  const { redlock, servers } = connection;
  const [health, reports] = await Promise.all([redlock.health(), FleetReports.read(redlock)]);
  const latencies = await Promise.all(servers.map((server) => latencyOf(server, connection.timeoutMs)));
  const offsets = health.instances.map(({ clockOffsetMs }) => clockOffsetMs);
  const medianOffset = medianOf(offsets.filter((offset) => offset !== undefined)) ?? 0;
  return health.instances.flatMap((instance, index) => {
    const server = servers[index];
    if (server === undefined) return [];
    const offset = offsets[index];
    const view = {
      label: server.label,
      state: instance.state,
      votes: instance.isVoting,
      latencyMs: roundTenths(latencies[index] ?? instance.latencyMs),
      usedBytes: instance.memoryUsedBytes,
      limitBytes: instance.memoryLimitBytes,
      version: instance.version,
      clockOffsetMs: offset === undefined ? undefined : roundTenths(offset - medianOffset),
      abstainsMs: instance.abstainsMs === undefined ? undefined : Math.round(instance.abstainsMs),
      error: errorOf(server, instance),
      unreachableFrom: unreachableFrom(reports.locks.readings, server.label, instance.runId),
    };
    return { ...view, note: noteOf(view) };
  });
}

/** The connection knows more about a server that is not connected than the library. */
function errorOf(server: ConnectedServer, { error }: InstanceHealth): string | undefined {
  return server.failure() ?? (error === undefined ? undefined : safeMessage(error));
}

function noteOf({
  state,
  abstainsMs,
  error,
  unreachableFrom: away,
}: Omit<ServerHealth, "note">): string | undefined {
  const parts: string[] = [];
  if (state === "quarantined")
    parts.push(
      `${abstainsMs === undefined ? "" : `${formatSeconds(abstainsMs)} left: `}may have forgotten locks`,
    );
  else if (error !== undefined) parts.push(error);
  if (away !== undefined) {
    const processes = `${away.processes} of ${away.of} processes`;
    parts.push(
      state === "no-answer" ? `${processes} cannot reach it, either` : `${processes} cannot reach it`,
    );
  }
  return parts.length === 0 ? undefined : parts.join("; ");
}

/** The median of some round trips. `undefined` if the server does not answer. */
async function latencyOf(server: ConnectedServer, timeoutMs: number): Promise<number | undefined> {
  const [node] = keyNodesOf(server);
  if (node === undefined) return undefined;
  const samples: number[] = [];
  try {
    for (let ping = 0; ping < PINGS; ping += 1) {
      const startedAt = performance.now();
      if ((await callNode(node, timeoutMs, ["PING"])) instanceof Error) return undefined;
      samples.push(performance.now() - startedAt);
    }
  } catch {
    return undefined;
  }
  return medianOf(samples);
}

function medianOf(values: readonly number[]): number | undefined {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)];
}

function roundTenths(value: number | undefined): number | undefined {
  return value === undefined ? undefined : Math.round(value * 10) / 10;
}
