import { shareClass } from "../../base/shared-class.ts";
import type { ExecutionStats } from "./stats.ts";

/** A client refused the operation: when it acquires, because a resource is held; otherwise, because the lock does not hold it. */
export class ResourceLockedError extends Error {
  override readonly name = "ResourceLockedError";
}

/** An operation has no quorum. `attempts` says for each attempt how every client has voted. */
export class ExecutionError extends Error {
  override readonly name = "ExecutionError";
  /** One promise for each attempt, in their order. It resolves when all clients have voted, and never rejects. */
  readonly attempts: ReadonlyArray<Promise<ExecutionStats>>;

  /** `options.cause`: why the first client that did not vote did not, or why the votes did not count. */
  constructor(
    message: string,
    attempts: ReadonlyArray<Promise<ExecutionStats>>,
    options?: { readonly cause?: Error | undefined },
  ) {
    super(message, options?.cause && { cause: options.cause });
    this.attempts = attempts;
  }
}

/** An error of another part of the library, which says "ttl", in the words of this interface. */
export function inWordsOfRedlock(error: Error): Error {
  if (!error.message.includes("ttl")) return error;
  return new Error(error.message.replaceAll("ttl", "duration"), { cause: error });
}

for (const [name, shared] of Object.entries({ ResourceLockedError, ExecutionError }))
  shareClass(`compat.redlock.${name}`, shared);

/** The messages of `redlock` 5, on which code may depend. */
export const MESSAGES = {
  noQuorum: "The operation was unable to achieve a quorum during its retry window.",
  expired: "Cannot extend an already-expired lock.",
  duration: "Duration must be an integer value in milliseconds.",
  noClients: "Redlock must be instantiated with at least one redis client.",
  threshold:
    "A lock `duration` must be at least 100ms greater than the `automaticExtensionThreshold` setting.",
  noRoutine: "INVARIANT: routine is not a function.",
  closed: "Connection is closed.",
  refused: (resources: number): string =>
    `The operation was applied to: 0 of the ${resources} requested resources.`,
} as const;
