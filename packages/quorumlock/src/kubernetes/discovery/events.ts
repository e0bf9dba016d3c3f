import type { DiscoveryError } from "./errors.ts";
import type { MembershipState } from "./membership-follower.ts";

/** Which members decide for a process. */
export interface Membership {
  /** How many sets decide, and whether that is about to change. */
  readonly state: MembershipState;
  /** How many members the present set has. */
  readonly size: number;
  /** How many members the next set has; `undefined` if there is no change. */
  readonly next: number | undefined;
}

/** The events of a discovery. */
export interface DiscoveryEvents {
  /** A member has another address than before. `name`: its label in the events of the client. */
  moved: { readonly name: string; readonly before: string; readonly now: string };
  /** Which members decide has changed, or begins to. */
  membership: Membership;
  /** Something is wrong, and everything stays as it is meanwhile. Once for each message, until it is over. */
  problem: { readonly error: DiscoveryError };
  /** What was wrong is over. */
  "problem:over": { readonly error: DiscoveryError };
}
