import type { InstanceSource } from "../../instances/sources.ts";

/** A client of one server or cluster: of ioredis, of node-redis, another client of the library, or an `Instance`. */
export type RedlockClient = Exclude<InstanceSource, string>;

/** How one client voted. */
export type ClientExecutionResult =
  | { readonly client: RedlockClient; readonly vote: "for"; readonly value: number }
  | { readonly client: RedlockClient; readonly vote: "against"; readonly error: Error };

/** How all clients voted in one attempt. */
export interface ExecutionStats {
  /** The number of clients. */
  readonly membershipSize: number;
  /** How many of them are a quorum: more than half. */
  readonly quorumSize: number;
  /** The clients that carried the operation out. */
  readonly votesFor: Set<RedlockClient>;
  /** The others, and why: a `ResourceLockedError` if the client refused, otherwise why it did not answer. */
  readonly votesAgainst: Map<RedlockClient, Error>;
}

/** The result of an operation that has a quorum. */
export interface ExecutionResult {
  /** One promise for each attempt, in their order. It resolves when all clients have voted, and never rejects. */
  readonly attempts: ReadonlyArray<Promise<ExecutionStats>>;
}
