import type { ServerReport } from "../operations/identify.ts";
import { parseMarker } from "../operations/marker.ts";

/**
 * Whether a server still has every fencing counter that it ever had (protocol §10). `marker`: the text of its marker.
 *
 * - `complete`: it has them, since `since` by the monotonic clock. A missing counter begins at `floor`.
 * - `older`: its data comes from a file or from another server, so counters may be older.
 * - `lost`: it lost counters and locks, and noted that.
 * - `missing`: it has no marker. It was never used, or it has lost everything.
 * - `untracked`: it is a node of a cluster behind a client for single servers, so it may not have the slot of the marker. Or it
 *   refuses the script that reads it.
 */
export type ServerMemory =
  | { readonly state: "complete"; readonly marker: string; readonly since: number; readonly floor: number }
  | { readonly state: "older" | "lost" | "missing"; readonly marker: string }
  | { readonly state: "untracked" };

export const UNTRACKED: ServerMemory = { state: "untracked" };

/** The memory of a server with this marker, read at `now` or later. */
export function memoryOf(
  marker: string,
  { runId, replicationId, formerReplicationId }: ServerReport,
  now: number,
): ServerMemory {
  const parsed = parseMarker(marker);
  if (parsed.state !== "complete") return { state: parsed.state, marker };
  // A server that replicated another one has that one's data. A server that gets its first replica also has another replication id,
  // but no former one.
  const wasReplica = replicationId !== parsed.replicationId && /[1-9a-f]/.test(formerReplicationId);
  if (parsed.runId !== runId || wasReplica) return { state: "older", marker };
  return { state: "complete", marker, since: now, floor: parsed.floor };
}

/** How many ms ago the server lost memory, by its own clock; `undefined` if its marker does not say that. */
export function lossAgeMs(marker: string, serverTimeMs: number): number | undefined {
  const parsed = parseMarker(marker);
  return parsed.state === "lost" ? Math.max(0, serverTimeMs - parsed.atMs) : undefined;
}
