import { FleetReports } from "../../cli/locks/fleet-reports.ts";
import type { Connection } from "../../cli/connect.ts";
import { readUsedSets } from "quorumlock/operator";
import type { ClassOf } from "../../monitor/locks/class-rules.ts";
import { lockContextOf } from "../checks/all-checks.ts";
import type { Facts } from "../facts.ts";
import { gatherLocks } from "./locks.ts";
import { gatherServer } from "./server.ts";

export interface GatherOptions {
  readonly prefix: string;
  readonly ttlMs: number;
  readonly classOf: ClassOf;
  readonly name: string | undefined;
  /** How long all names together may be read, ms. */
  readonly scanMs: number;
  readonly signal: AbortSignal;
}

/**
 * Gathers everything that the checks look at. A server that hangs delays it by a few time limits, and the facts are those of the others.
 * @throws the reason of the signal.
 */
export async function gatherFacts(connection: Connection, options: GatherOptions): Promise<Facts> {
  const { redlock, servers, quorum, timeoutMs } = connection;
  const { prefix, name, classOf, signal } = options;
  const [health, reports] = await Promise.all([redlock.health(), FleetReports.read(redlock)]);
  signal.throwIfAborted();
  const context = lockContextOf({ quorum, servers, reports, classOf });
  const gatherServers = Promise.all(
    servers.map((server, index) =>
      gatherServer(server, health.instances[index], { prefix, timeoutMs, signal }),
    ),
  );
  const [serverFacts, locks, sets] = await Promise.all([
    gatherServers,
    gatherLocks(connection, reports, context, options),
    readUsedSets(redlock),
  ]);
  signal.throwIfAborted();
  return {
    quorum,
    prefix,
    servers: serverFacts,
    health,
    locks,
    reports,
    sets,
    classOf,
    ttlMs: options.ttlMs,
    name,
    now: Date.now(),
  };
}
