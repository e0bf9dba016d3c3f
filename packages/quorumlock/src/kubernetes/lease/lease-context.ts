import type { Clock } from "../../base/clock.ts";
import type { Deadlines } from "../../base/deadlines.ts";
import { type Holder, type InstanceFailure, LockTimeoutError, QuorumError } from "../../base/errors.ts";
import type { Events } from "../../base/events.ts";
import { processWide } from "../../base/process-wide.ts";
import { ownerOf } from "../../base/token.ts";
import type { ApiFailure } from "./api-failure.ts";
import type { CallerQueue } from "./caller-queue.ts";
import type { ResolvedLeaseOptions } from "./lease-options.ts";
import type { LeaseRequests } from "./lease-requests.ts";
import type { Observation } from "./observation.ts";

/** The label of the API server in errors. */
const API_SERVER = "the API server";

/** The tokens of the lease locks that this process holds. */
export const heldTokens = processWide("heldLeaseTokens", () => new Set<string>());

/** What the acquisitions and the locks of one lease lock share. */
export interface LeaseContext {
  readonly names: readonly string[];
  readonly options: ResolvedLeaseOptions;
  readonly clock: Clock;
  readonly deadlines: Deadlines;
  readonly events: Events;
  readonly requests: LeaseRequests;
  readonly observation: Observation;
  readonly queue: CallerQueue;
  /** Called when the clock was read late, for example after the machine has slept. */
  readonly clockListeners: Set<() => void>;
  /** Keeps the process running until `endWait`. */
  readonly beginWait: () => void;
  readonly endWait: () => void;
}

/** The holder that this process has seen. `undefined` if the Lease was free, or was never seen. */
export function holderOf({ observation }: LeaseContext): Holder | undefined {
  const token = observation.record?.holder ?? "";
  if (token === "") return undefined;
  const remaining = Math.max(0, observation.remainingMs());
  return { owner: ownerOf(token), token, remaining, thisProcess: heldTokens.has(token) };
}

export function timeoutError(context: LeaseContext, waitedMs: number): LockTimeoutError {
  const holder = holderOf(context);
  return new LockTimeoutError(context.names, waitedMs, holder, [], "acquired", holder !== undefined);
}

/** Too few instances answered: there is one, and it is the API server. */
export function apiError(context: LeaseContext, what: string, failure: ApiFailure | undefined): QuorumError {
  const failures: readonly InstanceFailure[] =
    failure === undefined ? [] : [{ instance: API_SERVER, error: failure.error }];
  return new QuorumError(context.names, what, failures);
}
