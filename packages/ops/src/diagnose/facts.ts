import type { Health, InstanceHealth } from "quorumlock";
import type { UsedSets } from "quorumlock/operator";
import type { FleetReports } from "../cli/locks/fleet-reports.ts";
import type { LockReading } from "../cli/locks/lock-reading.ts";
import type { ClassOf } from "../monitor/locks/class-rules.ts";
import type { ServerInfo } from "../monitor/servers/server-info.ts";

/** Everything that the checks look at. It is gathered once. */
export interface Facts {
  readonly quorum: number;
  readonly prefix: string;
  /** In the order of the configuration. */
  readonly servers: readonly ServerFacts[];
  /** What the library says about its servers. */
  readonly health: Health;
  readonly locks: LockFacts;
  readonly reports: FleetReports;
  /** The sets of servers that clients noted on the servers. */
  readonly sets: UsedSets;
  /** From the name of a lock to its class, as the processes report it. */
  readonly classOf: ClassOf;
  /** The default ttl of the configuration, ms. */
  readonly ttlMs: number;
  /** The lock that the diagnosis is about. `undefined`: all. */
  readonly name: string | undefined;
  /** When the facts were gathered. Epoch milliseconds. */
  readonly now: number;
}

/**
 * How the connection to a server ended up:
 *
 * - `connected`: the server accepts requests.
 * - `refused`: it is a Redis that answers with an error, such as a wrong password.
 * - `foreign`: something answers, and it is no Redis, or it speaks TLS where none is configured, or the other way round.
 * - `silent`: it accepts connections and does not answer.
 * - `unreachable`: no connection.
 */
export type Contact =
  | { readonly state: "connected" }
  | { readonly state: "refused" | "silent" | "unreachable"; readonly message: string }
  | { readonly state: "foreign"; readonly message: string; readonly remedy: string };

export interface ServerFacts {
  readonly label: string;
  /** The ACL user. */
  readonly user: string;
  readonly isCluster: boolean;
  readonly contact: Contact;
  readonly health: InstanceHealth | undefined;
  /** Itself; or the masters of a Redis Cluster, as far as they answered. Empty if it is not connected. */
  readonly nodes: readonly NodeFacts[];
  /** The labels of masters of a Redis Cluster that did not answer, while others did. */
  readonly silentNodes: readonly string[];
}

/** One process. What it did not tell is `undefined`. */
export interface NodeFacts {
  /** `host:port` of a node of a cluster; otherwise the label of the server. */
  readonly label: string;
  /** How `redis-cli` reaches it, without user and password. */
  readonly cli: string;
  readonly info: ServerInfo | undefined;
  /** Round trips of PING, ms. */
  readonly latenciesMs: readonly number[];
  /** Its time less that of this process, ms. */
  readonly clockLeadMs: number | undefined;
  /** `always`, `everysec` or `no`. */
  readonly appendFsync: string | undefined;
  /** What SLOWLOG has of the last minutes. */
  readonly slowCommands: readonly SlowCommand[] | undefined;
  /** What the user lacks there. Each node of a cluster has users of its own. `undefined` if the node cannot tell. */
  readonly missingRights: readonly MissingRight[] | undefined;
}

export interface SlowCommand {
  readonly name: string;
  readonly tookMs: number;
}

/** A right that the user lacks, as ACL SETUSER wants it: `+get`, `~lock:*` or `&lock:*`. */
export interface MissingRight {
  readonly rule: string;
  /** Whether no lock works without it. */
  readonly isRequired: boolean;
}

export interface LockFacts {
  /** Locks in which a check may find something; those that are as they should be are not kept. Read twice. */
  readonly suspicious: readonly LockReading[];
  /** How many more locks were read whose holder does not report, and nothing else is wrong with them. */
  readonly moreUnreported: number;
  /** How many names were read. */
  readonly read: number;
  /** Whether all names on all servers were read. */
  readonly isComplete: boolean;
  /** Whether every lock was read that is on a quorum. Servers that are away do not matter, while enough others were read. */
  readonly hasAllHeld: boolean;
  /** The servers that were not scanned to the end. */
  readonly unscanned: readonly string[];
}
