import type { Lock, LockDescription } from "quorumlock";
import type { Mode } from "../library.ts";
import type { Host } from "../world/host.ts";

/** The invariants. README.md describes each. */
export type Invariant =
  | "exclusion"
  | "slots"
  | "quota"
  | "signal"
  | "fences"
  | "renewal"
  | "leftovers"
  | "liveness"
  | "order"
  | "requests"
  | "release"
  | "history"
  | "records"
  | "membership"
  | "events"
  | "errors";

export interface Violation {
  readonly invariant: Invariant;
  /** Real time in ms. */
  readonly at: number;
  readonly what: string;
}

/** One call that acquires a lock. */
export interface Attempt {
  readonly client: number;
  readonly worker: number;
  readonly names: readonly string[];
  /** The mode of each name. A plain lock is X. */
  readonly modes: readonly Mode[];
  /** Whether it stands in an enforced line while it waits. A plain lock does not. */
  readonly hasPlace: boolean;
  readonly startedAt: number;
  /** Whether the caller waits without a limit, so that it must get the lock. */
  readonly waitsForever: boolean;
  readonly permits: Permits;
  /** How many locks its tenant may hold. `undefined` if it is not a lock of a tenant. */
  readonly limit?: number | undefined;
}

/** How many permits an attempt wants, 0 if it is not for a semaphore, and how many the semaphore has. */
export interface Permits {
  readonly wanted: number;
  readonly total: number;
}

/** A lock that a caller got. */
export interface Grant extends Attempt {
  readonly lock: Lock;
  /** The slots of a semaphore. */
  readonly slots: readonly number[];
  readonly host: Host;
  readonly grantedAt: number;
  /** From when on the holder does not rely on the lock. `Infinity` before that. */
  releasedAt: number;
}

/** A lock that a caller has detached, and that another client may attach. */
export interface Transfer {
  /** The grant that has ended. */
  readonly from: Grant;
  readonly description: LockDescription;
}

export interface AttachAttempt {
  readonly transfer: Transfer;
  readonly client: number;
  readonly worker: number;
  readonly startedAt: number;
}

/**
 * What a release reported. `held`: the lock was held until then. `ended`: it had ended before. `unconfirmed`: no quorum
 * replied. `unreported`: the call reports nothing.
 */
export type ReleaseEnd = "held" | "ended" | "unconfirmed" | "unreported";

export interface ExtensionAttempt {
  readonly grant: Grant;
  readonly startedAt: number;
  /** The validity of the new lease, in ms of the holder's clock. */
  readonly sureMs: number;
}
