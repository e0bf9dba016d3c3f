import type { UnsafeCause } from "../base/events.ts";
import type { ServerReport } from "../operations/identify.ts";

/** What breaks locks silently at a server, as far as it tells: each cause with what to do about it (protocol §10). */
export function findMisconfigurations(
  { maxmemoryPolicy, maxmemory, role, mode }: ServerReport,
  clustered: boolean,
): ReadonlyMap<UnsafeCause, string> {
  const found = new Map<UnsafeCause, string>();
  if (maxmemoryPolicy !== "" && maxmemoryPolicy !== "noeviction") {
    const limit = maxmemory > 0 ? `maxmemory is ${maxmemory} bytes` : "maxmemory is not set, so far";
    found.set(
      "eviction",
      `its maxmemory-policy is ${maxmemoryPolicy} (${limit}): a lock that is evicted can be held by two; set maxmemory-policy noeviction`,
    );
  }
  if (role !== "" && role !== "master") {
    found.set(
      "replica",
      `it is a replica (role ${role}): it takes no locks, and forgets some when it is promoted; list independent masters only`,
    );
  }
  if (mode === "cluster" && !clustered) {
    found.set(
      "cluster",
      "it is one node of a cluster behind a client for single servers: keys of other nodes are refused; use the cluster client of your library",
    );
  }
  return found;
}
