import type { UnsafeCause } from "../base/events.ts";
import type { ServerReport } from "../operations/identify.ts";

/** The settings of a server that make it lose locks without an error, each with what to do about it (protocol §10). */
export function findMisconfigurations(
  { maxmemoryPolicy, maxmemory, role, mode }: ServerReport,
  isClusterClient: boolean,
): ReadonlyMap<UnsafeCause, string> {
  const found = new Map<UnsafeCause, string>();
  if (maxmemoryPolicy !== "" && maxmemoryPolicy !== "noeviction") {
    const limit = maxmemory > 0 ? `maxmemory is ${maxmemory} bytes` : "maxmemory is not set yet";
    found.set(
      "eviction",
      `its maxmemory-policy is ${maxmemoryPolicy} (${limit}): two clients can hold a lock that the server evicted; ` +
        "set `maxmemory-policy noeviction`",
    );
  }
  if (role !== "" && role !== "master") {
    found.set(
      "replica",
      `it is a replica (role ${role}): it cannot grant locks, and loses some of them when it is promoted; ` +
        "list independent masters only",
    );
  }
  if (mode === "cluster" && !isClusterClient) {
    found.set(
      "cluster",
      "it is one node of a cluster behind a client for single servers: it refuses the keys of other nodes; " +
        "use the cluster client of your library",
    );
  }
  return found;
}
