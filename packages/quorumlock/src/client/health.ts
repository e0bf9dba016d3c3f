import type { InstanceError } from "../base/errors.ts";
import type { InstanceState, UnsafeCause } from "../base/events.ts";

/** One instance, as a health check found it. What is not known is `undefined`. */
export interface InstanceHealth {
  /** Its label in errors and events. */
  readonly instance: string;
  /** Where the client looks for it: the label, or the address to which the resolver moved it. */
  readonly address: string;
  /** What the check found out. */
  readonly state: InstanceState;
  /** Whether its grants count now. An `unsafe` instance votes unless `strict` is set, or it is the same server as another one. */
  readonly isVoting: boolean;
  /** Why it is not `up`, and what to do. */
  readonly error: InstanceError | undefined;
  /** Why it may lose locks or grant them twice. Usually empty. */
  readonly unsafe: readonly UnsafeCause[];
  /** How long it abstains, in ms. `undefined` if it does not, or if the end is not known. */
  readonly abstainsMs: number | undefined;
  /** How long the check took, in ms. `undefined` if the instance did not answer it. */
  readonly latencyMs: number | undefined;
  /** How long it has not answered, in ms. `undefined` if it answers. */
  readonly silentMs: number | undefined;
  /** The `run_id` of the server. */
  readonly runId: string | undefined;
  /** How often this client has seen another `run_id` than before: restarts, and moves to another server. */
  readonly restarts: number;
  /** Such as "7.0.15" or "valkey 8.1.0". */
  readonly version: string | undefined;
  /** "master" or "slave". */
  readonly role: string | undefined;
  /** The time of the server less the time of this process, in ms. The error is at most half of `latencyMs`. */
  readonly clockOffsetMs: number | undefined;
  /** The memory that the server uses, in bytes. */
  readonly memoryUsedBytes: number | undefined;
  /** Its `maxmemory`, in bytes. `undefined` if it has no limit. */
  readonly memoryLimitBytes: number | undefined;
  /** Its `maxmemory-policy`. Every other policy than `noeviction` can lose locks. */
  readonly evictionPolicy: string | undefined;
}

/** How many of a set of instances can vote. */
export interface VotingCount {
  /** How many instances the set has. */
  readonly configured: number;
  /** How many are needed: a majority of the configured ones, however many of them are healthy. */
  readonly quorum: number;
  /** How many can vote now. */
  readonly voting: number;
}

/** The instances of a client, as a health check found them. */
export interface Health extends VotingCount {
  /** Whether a quorum can vote now, so that a free lock would be granted. During a change of the instances, of both sets. */
  readonly canLock: boolean;
  /** The set that replaces the present one. Only during a change of the instances. */
  readonly next: VotingCount | undefined;
  /** Each instance of the present and of the next set, in the order of the configuration. */
  readonly instances: readonly InstanceHealth[];
}
